"""The tables of the history database; times are integer milliseconds since the epoch."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, MetaData, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: One JSON type for both databases; PostgreSQL keeps it binary, so that reports can index into it.
Json = JSON().with_variant(JSONB(), "postgresql")

#: Names for every constraint: Alembic can only alter what has a name.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """What every table shares: the naming of constraints and the column types."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {int: BigInteger, dict[str, Any]: Json, list[str]: Json}  # noqa: RUF012 (SQLAlchemy's own form)


class ConversationRow(Model):
    """What the events of one conversation add up to; rebuilt from them, never edited."""

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "state", "closed_ms"), Index(None, "last_at_ms"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Number of the last event that is folded into this row; 0 for none.
    last_seq: Mapped[int] = mapped_column(default=0)
    customer_id: Mapped[str] = mapped_column(String(64), default="", index=True)
    locale: Mapped[str] = mapped_column(String(16), default="en")
    language: Mapped[str] = mapped_column(String(16), default="en")
    state: Mapped[str] = mapped_column(String(16), default="bot")
    epoch: Mapped[int] = mapped_column(default=1)
    started_ms: Mapped[int] = mapped_column(default=0)
    last_at_ms: Mapped[int] = mapped_column(default=0)
    closed_ms: Mapped[int | None]
    requested_ms: Mapped[int | None]
    assigned_ms: Mapped[int | None]
    agent_id: Mapped[str | None] = mapped_column(String(64), index=True)
    agent_name: Mapped[str | None] = mapped_column(String(200))
    #: The last request for a person, whole: reason, topic, triage, tried, summary.
    reason: Mapped[str | None] = mapped_column(String(64))
    topic: Mapped[str | None] = mapped_column(String(200))
    handoff: Mapped[dict[str, Any]] = mapped_column(default=dict)
    page: Mapped[dict[str, Any]] = mapped_column(default=dict)
    disposition: Mapped[str | None] = mapped_column(String(64))
    stars: Mapped[int | None]
    comment: Mapped[str | None] = mapped_column(Text)


class EventRow(Model):
    """One event of one conversation, as it was stored live."""

    __tablename__ = "events"

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(48), index=True)
    at_ms: Mapped[int] = mapped_column(index=True)
    epoch: Mapped[int]
    data: Mapped[dict[str, Any]]


class RatingRow(Model):
    """One answer to the question how it went."""

    __tablename__ = "ratings"

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True)
    at_ms: Mapped[int] = mapped_column(index=True)
    agent_id: Mapped[str | None] = mapped_column(String(64), index=True)
    stars: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")


class VoteRow(Model):
    """The last vote on one answer, with what the answer was."""

    __tablename__ = "votes"

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    answer_seq: Mapped[int] = mapped_column(primary_key=True)
    #: Of the vote's own event.
    seq: Mapped[int]
    at_ms: Mapped[int] = mapped_column(index=True)
    helpful: Mapped[bool]
    #: The article quoted first, and the language it was quoted in.
    article_id: Mapped[str] = mapped_column(Text, default="")
    locale: Mapped[str] = mapped_column(String(16), default="")
    query: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[float | None]
    index_version: Mapped[str | None] = mapped_column(Text)


class AccountRow(Model):
    """A person who may sign in to the console."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    languages: Mapped[list[str]]
    capacity: Mapped[int]
    #: Skill → level, 1 to 5; without any the person serves every skill.
    skills: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    teams: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    #: An argon2id hash, or "" for an account that cannot sign in.
    password_hash: Mapped[str] = mapped_column(String(255))
    created_ms: Mapped[int]
    disabled_ms: Mapped[int | None]


class AccountSessionRow(Model):
    """A signed-in browser. Only a hash of its token is kept."""

    __tablename__ = "account_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    created_ms: Mapped[int]
    expires_ms: Mapped[int] = mapped_column(index=True)
    revoked_ms: Mapped[int | None]


class AuditRow(Model):
    """Something a person, or someone who tried to be one, did."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "action", "at_ms"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at_ms: Mapped[int]
    #: Who: an account id, a login that was tried, or "operator".
    actor: Mapped[str] = mapped_column(String(100))
    #: From where: an address, or "" when it was not over the network.
    origin: Mapped[str] = mapped_column(String(64), default="")
    action: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(100), default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
