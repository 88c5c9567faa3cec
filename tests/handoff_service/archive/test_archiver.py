"""The archiver loses nothing and writes nothing twice, whatever dies in between."""

import asyncio
import signal
import sys

import pytest

from handoff_service.archive.archiver import TIDY_MS, Archiver
from handoff_service.archive.database import open_database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.transcripts import find_record, read_events
from handoff_service.clock import ManualClock

#: A real process that is killed after its SQL is committed and before Redis is told so.
DIES_BEFORE_ACK = """
import asyncio, os, signal, sys
from handoff_service.archive.archiver import Archiver
from handoff_service.archive.database import open_database
from handoff_service.clock import SystemClock
from handoff_service.settings import Settings
from handoff_service.store import open_store
from handoff_service.store.log import Log

class DyingLog(Log):
    async def ack(self, log_ids, **_):
        print(len(log_ids), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    settings = Settings.from_env(os.environ)
    store = await open_store(settings)
    store.log.__class__ = DyingLog
    database = await open_database(settings.sql_url)
    await Archiver(store.log, database, consumer="dies", clock=SystemClock(), batch=100,
                   keep_ms=1000).run()

asyncio.run(main())
"""


def archiver_of(store, database, *, consumer="w_1", clock=None, batch=100, **more):
    return Archiver(
        store.log, database, consumer=consumer, clock=clock or ManualClock(), batch=batch,
        keep_ms=1000, **more,
    )  # fmt: skip


async def talk(store, conversation_id="c_1", messages=5, now_ms=1_780_000_000_000):
    await store.conversations.start(conversation_id, customer_id="u_1", locale="en", now_ms=now_ms)
    for number in range(messages):
        await store.conversations.post_customer_message(
            conversation_id, message_id=f"m{number}", text=f"t{number}", locale="en",
            now_ms=now_ms + number,
        )  # fmt: skip
    return await store.conversations.events(conversation_id)


async def test_the_log_is_copied_in_batches_and_acknowledged(store, database):
    live = await talk(store, messages=9)
    counted = []
    archiver = archiver_of(store, database, batch=4, on_archived=counted.extend)

    while await archiver.step():
        pass

    assert list(await read_events(database, "c_1")) == live
    assert counted == live
    assert await store.log.lag() == 0


async def test_an_archiver_killed_between_commit_and_acknowledgement_is_succeeded(
    make_settings, store, sql_url, database, monkeypatch
):
    live = await talk(store)
    settings = make_settings(sql_url=sql_url)
    names = ("internal_secret", "signing_key", "rasa_token", "redis_url", "desk", "sql_url")
    environment = {f"BATON_{name.upper()}": str(getattr(settings, name)) for name in names}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DIES_BEFORE_ACK, env=environment | {"PYTHONPATH": "."},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    written = int(await process.stdout.readline())
    assert await process.wait() == -signal.SIGKILL
    assert written == len(live)
    assert list(await read_events(database, "c_1")) == live
    assert await store.log.lag() == written

    taken = await store.log.reclaim("w_2", idle_ms=0, count=100)
    successor = archiver_of(store, database, consumer="w_2")
    successor._held = taken  # what `reclaim` gives it once TAKEOVER_MS have passed
    await successor.step()

    assert await store.log.lag() == 0
    assert list(await read_events(database, "c_1")) == live
    assert (await find_record(database, "c_1")).last_seq == len(live)


async def test_while_sql_is_away_events_wait_and_are_written_later(store, sql_url, database):
    class Away:
        """A database that is away until told otherwise: stands where the real one does."""

        def __init__(self):
            self.away = True

        def session(self):
            if self.away:
                raise ArchiveUnavailable("away")
            return database.session()

        insert = staticmethod(database.insert)

    live, away = await talk(store), Away()
    archiver = archiver_of(store, away)
    for _ in range(3):
        with pytest.raises(ArchiveUnavailable):
            await archiver.step()
    assert await store.log.trim(keep_from_ms=2**52) == 0

    away.away = False
    await archiver.step()

    assert list(await read_events(database, "c_1")) == live
    assert await store.log.lag() == 0


async def test_only_what_is_archived_is_trimmed(store, database):
    await talk(store)
    clock = ManualClock(1_900_000_000_000)
    archiver = archiver_of(store, database, clock=clock)
    await archiver.step()
    await talk(store, "c_2")

    clock.advance(TIDY_MS + 1)
    before = await store.redis.xlen(store.keys.log)
    reader = archiver_of(store, database, consumer="w_9", clock=clock)
    await reader.step()

    assert before > 6
    assert await store.redis.xlen(store.keys.log) < before
    assert list(await read_events(database, "c_2")) == await store.conversations.events("c_2")


async def test_several_archivers_share_the_work(store, database):
    lives = [await talk(store, f"c_{n}") for n in range(8)]
    archivers = [archiver_of(store, database, consumer=f"w_{n}", batch=3) for n in range(3)]

    async def work(archiver):
        while await archiver.step():
            pass

    await asyncio.gather(*map(work, archivers))

    for number, live in enumerate(lives):
        assert list(await read_events(database, f"c_{number}")) == live
        assert (await find_record(database, f"c_{number}")).last_seq == len(live)


async def test_the_archiver_goes_on_after_a_restart_of_redis(
    own_redis_server, make_settings, database
):
    from handoff_service.store import open_store

    settings = make_settings(redis_url=own_redis_server.url, redis_timeout_s=1)
    async with await open_store(settings) as store:
        first = await talk(store)
        running = asyncio.ensure_future(archiver_of(store, database).run())
        try:
            own_redis_server.kill()
            own_redis_server.start()
            second = await talk(store, "c_2")
            async with asyncio.timeout(20):
                while len(await read_events(database, "c_2")) < len(second):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)  # SQL tells nobody what was written
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    assert list(await read_events(database, "c_1")) == first


async def test_a_database_that_is_reopened_still_has_everything(store, sql_url, database):
    live = await talk(store)
    await archiver_of(store, database).step()
    await database.close()

    again = await open_database(sql_url)
    try:
        assert list(await read_events(again, "c_1")) == live
    finally:
        await again.close()
