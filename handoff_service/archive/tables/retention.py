"""The tables of what was let go at night: which nights were done, and up to when what may go."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class NightRow(Model):
    """One night: who carries it out, and what went."""

    __tablename__ = "retention_nights"

    #: YYYY-MM-DD, of the time zone of the business hours.
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    #: Which replica works, and until when nobody else does.
    holder: Mapped[str] = mapped_column(String(64), default="")
    until_ms: Mapped[int] = mapped_column(default=0)
    started_ms: Mapped[int]
    ended_ms: Mapped[int | None]
    #: Kind → things.
    removed: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AuditMarkRow(Model):
    """Lines of the audit trail before `upto_ms` may be deleted; the database refuses all others."""

    __tablename__ = "audit_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    upto_ms: Mapped[int]
