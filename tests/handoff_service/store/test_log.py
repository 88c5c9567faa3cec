"""The log holds every event in order, for readers that come, go and come back."""

import asyncio
import json

from handoff_service.domain import EventType, State
from handoff_service.store.log import Log
from tests.handoff_service.desk import DEADLINE_S


async def _read(log: Log, after_id, count):
    entries = []
    async with asyncio.timeout(DEADLINE_S):
        async for entry in log.tail(after_id):
            entries.append(entry)
            if len(entries) == count:
                return entries
    raise AssertionError("the log never ends")


async def test_a_tail_gets_what_is_there_and_what_comes_in_order(desk):
    name = await desk.talk()
    reader = asyncio.ensure_future(_read(desk.store.log, "0-0", 4))

    for _ in range(3):
        await desk.say(name)

    assert [entry.event.seq for entry in await reader] == [1, 2, 3, 4]


async def test_a_tail_goes_on_where_it_stopped(desk):
    name = await desk.talk()
    await desk.say(name)
    [first] = await _read(desk.store.log, "0-0", 1)

    [second] = await _read(desk.store.log, first.log_id, 1)

    assert (first.event.seq, second.event.seq) == (1, 2)


async def test_an_entry_says_where_the_event_left_the_conversation(desk):
    await desk.agent()
    start = await desk.store.log.last_id()
    name = await desk.talk(State.OFFERED)
    await desk.decline(name)

    entries = await _read(desk.store.log, start, 4)

    assert [entry.state for entry in entries] == ["bot", "waiting", "offered", "waiting"]
    assert [entry.agent_id for entry in entries] == [None, None, "anna", None]
    assert [entry.released_agent_id for entry in entries] == [None, None, None, "anna"]
    assert all(entry.moved for entry in entries)


async def test_a_message_that_moves_nothing_says_so(desk):
    await desk.say(await desk.talk())

    [_, posted] = await _read(desk.store.log, "0-0", 2)

    assert not posted.moved


async def test_what_was_not_acknowledged_is_reclaimed(desk):
    log = desk.store.log
    await log.ensure_group()
    await desk.say(await desk.talk())

    given = await log.read_group("dies", count=10)
    await log.ack([given[0].log_id])
    reclaimed = await log.reclaim("lives", idle_ms=0, count=10)

    assert [entry.event.seq for entry in given] == [1, 2]
    assert reclaimed == given[1:]
    assert await log.lag() == 1
    assert await log.read_group("lives", count=10, block_ms=1) == []


async def test_nothing_is_trimmed_that_is_not_archived(desk):
    log, far_future = desk.store.log, 9_999_999_999_999
    for _ in range(3):
        await desk.say(await desk.talk())
    assert await log.trim(keep_from_ms=far_future) == 0, "there is no archiver at all"

    await log.ensure_group()
    assert await log.trim(keep_from_ms=far_future) == 0, "the archiver has read nothing"

    given = await log.read_group("archiver", count=4)
    assert await log.trim(keep_from_ms=far_future) == 0, "the archiver has written nothing"

    await log.ack([entry.log_id for entry in given[:2]])
    assert await log.trim(keep_from_ms=far_future) == 2
    assert [entry.event for entry in await _read(log, "0-0", 1)] == [given[2].event]


async def test_archived_entries_stay_while_they_are_young(desk):
    log = desk.store.log
    await log.ensure_group()
    await desk.say(await desk.talk())
    await log.ack([entry.log_id for entry in await log.read_group("archiver", count=9)])

    assert await log.trim(keep_from_ms=1) == 0


async def test_signals_reach_whoever_tails_them(desk):
    start = await desk.store.signals.last_id()
    await desk.store.signals.send("typing", {"on": True})
    await desk.agent()

    got = []
    async with asyncio.timeout(DEADLINE_S):
        async for signal in desk.store.signals.tail(start):
            got.append((signal.kind, signal.data.get("status")))
            if len(got) == 2:
                break

    assert got == [("typing", None), ("presence", "online")]


async def test_an_entry_names_its_event_without_parsing_it(desk):
    name = await desk.talk()
    await desk.say(name)

    [_, posted] = await _read(desk.store.log, "0-0", 2)

    named = (posted.conversation_id, posted.seq, posted.type)
    assert named == (posted.event.conversation_id, posted.event.seq, posted.event.type)
    assert posted.type is EventType.MESSAGE_POSTED
    assert json.loads(posted.text) == posted.event.to_json()


async def test_an_entry_of_an_older_or_a_newer_version_is_read(desk):
    name = await desk.talk()
    event = {"conversation_id": name, "seq": 7, "at_ms": 1, "epoch": 1, "data": {}}
    rest = {"agent": "", "released": "", "moved": "0"}
    older = json.dumps(event | {"type": "message.posted"})
    newer = json.dumps(event | {"type": "moon.landed"})
    redis, log = desk.store.redis, desk.store.keys.log
    await redis.xadd(log, {"e": older, "state": "bot"} | rest)
    await redis.xadd(
        log,
        {"e": newer, "c": name, "n": 7, "t": "moon.landed", "state": "moon", "more": "x"} | rest,
    )

    [_, first, second] = await _read(desk.store.log, "0-0", 3)

    assert (first.conversation_id, first.seq, first.type) == (name, 7, EventType.MESSAGE_POSTED)
    assert (second.seq, second.type, second.state) == (7, "moon.landed", None)
