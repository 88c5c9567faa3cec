"""SQL is locked, full or away, or the log holds what no history takes: nothing else is lost."""

import asyncio
import json
import sqlite3

import pytest
from sqlalchemy import event as sql_events

from handoff_service.archive.archiver import UNREADABLE, Archiver
from handoff_service.archive.database import open_database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.transcripts import find_record, read_events
from handoff_service.clock import ManualClock
from handoff_service.errors import StoreUnavailable
from handoff_service.store.confirmation import Confirmation
from handoff_service.store.log import Log
from handoff_service.store.scripts import Scripts

T0 = 1_780_000_000_000


def archiver_of(store, database, **more):
    return Archiver(
        store.log, database, consumer="w_1", clock=ManualClock(), batch=50, keep_ms=1000, **more
    )


async def talk(store, conversation_id="c_1", *, messages=5, text="t"):
    await store.conversations.start(conversation_id, customer_id="u_1", locale="en", now_ms=T0)
    for number in range(messages):
        await store.conversations.post_customer_message(
            conversation_id, message_id=f"m{number}", text=text, locale="en", now_ms=T0 + number
        )
    return await store.conversations.events(conversation_id)


async def drain(archiver):
    while await archiver.step():
        pass


@pytest.fixture
async def own_database(tmp_path):
    """A database in a file of its own, whose connections wait for nobody."""
    database = await open_database(f"sqlite+aiosqlite:///{tmp_path / 'own.db'}")
    await database.engine.dispose()

    @sql_events.listens_for(database.engine.sync_engine, "connect")
    def _impatient(connection, _):
        connection.execute("PRAGMA busy_timeout = 1")

    yield database
    await database.close()


async def test_while_the_file_is_locked_the_live_store_goes_on(store, own_database, tmp_path):
    first = await talk(store)
    archiver = archiver_of(store, own_database)
    locker = sqlite3.connect(tmp_path / "own.db", isolation_level=None)
    try:
        locker.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveUnavailable):
            await archiver.step()
        lives = [first, *[await talk(store, f"c_{n}", messages=40) for n in range(2, 6)]]
        with pytest.raises(ArchiveUnavailable):
            await archiver.step()
        assert await store.log.lag() == sum(map(len, lives))
    finally:
        locker.close()

    await drain(archiver)

    assert await store.log.lag() == 0
    for live in lives:
        assert list(await read_events(own_database, live[0].conversation_id)) == live
        assert (await find_record(own_database, live[0].conversation_id)).last_seq == len(live)


async def test_a_full_disk_stops_the_archiver_and_space_lets_it_catch_up(store, own_database):
    limit = {"pages": 0}

    @sql_events.listens_for(own_database.engine.sync_engine, "connect")
    def _small_disk(connection, _):
        if limit["pages"]:
            connection.execute(f"PRAGMA max_page_count = {limit['pages']}")

    async with own_database.engine.connect() as connection:
        used = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
    await own_database.engine.dispose()
    limit["pages"] = used + 2
    live = await talk(store, messages=60, text="x" * 1000)
    archiver = archiver_of(store, own_database)

    with pytest.raises(ArchiveUnavailable):
        await drain(archiver)
    assert await store.log.lag() > 0

    limit["pages"] = 1_000_000
    await own_database.engine.dispose()
    await drain(archiver)
    assert list(await read_events(own_database, "c_1")) == live
    assert await store.log.lag() == 0


async def test_without_sql_the_archiver_waits_and_is_there_when_it_comes(store, own_database):
    live = await talk(store)
    states = []
    archiver = archiver_of(store, own_database, on_interrupted=states.append)
    entered = asyncio.Event()

    def refuse(*_):
        entered.set()
        raise sqlite3.OperationalError("unable to open database file")

    await own_database.engine.dispose()
    sql_events.listen(own_database.engine.sync_engine, "do_connect", refuse)
    running = asyncio.ensure_future(archiver.run())
    try:
        async with asyncio.timeout(20):
            await entered.wait()
            await talk(store, "c_2")
            sql_events.remove(own_database.engine.sync_engine, "do_connect", refuse)
            while await store.log.lag():  # noqa: ASYNC110 - Redis tells nobody what was archived
                await asyncio.sleep(0.02)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert list(await read_events(own_database, "c_1")) == live
    assert (states[0], states[-1]) == (True, False)


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"e": "not json"},
        {"e": "[]"},
        {"e": '{"conversation_id": 7, "seq": 1, "type": "x", "at_ms": 1, "epoch": 1, "data": {}}'},
        {"e": '{"conversation_id": "c_9", "seq": 1}', "c": "c_9", "n": "1", "t": "x"},
        {"e": json.dumps({"conversation_id": "c_9", "seq": 10**30, "type": "x", "at_ms": 1,
                          "epoch": 1, "data": {}})},
    ],
)  # fmt: skip
async def test_what_is_no_event_is_set_aside_and_stops_nothing(store, database, entry):
    before = await talk(store)
    await store.redis.xadd(store.keys.log, entry or {"x": "y"})
    after = await talk(store, "c_2")
    asides = []
    archiver = archiver_of(store, database, on_set_aside=asides.append)

    await drain(archiver)

    assert await store.log.lag() == 0
    assert list(await read_events(database, "c_1")) == before
    assert list(await read_events(database, "c_2")) == after
    [(_, kept)] = await store.redis.xrange(store.keys.aside)
    assert kept["e"] == entry.get("e", "")
    assert asides == [1]


