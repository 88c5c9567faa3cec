"""Every night what is older than its kind may be goes, once, and nothing else."""

import json
import os
import time

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from handoff_service.archive.audit import write_audit
from handoff_service.archive.learning.turns import LearnTurn, write_turns
from handoff_service.archive.models import AuditRow, ConversationRow, MailRow
from handoff_service.archive.nights import LEASE_MS, claim_night
from handoff_service.archive.tables.learn_turns import LearnTurnRow, PhraseRow
from handoff_service.archive.tables.presence import PresenceRow
from handoff_service.clock import ManualClock
from handoff_service.domain import ClosedBy
from handoff_service.errors import BotUnavailable
from handoff_service.retention.night import RetentionNight
from handoff_service.retention.times import DAY_MS
from tests.handoff_service.gateway.harness import (  # noqa: F401
    bot,
    redis_program,
    start_service,
)

ALL = """keep:
  transcripts: 30
  attachments: 10
  mails: 10
  learned: 20
  presence: 10
  audit: 30
  backups: 10
  logs: 10
"""


async def closed_before(service, days, words):
    """A conversation that was closed so many days ago, wholly in the history."""
    page = await service.customer()
    await page.send("message", message_id="m1", text=words)
    await page.event("message.posted", author="bot")
    await service.in_history(page.id, 3)
    at_ms = service.parts.clock.now_ms() - days * DAY_MS
    await service.parts.store.conversations.close(
        page.id, by=ClosedBy.CUSTOMER, reason="left", now_ms=at_ms
    )
    await service.in_history(page.id, 4)
    turn = LearnTurn(
        conversation_id=page.id, seq=2, text=words, at_ms=at_ms, asks=True, language="en",
        did="answer",
    )  # fmt: skip
    await write_turns(service.parts.database, {page.id: 99}, [turn])
    async with service.parts.database.session() as session:
        await session.execute(
            update(ConversationRow).where(ConversationRow.id == page.id).values(closed_ms=at_ms)
        )
    return page.id


async def count(service, model):
    async with service.parts.database.session() as session:
        return await session.scalar(select(func.count()).select_from(model))


@pytest.fixture
async def night(start_service, tmp_path):  # noqa: F811
    """A service, and a keeper of nights of its own that is a day ahead."""
    service = await start_service()
    file = tmp_path / "retention.yml"
    file.write_text(ALL)
    clock = ManualClock(service.parts.clock.now_ms() + DAY_MS)
    parts = service.parts
    keeper = RetentionNight(
        parts.database, parts.retention_night._old, hours=lambda: parts.hours, file=file,
        clock=clock, holder="w_test",
    )  # fmt: skip
    keeper.service, keeper.file, keeper.clock = service, file, clock
    return keeper


async def test_what_is_old_goes_and_what_is_not_stays(night):
    service, data = night.service, night.service.settings.data_dir
    old = await closed_before(service, 60, "the old one")
    middle = await closed_before(service, 25, "the middle one")
    new = await closed_before(service, 2, "the new one")
    now_ms = service.parts.clock.now_ms()
    logs, backups = data / "logs", data / "learning" / "backups"
    logs.mkdir(parents=True)
    (logs / "service.log").write_text(
        "2020-01-01 00:00:00,1 INFO old\n  trace\n2099-01-01 00:00:00,1 INFO new\n"
    )
    (logs / "redis.log").write_text("1:M 01 Jan 2020 no time that we read\n")
    for name, days in (("old", 11), ("new", 1)):
        (backups / name).mkdir(parents=True)
        os.utime(backups / name, (time.time() - days * 86_400,) * 2)
    async with service.parts.database.session() as session:
        for number, days in enumerate((50, 40, 1)):
            session.add(PresenceRow(
                agent_id="a_1", at_ms=now_ms - days * DAY_MS, entry_id=f"{number}", status="away",
                reason="asked",
            ))  # fmt: skip
        for name, state, days in (("m1", "sent", 20), ("m2", "queued", 20), ("m3", "sent", 1)):
            session.add(MailRow(
                id=name, cause=name, kind="answer", conversation_id=new, recipient="x@y.example",
                state=state, created_ms=now_ms - days * DAY_MS, due_ms=0,
            ))  # fmt: skip
        write_audit(session, actor="x", action="old", at_ms=now_ms - 40 * DAY_MS)
        await session.execute(
            update(ConversationRow).where(ConversationRow.id == old).values(tags=["x"])
        )
    _, due = await night.due()
    assert due == {
        "transcripts": 1, "attachments": 0, "mails": 1, "learned": 2, "presence": 1, "audit": 1,
        "backups": 1, "logs": 2,
    }  # fmt: skip

    done = await night.step()

    assert done.removed == {
        "transcripts": 1, "mails": 1, "learned": 1, "presence": 1, "audit": 1, "backups": 1,
        "logs": 2,
    }  # fmt: skip
    async with service.parts.database.session() as session:
        ids = set(await session.scalars(select(ConversationRow.id)))
        events = await session.scalar(
            text("SELECT count(*) FROM events WHERE conversation_id = :id"), {"id": old}
        )
        phrases = set(await session.scalars(select(PhraseRow.text)))
        actions = set(await session.scalars(select(AuditRow.action)))
    assert (ids, events, phrases) == ({middle, new}, 0, {"the new one"})
    assert await count(service, LearnTurnRow) == 1
    assert service.bot.forgotten == [old]
    assert not await service.parts.store.redis.exists(
        *service.parts.store.keys.of_conversation(old)
    )
    assert "old" not in actions
    assert "retention.done" in actions
    assert (logs / "service.log").read_text() == "2099-01-01 00:00:00,1 INFO new\n"
    assert (logs / "redis.log").exists()
    assert [path.name for path in backups.iterdir()] == ["new"]
    assert await night.step() is None, "a night is done once"


async def test_the_audit_trail_is_cut_at_its_end_and_nowhere_else(night):
    database = night.service.parts.database
    now_ms = night.service.parts.clock.now_ms()
    async with database.session() as session:
        write_audit(session, actor="x", action="new", at_ms=now_ms)
    await night.step()

    with pytest.raises(DBAPIError, match="append-only"):
        async with database.session() as session:
            await session.execute(text("DELETE FROM audit WHERE action = 'new'"))


async def test_who_is_interrupted_is_gone_on_with_and_one_replica_does_it(night):
    service = night.service
    await closed_before(service, 60, "the old one")
    database, clock = service.parts.database, night.clock
    day = "2999-01-01"
    assert await claim_night(database, day, holder="w_1", now_ms=clock.now_ms())
    assert await claim_night(database, day, holder="w_1", now_ms=clock.now_ms())
    assert not await claim_night(database, day, holder="w_2", now_ms=clock.now_ms() + LEASE_MS - 1)
    assert await claim_night(database, day, holder="w_2", now_ms=clock.now_ms() + LEASE_MS + 1)
    service.bot.healthy = False

    with pytest.raises(BotUnavailable):
        await night.step()
    assert await count(service, ConversationRow) == 1, "a dialogue would be left"
    service.bot.healthy = True

    assert (await night.step()).removed["transcripts"] == 1


async def test_the_operator_sees_what_would_go_and_what_went(night):
    from tests.privacy.test_erase import baton

    night.service.settings.data_dir.mkdir(exist_ok=True)
    await night.step()

    status, out, err = await baton(night.service, "privacy", "retention", "--json")
    assert status == 0, err
    told = json.loads(out)
    assert (told["at"], told["days"], told["problems"]) == ("03:30", {}, [])
    assert told["nights"]
