"""Regular reports are queued when they are due, once each, by whichever process comes first."""

import asyncio
from datetime import UTC, datetime

import pytest

from handoff_service.archive.account_store import create_account, disable_account
from handoff_service.archive.accounts import NewAccount, Role
from handoff_service.archive.mails import MailState, list_mails
from handoff_service.archive.report_mails import (
    MOST,
    TooManyReportMails,
    Wish,
    add_report_mail,
    list_report_mails,
    remove_report_mail,
)
from handoff_service.clock import ManualClock
from handoff_service.hours import Hours
from handoff_service.reports.mailer import ReportMailer
from handoff_service.reports.schedule import Every

SUNDAY = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp() * 1000)
HOUR_MS = 3_600_000
WISH = Wish(
    recipient="boss@shop.example", locale="ko", every=Every.WEEK, hour=7, tz="Asia/Seoul",
    filters=("language:ru",),
)  # fmt: skip


@pytest.fixture
async def boss(database):
    made = await create_account(
        database,
        NewAccount("boss", "Boss", Role.SUPERVISOR),
        password="a long enough pass phrase",
        now_ms=SUNDAY,
        actor="operator",
    )
    return made.account_id


def mailers(database, clock, count=1):
    return [
        ReportMailer(database, Hours.always, public_url="https://help.example", clock=clock)
        for _ in range(count)
    ]


async def queued(database):
    return await list_mails(database, state=MailState.QUEUED, limit=100)


async def test_a_week_is_told_once_though_two_processes_look(database, boss):
    clock = ManualClock(SUNDAY)
    mail = await add_report_mail(database, WISH, account_id=boss, now_ms=SUNDAY)
    assert mail.next_ms == SUNDAY + 10 * HOUR_MS  # Monday, 7 o'clock in Seoul
    one, other = mailers(database, clock, 2)
    assert await one.step() == 0

    clock.advance(mail.next_ms - SUNDAY)
    await asyncio.gather(one.step(), other.step())

    [sent] = await queued(database)
    assert (sent.recipient, sent.kind) == ("boss@shop.example", "report")
    assert sent.content["title"] == "보고서: 2026년 11월 16일 – 2026년 11월 22일"
    assert sent.content["parts"][-1]["url"] == (
        "https://help.example/console#/reports?from=2026-11-16&to=2026-11-22"
        "&tz=Asia%2FSeoul&filter=language%3Aru"
    )
    [again] = await list_report_mails(database, account_id=boss)
    assert again.next_ms == mail.next_ms + 7 * 24 * HOUR_MS
    assert await one.step() == 0


async def test_after_a_long_standstill_one_is_sent_and_not_each_that_was_missed(database, boss):
    clock = ManualClock(SUNDAY)
    await add_report_mail(database, WISH, account_id=boss, now_ms=SUNDAY)
    [mailer] = mailers(database, clock)
    clock.advance(30 * 24 * HOUR_MS)

    assert [await mailer.step(), await mailer.step()] == [1, 0]
    assert len(await queued(database)) == 1


async def test_who_may_not_sign_in_any_more_is_sent_nothing(database, boss):
    mail = await add_report_mail(database, WISH, account_id=boss, now_ms=SUNDAY)
    await disable_account(database, "boss", now_ms=SUNDAY, actor="operator")
    [mailer] = mailers(database, ManualClock(mail.next_ms))

    assert await mailer.step() == 0


async def test_nobody_stops_the_reports_of_others_or_has_too_many(database, boss):
    mail = await add_report_mail(database, WISH, account_id=boss, now_ms=SUNDAY)
    assert not await remove_report_mail(database, mail.report_mail_id, account_id="somebody")
    for _ in range(MOST - 1):
        await add_report_mail(database, WISH, account_id=boss, now_ms=SUNDAY)
    with pytest.raises(TooManyReportMails):
        await add_report_mail(database, WISH, account_id=boss, now_ms=SUNDAY)
    assert await remove_report_mail(database, mail.report_mail_id, account_id=boss)
    assert len(await list_report_mails(database, account_id=boss)) == MOST - 1
