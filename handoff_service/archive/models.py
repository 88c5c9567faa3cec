"""The tables of the history database; times are integer milliseconds since the epoch."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, MetaData, String, Text, text
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


#: Over, and something has happened since its turns were collected. Written out, and asked for in
#: these words: SQLite uses the index of only such rows for no other.
UNLEARNED = text("closed_ms IS NOT NULL AND learned_seq < last_seq")


class ConversationRow(Model):
    """What the events of one conversation add up to; rebuilt from them, never edited."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index(None, "state", "closed_ms"),
        Index(None, "last_at_ms", "id"),
        Index(None, "state", "last_at_ms", "id"),
        Index(None, "agent_id", "state", "last_at_ms"),
        Index(None, "team", "state", "last_at_ms"),
        Index(None, "prepared"),
        Index(
            "ix_conversations_unlearned", "id", sqlite_where=UNLEARNED, postgresql_where=UNLEARNED
        ),
    )

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
    agent_id: Mapped[str | None] = mapped_column(String(64))
    agent_name: Mapped[str | None] = mapped_column(String(200))
    customer_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    site: Mapped[str] = mapped_column(String(64), default="", server_default="")
    #: Of the last request for a person, as the rules of routing or people changed it.
    team: Mapped[str | None] = mapped_column(String(200))
    priority: Mapped[int] = mapped_column(default=5, server_default="5")
    #: When a person should have answered; None without a promise.
    sla_due_ms: Mapped[int | None]
    parked_until_ms: Mapped[int | None]
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    #: What was said last, its beginning, and by whom: customer, bot or agent.
    last_line: Mapped[str] = mapped_column(String(200), default="", server_default="")
    last_author: Mapped[str] = mapped_column(String(16), default="", server_default="")
    #: Up to which number its events can be searched; -1: those of before there was a search.
    prepared: Mapped[int] = mapped_column(default=0, server_default="-1")
    #: Up to which number what was asked in it is collected, see `UNLEARNED`.
    learned_seq: Mapped[int] = mapped_column(default=0, server_default="0")
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


class SurveyRow(Model):
    """The last answer to one question how it went; ratings of older pages are in `ratings`.

    The view `survey_answers` holds both.
    """

    __tablename__ = "surveys"

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    #: Number of the event after which it was asked.
    about: Mapped[int] = mapped_column(primary_key=True)
    #: Of the answer's own event.
    seq: Mapped[int]
    at_ms: Mapped[int] = mapped_column(index=True)
    #: csat, ces or nps, and what it followed: person or answer.
    kind: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16), default="")
    #: Without one the customer skipped it.
    score: Mapped[int | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    agent_id: Mapped[str | None] = mapped_column(String(64), index=True)


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


class AttachmentRow(Model):
    """A file that somebody uploaded, from the beginning of its upload on.

    Its conversation may not be in the history yet, so there is no foreign key.
    """

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    #: "customer", or the id of an agent's account.
    uploader: Mapped[str] = mapped_column(String(64))
    at_ms: Mapped[int]
    #: Cleaned, with an extension that fits the content.
    name: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(String(100))
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    #: Of an image, in pixels; images have a thumbnail.
    width: Mapped[int | None]
    height: Mapped[int | None]
    #: The message that it is part of, from the moment on that this is tried; one only.
    message_id: Mapped[str | None] = mapped_column(String(160))
    #: Number of that message once it is stored; without one the file is swept after a day.
    seq: Mapped[int | None]


class MailRow(Model):
    """An e-mail to a customer: to be written, to be sent, sent, or given up."""

    __tablename__ = "mails"
    __table_args__ = (Index(None, "state", "due_ms"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: What it is sent for; there is never a second one for the same.
    cause: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    #: No foreign key: a conversation may be asked for before the history has heard of it.
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(16))
    created_ms: Mapped[int]
    #: When it is to be looked at next; who takes it up puts this off (archive/mails.py).
    due_ms: Mapped[int]
    tries: Mapped[int] = mapped_column(default=0)
    #: Number of the last event that is in it; 0 while it is not written.
    upto_seq: Mapped[int] = mapped_column(default=0)
    #: What it says (document.py); {} before it is written and after it is sent.
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[str] = mapped_column(Text, default="")
    sent_ms: Mapped[int | None]


class ErasureRow(Model):
    """A customer's wish that what is known of them be deleted; in the end nothing about them."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Whose; "" once it is done.
    customer_id: Mapped[str] = mapped_column(String(64), default="")
    #: HMAC of whose it is, by the signing key: who knows the id finds what was done about it.
    customer_hash: Mapped[str] = mapped_column(
        String(64), default="", server_default="", index=True
    )
    asked_ms: Mapped[int]
    done_ms: Mapped[int | None]
    #: What they were known by (archive/traces.py); {} once it is done.
    traces: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    #: Place → how many things were removed there.
    removed: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    #: What a second look found: {left: place → rows, same_name: place → rows}.
    found: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    #: When and what was removed from what the bot has learned.
    unlearned_ms: Mapped[int | None]
    unlearned: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class ErasedRow(Model):
    """A conversation that was deleted: what still comes of it from the live store is not kept."""

    __tablename__ = "erased"

    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    erasure_id: Mapped[str] = mapped_column(String(64), index=True)
    at_ms: Mapped[int]


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
    #: Where invitations and links to a new password go; "" for none.
    email: Mapped[str] = mapped_column(String(254), default="", server_default="", index=True)
    created_ms: Mapped[int]
    disabled_ms: Mapped[int | None]


class AccountSessionRow(Model):
    """A signed-in browser. Only a hash of its token is kept."""

    __tablename__ = "account_sessions"

    #: Changes when the session rotates.
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: By which people name it; opens nothing.
    id: Mapped[str] = mapped_column(String(24), unique=True)
    account_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    created_ms: Mapped[int]
    expires_ms: Mapped[int] = mapped_column(index=True)
    revoked_ms: Mapped[int | None]
    last_seen_ms: Mapped[int] = mapped_column(default=0, server_default="0")
    #: As the browser names itself.
    browser: Mapped[str] = mapped_column(String(300), default="", server_default="")
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    #: password, second_factor, recovery_code, oidc or invitation.
    how: Mapped[str] = mapped_column(String(16), default="password", server_default="password")


class NoticeRow(Model):
    """A known problem that customers are told of."""

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Rises with each change.
    version: Mapped[int]
    #: Locale → {"title", "text"}.
    texts: Mapped[dict[str, Any]]
    questions: Mapped[list[str]]
    url: Mapped[str] = mapped_column(Text, default="")
    from_ms: Mapped[int]
    until_ms: Mapped[int | None]
    #: Who published it: an account id, or "operator".
    author: Mapped[str] = mapped_column(String(100))
    published_ms: Mapped[int] = mapped_column(index=True)
    withdrawn_ms: Mapped[int | None]


class AuditRow(Model):
    """Something a person, or someone who tried to be one, did."""

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "action", "at_ms"),
        Index(None, "at_ms", "id"),
        Index(None, "actor", "at_ms"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at_ms: Mapped[int]
    #: Who: an account id, a login that was tried, or "operator".
    actor: Mapped[str] = mapped_column(String(100))
    #: From where: an address, or "" when it was not over the network.
    origin: Mapped[str] = mapped_column(String(64), default="")
    action: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(100), default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
