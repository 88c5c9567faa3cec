"""The tables of what agents say among themselves: who was named in a note, which answers failed."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class MentionRow(Model):
    """Somebody was named in a note."""

    __tablename__ = "mentions"
    __table_args__ = (Index(None, "agent_id", "at_ms"),)

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    #: Of the note.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Who was named.
    agent_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at_ms: Mapped[int]
    from_id: Mapped[str] = mapped_column(String(64))
    from_name: Mapped[str] = mapped_column(String(200))
    #: How the note begins.
    text: Mapped[str] = mapped_column(Text)
    #: When they looked at the conversation; None: not yet.
    seen_ms: Mapped[int | None]


class AnswerMarkRow(Model):
    """The last mark on a turn: the maintainers' list of answers to look into."""

    __tablename__ = "answer_marks"
    __table_args__ = (Index(None, "verdict", "at_ms"),)

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    #: Of the answer, or of the question that had none.
    turn_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Of the mark.
    seq: Mapped[int]
    at_ms: Mapped[int]
    #: wrong or missing: to be looked into; right: it was a mistake.
    verdict: Mapped[str] = mapped_column(String(16))
    agent_id: Mapped[str] = mapped_column(String(64))
    agent_name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    #: What was asked: as it was searched, or in the customer's words.
    query: Mapped[str] = mapped_column(Text, default="")
    #: Of the customer.
    language: Mapped[str] = mapped_column(String(16), default="")
    intent: Mapped[str] = mapped_column(String(200), default="")
    #: Of the article that the answer quoted first; "" for none.
    article_id: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(16), default="")
    confidence: Mapped[float | None]
    index_version: Mapped[str | None] = mapped_column(String(64))
