"""Sends the regular reports that are due, once each, whichever process comes first."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.mails import MailKind, queue_mail
from handoff_service.archive.report_mails import ReportMail, due_report_mails, put_on
from handoff_service.clock import Clock
from handoff_service.hours import Hours
from handoff_service.reports.definitions import METRICS
from handoff_service.reports.letter import Line, report_document
from handoff_service.reports.measuring import measure
from handoff_service.reports.question import Question, filters_of
from handoff_service.reports.schedule import period_ms

logger = logging.getLogger(__name__)

#: Pause between looks, ms: nobody minds a report that comes a minute late.
LOOK_MS = 30_000
#: Reports written at a time.
BATCH = 10

#: The numbers that an e-mail tells; the page has all of them.
TOLD = (
    "conversations", "containment", "handoff_rate", "helpful", "wait_p50", "wait_p90",
    "abandonment", "frt_p50", "sla_met", "handled", "aht", "fcr", "reopened", "resolution_p50",
    "csat", "ces", "nps", "messages_left",
)  # fmt: skip


class ReportMailer:
    """Any number may run: an e-mail is queued once for each report and time it is due."""

    def __init__(
        self, database: Database, hours: Callable[[], Hours], *, public_url: str, clock: Clock
    ) -> None:
        """Tell what is in `database`; `hours` gives the business hours as they are now."""
        self._database = database
        self._hours = hours
        self._public_url = public_url
        self._clock = clock

    async def run(self) -> None:
        """Send what is due, for ever."""
        while True:
            try:
                await self.step()
            except ArchiveUnavailable:
                logger.warning("regular reports wait: the history is not available")
            await self._clock.sleep_until(self._clock.now_ms() + LOOK_MS)

    async def step(self) -> int:
        """Queue what is due; return how many e-mails. Raises ArchiveUnavailable."""
        now_ms = self._clock.now_ms()
        due = await due_report_mails(self._database, now_ms=now_ms, count=BATCH)
        for mail in due:
            await self._send(mail, now_ms=now_ms)
        return len(due)

    async def _send(self, mail: ReportMail, *, now_ms: int) -> None:
        """Queue one, then say when the next is due: who dies in between queues it no second time.

        After a long standstill only the latest time is told, not each that was missed.
        """
        tz = ZoneInfo(mail.tz)
        from_ms, to_ms = period_ms(mail.every, due_ms=mail.next_ms, tz=tz)
        lines = await self._lines(mail, from_ms, to_ms)
        document = report_document(
            lines,
            locale=mail.locale,
            tz=tz,
            from_ms=from_ms,
            to_ms=to_ms,
            filters=mail.filters,
            url=self._page(mail, from_ms, to_ms),
        )
        await queue_mail(
            self._database,
            document,
            kind=MailKind.REPORT,
            cause=f"{MailKind.REPORT}:{mail.report_mail_id}:{mail.next_ms}",
            conversation_id="",
            recipient=mail.recipient,
            now_ms=now_ms,
        )
        await put_on(self._database, mail, now_ms=now_ms)

    async def _lines(self, mail: ReportMail, from_ms: int, to_ms: int) -> list[Line]:
        """Return the numbers of the time, and of as long a time before it."""
        question = Question(
            from_ms=from_ms,
            to_ms=to_ms,
            now_ms=self._clock.now_ms(),
            zone=ZoneInfo(mail.tz),
            hours=self._hours(),
            filters=filters_of(mail.filters, account_id=mail.account_id, sees_all=mail.sees_all),
        )
        earlier = replace(question, from_ms=2 * from_ms - to_ms, to_ms=from_ms)
        metrics = [METRICS[name] for name in TOLD]
        now = (await measure(self._database, question, metrics)).total
        before = (await measure(self._database, earlier, metrics)).total
        return [
            Line(
                f"metric_{metric.id}",
                metric.unit.value,
                now[metric.id].value,
                before[metric.id].value,
                now[metric.id].count,
            )
            for metric in metrics
        ]

    def _page(self, mail: ReportMail, from_ms: int, to_ms: int) -> str:
        first, last = (_day(ms, mail.tz) for ms in (from_ms, to_ms - 1))
        words = [("from", first), ("to", last), ("tz", mail.tz)]
        words += [("filter", each) for each in mail.filters]
        return f"{self._public_url}/console#/reports?{urlencode(words)}"


def _day(at_ms: int, tz: str) -> str:
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(tz)).date().isoformat()
