"""Reports that somebody wants regularly by e-mail."""

from dataclasses import dataclass, field
from typing import Annotated

from aiohttp import web
from pydantic import Field, StringConstraints

from handoff_service.access import CALLER
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.reports.handlers import read_filters, read_zone
from handoff_service.archive.report_mails import (
    ReportMail,
    TooManyReportMails,
    Wish,
    add_report_mail,
    list_report_mails,
    remove_report_mail,
)
from handoff_service.contact import is_email
from handoff_service.domain import LOCALES
from handoff_service.refusals import BadContact, BadFrame, NotFound, TooMany
from handoff_service.reports.schedule import Every
from handoff_service.services import SERVICES

Filter = Annotated[str, StringConstraints(max_length=300)]


@dataclass(frozen=True, slots=True)
class ReportMailRequest:
    """What is wanted, to whom and when."""

    recipient: Annotated[str, StringConstraints(max_length=254)]
    every: Every
    #: 0 to 23, of the clock in `tz`.
    hour: Annotated[int, Field(ge=0, le=23)]
    tz: Annotated[str, StringConstraints(max_length=64)]
    locale: str = "en"
    filters: Annotated[list[Filter], Field(max_length=20)] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReportMailView:
    """A regular report."""

    report_mail_id: str
    recipient: str
    every: str
    hour: int
    tz: str
    locale: str
    filters: list[str]
    next_ms: int


@dataclass(frozen=True, slots=True)
class ReportMailsAnswer:
    """One's own regular reports."""

    report_mails: list[ReportMailView]
    #: Without a mail server they wait.
    sends_mail: bool


async def show_report_mails(request: web.Request) -> web.Response:
    """List what the caller is sent."""
    services, caller = request.app[SERVICES], request[CALLER]
    mine = await list_report_mails(services.database, account_id=caller.account.account_id)
    views = [_view(mail) for mail in mine]
    return answer(ReportMailsAnswer(views, services.settings.smtp_url is not None))


async def subscribe(request: web.Request) -> web.Response:
    """Keep what the caller wants; the first comes at the next hour that they named."""
    services, caller = request.app[SERVICES], request[CALLER]
    wanted = await read_body(request, ReportMailRequest)
    if not is_email(wanted.recipient):
        raise BadContact
    if wanted.locale not in LOCALES:
        raise BadFrame(["locale"])
    read_filters(wanted.filters, caller.account)
    wish = Wish(
        recipient=wanted.recipient,
        locale=wanted.locale,
        every=wanted.every,
        hour=wanted.hour,
        tz=read_zone(wanted.tz).key,
        filters=tuple(wanted.filters),
    )
    account_id, now_ms = caller.account.account_id, services.clock.now_ms()
    try:
        mail = await add_report_mail(services.database, wish, account_id=account_id, now_ms=now_ms)
    except TooManyReportMails as error:
        raise TooMany from error
    return answer(_view(mail), status=201)


async def unsubscribe(request: web.Request) -> web.Response:
    """Send the caller one of their regular reports no more."""
    services, caller = request.app[SERVICES], request[CALLER]
    account_id = caller.account.account_id
    wanted = request.match_info["report_mail_id"]
    if not await remove_report_mail(services.database, wanted, account_id=account_id):
        raise NotFound
    return web.Response(status=204)


def _view(mail: ReportMail) -> ReportMailView:
    return ReportMailView(
        report_mail_id=mail.report_mail_id,
        recipient=mail.recipient,
        every=mail.every.value,
        hour=mail.hour,
        tz=mail.tz,
        locale=mail.locale,
        filters=list(mail.filters),
        next_ms=mail.next_ms,
    )
