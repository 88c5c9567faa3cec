"""The table of reports that people want regularly by e-mail."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class ReportMailRow(Model):
    """One report by e-mail, again and again."""

    __tablename__ = "report_mails"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    recipient: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(16))
    #: day, week or month.
    every: Mapped[str] = mapped_column(String(8))
    #: Of the time zone's day.
    hour: Mapped[int]
    tz: Mapped[str] = mapped_column(String(64))
    #: What the numbers are narrowed down to: words of `dimension:value`.
    filters: Mapped[list[str]]
    created_ms: Mapped[int]
    #: When the next one is due: who sends it puts this on.
    next_ms: Mapped[int] = mapped_column(index=True)
