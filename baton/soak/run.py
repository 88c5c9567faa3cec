"""A soak from start to report: private servers, players, what Redis holds at 10, 50 and 100 %."""

import asyncio
import contextlib
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select

from baton.client.machine import machine
from baton.launcher.processes import ProcessGroup, Program, inherited_environment
from baton.launcher.redis_server import find_server, write_config
from baton.launcher.system import ROOT, CannotRun, free_port
from baton.soak.players import Players
from handoff_service.archive.database import Database, open_database
from handoff_service.archive.models import ConversationRow, EventRow
from handoff_service.clock import SystemClock
from handoff_service.settings import Settings
from handoff_service.store import Store, open_store

#: Nobody begins a conversation while the archiver is so many events behind: a desk that closes
#: faster than SQL writes is a matter of more archivers, not of what Redis keeps.
MOST_LAG = 20_000
#: How much more, as a share, Redis may hold at rest at the end than half-way and count as flat.
FLAT = 0.10
SAMPLE_S = 0.5
#: How long the rest may take to be archived and forgotten, and a server to start, seconds.
DRAIN_S, START_S = 180.0, 20.0
#: Shares of the conversations, in percent, after which everybody pauses and Redis is looked at.
MARKS = (10, 50, 100)


@dataclass(slots=True)
class Samples:
    """What was measured on the way."""

    talking: list[int] = field(default_factory=list)  #: Redis's memory since the last mark, bytes
    most_lag: int = 0
    seconds: float = 0.0  #: that were talked, without the pauses


async def soak(
    folder: Path, conversations: int, *, report: Callable[[str], None]
) -> dict[str, Any]:
    """Hold `conversations` conversations on servers of its own in `folder`; return the figures.

    Memory in MB (10^6 bytes) as Redis counts it (`used_memory`), times in seconds.

    Raises:
        CannotRun: a server does not start; the message names its log.
        NoRedisServer: there is none to start.
    """
    settings = _settings(folder, port=free_port(), password=secrets.token_hex(16))
    servers = ProcessGroup()
    try:
        await _start(servers, settings, folder)
        database = await open_database(settings.sql_url)
        try:
            async with await open_store(settings) as store:
                return await _measure(store, database, conversations, report=report)
        finally:
            await database.close()
    finally:
        await servers.stop()


async def _measure(
    store: Store, database: Database, conversations: int, *, report: Callable[[str], None]
) -> dict[str, Any]:
    players, samples = Players(store, SystemClock()), Samples()
    await players.sit_down()
    talking: dict[str, float] = {}
    at_rest: dict[str, float] = {}
    for mark in MARKS:
        await _talk(players, samples, until=conversations * mark // 100)
        talking[str(mark)] = _mb(sum(samples.talking) // len(samples.talking))
        await _rest(store)
        at_rest[str(mark)] = _mb(await _memory(store))
        report(f"{mark} % · Redis {talking[str(mark)]} MB, at rest {at_rest[str(mark)]} MB")
    events = int((await store.redis.xinfo_stream(store.keys.log))["entries-added"])
    closed, archived = await _count(database)
    return {
        "conversations": conversations,
        "seconds": round(samples.seconds, 1),
        "conversations_per_s": round(conversations / samples.seconds, 1),
        "events": events,
        "events_per_s": round(events / samples.seconds),
        "archived": closed,
        "events_not_archived": events - archived,
        "left_in_redis": await _left(store),
        "most_lag": samples.most_lag,
        "redis_mb": talking,
        "redis_mb_at_rest": at_rest,
        # At rest: while people talk it goes with how many a second do, and that with the machine.
        "flat": at_rest["100"] <= at_rest["50"] * (1 + FLAT),
        **machine(),
    }


async def _talk(players: Players, samples: Samples, *, until: int) -> None:
    """Let conversations happen until so many are over; note memory and lag meanwhile."""
    samples.talking.clear()
    began = time.monotonic()
    sampler = asyncio.create_task(_sample(players, samples))
    try:
        await players.play(until)
    finally:
        samples.seconds += time.monotonic() - began
        sampler.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sampler


async def _sample(players: Players, samples: Samples) -> None:
    """Note memory and lag; hold everybody up while the archiver is too far behind."""
    store = players.store
    while True:
        samples.talking.append(await _memory(store))
        lag = await store.log.lag()
        samples.most_lag = max(samples.most_lag, lag)
        if lag > MOST_LAG:
            players.gate.clear()
        else:
            players.gate.set()
        await asyncio.sleep(SAMPLE_S)


async def _rest(store: Store) -> None:
    """Wait until everything is archived and forgotten, and the log is trimmed to its last entry."""
    with contextlib.suppress(TimeoutError):  # what is left stands in the figures
        async with asyncio.timeout(DRAIN_S):
            while (  # noqa: ASYNC110 - Redis tells nobody what was archived
                await _left(store) or await store.redis.xlen(store.keys.log) > 1
            ):
                await asyncio.sleep(SAMPLE_S)


async def _left(store: Store) -> int:
    """Return how many events are not archived and conversations not forgotten."""
    return await store.log.lag() + int(await store.redis.zcard(store.keys.closed))


async def _memory(store: Store) -> int:
    return int((await store.redis.info("memory"))["used_memory"])


async def _count(database: Database) -> tuple[int, int]:
    async with database.session() as session:
        closed = select(func.count()).where(ConversationRow.state == "closed")
        events = select(func.count()).select_from(EventRow)
        return await session.scalar(closed) or 0, await session.scalar(events) or 0


def _settings(folder: Path, *, port: int, password: str) -> Settings:
    write_config(folder, port=port, password=password)
    return Settings(
        internal_secret=secrets.token_hex(16),
        signing_key=secrets.token_hex(32),
        rasa_token=secrets.token_hex(16),
        data_dir=folder,
        redis_url=f"redis://:{password}@127.0.0.1:{port}/0",
        sql_url=f"sqlite+aiosqlite:///{folder / 'history.db'}",
        desk="soak",
    )


async def _start(servers: ProcessGroup, settings: Settings, folder: Path) -> None:
    names = ("internal_secret", "signing_key", "rasa_token", "redis_url", "sql_url", "desk")
    told = {f"BATON_{name.upper()}": str(getattr(settings, name)) for name in names}
    environment = inherited_environment() | {"PYTHONPATH": str(ROOT)} | told
    programs = {
        "redis": [str(find_server()), str(folder / "redis.conf")],
        "keeper": [sys.executable, "-m", "baton.soak.keeper"],
    }
    for name, argv in programs.items():
        log = folder / f"{name}.log"
        await servers.start(Program(name, argv, environment, ROOT, log))
        if name == "redis":
            await _await_redis(settings, log)


async def _await_redis(settings: Settings, log: Path) -> None:
    client = Redis.from_url(settings.redis_url)
    try:
        async with asyncio.timeout(START_S):
            while True:
                with contextlib.suppress(RedisError, OSError):
                    await client.ping()
                    return
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise CannotRun(f"Redis does not start: see {log}") from None
    finally:
        await client.aclose()


def _mb(size: int) -> float:
    return round(size / 1e6, 2)
