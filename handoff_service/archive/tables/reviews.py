"""The tables of reviewing: phrases that are decided together, and what reviewers decided."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Json, Model


class ReviewGroupRow(Model):
    """Phrases that mean the same, as far as their vectors tell: one decision covers them.

    What is asked for page by page stands in one index, filters included, so that the queue of a
    million turns opens without a look at the rows that it does not show.
    """

    __tablename__ = "review_groups"
    __table_args__ = (
        Index(
            "ix_review_groups_queue", "queued", "score", "id", "language_bits", "reason_bits",
        ),
        Index(None, "state", "score"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    #: The phrase that the others are like. No foreign key: phrases go with their last turn.
    phrase_id: Mapped[int] = mapped_column(index=True)
    #: A turn that shows why it is asked about; None: not scored yet, or its conversation is gone.
    conversation_id: Mapped[str | None] = mapped_column(String(64))
    seq: Mapped[int | None]
    #: Turns in which the bot was probably wrong, and how many of them, its neighbours' included, a
    #: decision would put right after those of higher score: see learning/reviewing/.
    mass: Mapped[float] = mapped_column(Float, default=0.0)
    score: Mapped[float] = mapped_column(Float, default=0.0)
    #: Codes, the one that weighs most first; the bits: see archive/learning/review_codes.py.
    reasons: Mapped[list[str]] = mapped_column(Json, default=list)
    reason_bits: Mapped[int] = mapped_column(default=0)
    languages: Mapped[list[str]] = mapped_column(Json, default=list)
    #: {"intents": […], "articles": [{article_id, locale}], "decided": [intents of decided groups
    #: that are like it]}: what it may be, the likeliest first.
    near: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    language_bits: Mapped[int] = mapped_column(default=0)
    phrases: Mapped[int] = mapped_column(default=0)
    turns: Mapped[int] = mapped_column(default=0)
    conversations: Mapped[int] = mapped_column(default=0)
    last_ms: Mapped[int] = mapped_column(default=0)
    #: open, decided, disputed, ignored or spam.
    state: Mapped[str] = mapped_column(String(16), default="open")
    #: Open or disputed, and there is a reason to ask.
    queued: Mapped[bool] = mapped_column(Boolean, default=False)


class ReviewDecisionRow(Model):
    """What one reviewer said of a group. Withdrawn ones stay: agreement is counted with them."""

    __tablename__ = "review_decisions"
    __table_args__ = (Index(None, "group_id", "at_ms"), Index(None, "reviewer", "at_ms"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("review_groups.id", ondelete="CASCADE")
    )
    #: An account, or "operator".
    reviewer: Mapped[str] = mapped_column(String(100))
    at_ms: Mapped[int]
    #: right, intent, article, new_intent, ignore or spam.
    verdict: Mapped[str] = mapped_column(String(16))
    #: With `right` what the bot had understood, with `new_intent` a name for it, or None.
    intent: Mapped[str | None] = mapped_column(String(200))
    article_id: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str | None] = mapped_column(String(16))
    #: Those of the group that it covers; others were taken out.
    phrase_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    withdrawn_ms: Mapped[int | None]
    #: Commit or backup that holds what came of it.
    applied: Mapped[str | None] = mapped_column(String(64))
