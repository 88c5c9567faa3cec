"""The tables behind the inbox: who may find a conversation, by which words and tags."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class PersonRow(Model):
    """Somebody who held a conversation or was named in it: they may read it for good."""

    __tablename__ = "conversation_people"
    __table_args__ = (Index(None, "agent_id", "how"),)

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    agent_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: held or mentioned.
    how: Mapped[str] = mapped_column(String(16), primary_key=True)
    #: When for the first time.
    at_ms: Mapped[int]


class TagRow(Model):
    """One tag of a conversation; all of them are in its row, too, in order."""

    __tablename__ = "conversation_tags"

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)


class SearchRow(Model):
    """What one event says, as terms (search/terms.py).

    Beside it stands what the database finds them by, made by the migration because no model can
    say it: in SQLite the FTS5 table `search_index`, which triggers keep in step; in PostgreSQL a
    GIN index on the terms read as a tsvector.
    """

    __tablename__ = "search_docs"
    __table_args__ = (Index(None, "conversation_id", "seq", unique=True),)

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE")
    )
    seq: Mapped[int]
    #: Whose words: customer, bot, agent, note; or who: what is known of the customer.
    part: Mapped[str] = mapped_column(String(16))
    #: In order, with spaces; in PostgreSQL the text of a tsvector, with positions.
    terms: Mapped[str] = mapped_column(Text)


class SavedFilterRow(Model):
    """A view of the inbox that somebody named, for themselves or, by a supervisor, for all."""

    __tablename__ = "saved_filters"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(100))
    shared: Mapped[bool] = mapped_column(Boolean, default=False)
    #: View, filters and order, as the query of the inbox spells them.
    asks: Mapped[dict[str, Any]]
    changed_ms: Mapped[int]


#: What the migration makes beside the models, for whoever compares the two.
BY_HAND = "search_index"