async def test_an_event_that_cannot_be_read_leaves_no_gap_behind(store, database):
    live = await talk(store)
    [(log_id, fields)] = await store.redis.xrange(store.keys.log, count=1)
    await store.redis.xdel(store.keys.log, log_id)
    await store.redis.xadd(store.keys.log, fields | {"e": "{broken"})

    await drain(archiver_of(store, database))

    first, *others = await read_events(database, "c_1")
    assert (first.seq, first.type) == (1, UNREADABLE)
    assert others == live[1:]
    assert (await find_record(database, "c_1")).last_seq == len(live)


async def test_data_of_another_shape_is_kept_and_the_fold_goes_on(store, database):
    await talk(store, messages=1)
    await store.redis.hincrby(store.keys.conversation("c_1"), "seq", 1)
    event = {"conversation_id": "c_1", "seq": 3, "type": "conversation.rated", "at_ms": T0,
             "epoch": 1, "data": {"smileys": ["🙂"]}}  # fmt: skip
    await store.redis.xadd(store.keys.log, {"e": json.dumps(event)})
    await store.redis.xadd(store.keys.events("c_1"), {"e": json.dumps(event)}, id="3-0")
    await store.conversations.post_customer_message(
        "c_1", message_id="m9", text="still here", locale="en", now_ms=T0
    )

    await drain(archiver_of(store, database))

    events = await read_events(database, "c_1")
    assert [each.seq for each in events] == [1, 2, 3, 4]
    assert events[2].data == {"smileys": ["🙂"]}
    assert (await find_record(database, "c_1")).last_seq == 4


def log_that_asks(store, *, replicas):
    asked = Confirmation(replicas, 10, fence=store.keys.fence)
    return Log(store.redis, store.keys, scripts=Scripts(store.redis), confirmation=asked)


async def test_what_no_replica_confirms_is_not_archived_yet(store, database):
    live = await talk(store)
    alone = archiver_of(store, database)
    alone._log = log_that_asks(store, replicas=1)  # there is none

    with pytest.raises(StoreUnavailable):
        await alone.step()
    assert await read_events(database, "c_1") == ()

    alone._log = log_that_asks(store, replicas=0)  # as if it had come
    await drain(alone)
    assert list(await read_events(database, "c_1")) == live


async def test_what_a_failover_took_back_is_not_archived(store, database):
    live = await talk(store)
    archiver = archiver_of(store, database)
    archiver._log = log_that_asks(store, replicas=0)
    lost = await archiver._read()
    archiver._held = lost
    await store.redis.xdel(store.keys.log, lost[-1].log_id)  # the new primary never had it

    await archiver.step()

    assert await read_events(database, "c_1") == ()
    taken = await store.log.reclaim("w_1", idle_ms=0, count=100)
    archiver._held = taken
    await archiver.step()
    assert list(await read_events(database, "c_1")) == live[:-1]


async def test_archivers_that_died_long_ago_leave_the_group(store, database):
    await talk(store)
    await store.log.ensure_group()
    await store.log.read_group("owes", count=1)
    await store.log.ack([entry.log_id for entry in await store.log.read_group("done", count=1)])

    await store.log.forget_consumers(idle_ms=3_600_000)
    assert await consumers(store) == {"owes", "done"}
    await store.log.forget_consumers(idle_ms=0)

    assert await consumers(store) == {"owes"}
    await drain(archiver_of(store, database))


async def consumers(store):
    return {each["name"] for each in await store.redis.xinfo_consumers(store.keys.log, "archiver")}
