"""The tables of long work on what the bot has learned: what is to be done, and who does it."""

from typing import Any

from sqlalchemy import Float, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class LearnJobRow(Model):
    """One piece of long work, from the wish to the result."""

    __tablename__ = "learn_jobs"
    __table_args__ = (Index(None, "state", "asked_ms"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    args: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: queued, running, done, failed or cancelled.
    state: Mapped[str] = mapped_column(String(16), default="queued")
    #: What it is at, how far (0..1, None: not known), and the last thing it said.
    step: Mapped[str] = mapped_column(String(100), default="")
    share: Mapped[float | None] = mapped_column(Float)
    line: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_ms: Mapped[int]
    started_ms: Mapped[int | None]
    ended_ms: Mapped[int | None]
    #: Somebody does not want it any more.
    cancel_ms: Mapped[int | None]
    changed_ms: Mapped[int] = mapped_column(index=True)


class LearnLeaseRow(Model):
    """Who works, and until when nobody else may: one row."""

    __tablename__ = "learn_lease"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner: Mapped[str] = mapped_column(String(64), default="")
    until_ms: Mapped[int] = mapped_column(default=0)
    #: When the process that waits for work was last there.
    seen_ms: Mapped[int | None]
