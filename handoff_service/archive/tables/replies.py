"""The tables of what agents write with: uses of canned replies, their own ones, verdicts."""

from typing import Any

from sqlalchemy import Double, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class ReplyUseRow(Model):
    """A message that was written with a canned reply or a macro: one row a message."""

    __tablename__ = "reply_uses"
    __table_args__ = (Index(None, "canned_id", "at_ms"), Index(None, "agent_id", "at_ms"))

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_ms: Mapped[int] = mapped_column(index=True)
    #: "": none, the message came of a macro without one.
    canned_id: Mapped[str] = mapped_column(String(64), default="")
    macro_id: Mapped[str] = mapped_column(String(64), default="")
    agent_id: Mapped[str] = mapped_column(String(64))
    #: Of the conversation at that time; "": none.
    team: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(16))


class OwnReplyRow(Model):
    """A canned reply that one person made for themselves."""

    __tablename__ = "own_replies"

    agent_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    reply_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    changed_ms: Mapped[int]
    #: shortcut, title, texts: as in the document of settings.
    document: Mapped[dict[str, Any]]


class PassageVerdictRow(Model):
    """An agent says that a passage does not answer a customer's message."""

    __tablename__ = "passage_verdicts"

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    #: Number of the message that was asked about.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: A hash of article and words: other words of the same article are another passage.
    passage_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at_ms: Mapped[int] = mapped_column(index=True)
    agent_id: Mapped[str] = mapped_column(String(64))
    #: not_right.
    verdict: Mapped[str] = mapped_column(String(16))
    article_id: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(16))  #: of the article
    language: Mapped[str] = mapped_column(String(16))  #: of the customer
    question: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float | None] = mapped_column(Double)
    index_version: Mapped[str] = mapped_column(String(64))
