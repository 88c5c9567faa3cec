"""The table of splits: a candidate answers a share of new conversations, beside the live bot."""

from typing import Any

from sqlalchemy import Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class LearnSplitRow(Model):
    """One split, from the wish to its end."""

    __tablename__ = "learn_splits"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    candidate_id: Mapped[str] = mapped_column(String(64))
    #: Of the new conversations, 0 to 1.
    share: Mapped[float] = mapped_column(Float)
    #: starting, running or stopped.
    state: Mapped[str] = mapped_column(String(16), index=True)
    #: Where the candidate's Rasa answers; None: it does not, and the live one stands in.
    url: Mapped[str | None] = mapped_column(Text)
    #: Name of the candidate's model file, and its index; None: the live one, whichever it is.
    model: Mapped[str] = mapped_column(String(200))
    index_version: Mapped[str | None] = mapped_column(String(64))
    #: What answers the other conversations, as it was when the split was asked for.
    live_model: Mapped[str] = mapped_column(String(200), default="")
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_ms: Mapped[int]
    #: Conversations that begin from then on are divided.
    started_ms: Mapped[int | None]
    ended_ms: Mapped[int | None]
    #: asked, promoted, worse, live_changed or failed; "" while it goes on.
    ended_why: Mapped[str] = mapped_column(String(32), default="")
    #: Why the candidate's Rasa does not answer, "" when it does.
    problem: Mapped[str] = mapped_column(Text, default="")
    #: {"at_ms", "arms": […], "verdict": {…}}: what is known of the two so far.
    verdict: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Which process runs the candidate's Rasa, and when it last said so.
    keeper: Mapped[str] = mapped_column(String(64), default="")
    kept_ms: Mapped[int] = mapped_column(default=0)
