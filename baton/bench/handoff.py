"""Measures the road from "I want a person" to a person: offers, freed slots, starts, growth."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

from redis.asyncio import Redis

from baton.bench.desk import Desk, private_desk, private_redis
from baton.bench.floor import Seat, put_online, queue_up, seats, settings_of, sign_in_all
from baton.client.machine import cpu_ms
from baton.client.percentile import percentile
from baton.launcher.system import ROOT
from handoff_service.domain import EventType
from handoff_service.store import open_store

Figures: TypeAlias = dict[str, Any]
#: When (s), and the processor times (ms) until then.
Samples: TypeAlias = list[tuple[float, dict[str, float]]]

#: The language of those who wait while nobody who speaks it has room, and of those who are served.
CROWDED, SERVED = "ko", "en"
#: Requests, and freed slots, whose times are taken; so many a second.
SAMPLES, RATE = 300, 20
#: Offers timed for each length of the queue, as far as it goes.
GROWTH = (100, 1_000, 10_000, 100_000)
GROWTH_OFFERS = 1_000
#: Chats of the burst; starts one by one; starts by many hands.
BURST, IDLE, STARTS, HANDS = 20, 100, 1_500, 32
#: Seconds between looks at the processor times.
WATCH_S = 0.1
#: Longest wait (s) until a router has offered all it can.
PATIENCE_S = 120.0
#: Those who wait have no tab open, and stay all the same.
_PATIENT = {"BATON_ABANDON_S": "86400"}
#: Nobody is lost, no offer expires and nothing is audited while the router alone is measured.
_CALM = _PATIENT | {
    "BATON_AGENT_GRACE_S": "600",
    "BATON_OFFER_TIMEOUT_S": "600",
    "BATON_AUDIT_S": "0",
}

#: Takes the first in line and gives it to an agent, no questions asked: what an assignment costs
#: when nothing is checked, told or kept.
POP_AND_ASSIGN = """
local first = redis.call('ZPOPMIN', KEYS[1])
if not first[1] then return false end
redis.call('HSET', KEYS[2], 'agent', ARGV[1])
redis.call('SADD', KEYS[3], first[1])
return first[1]
"""


async def measure_offers(agents: int, waiting: int, *, replicas: int) -> Figures:
    """Time requests and freed slots on a floor where nearly everybody is busy.

    Nine agents in ten speak CROWDED, hold all they may and have `waiting` conversations queueing
    for them; the others speak SERVED and have room.
    """
    holders = seats(agents - agents // 10, languages=(CROWDED,), capacity=1, prefix="holder")
    free = seats(agents // 10, languages=(SERVED,), capacity=50, prefix="free")

    async def prepare(redis_url: str, sql_url: str) -> None:
        await sign_in_all(sql_url, [*holders, *free])
        await queue_up(redis_url, waiting + len(holders), language=CROWDED)

    async with private_desk(replicas=replicas, settings=_PATIENT, prepare=prepare) as desk:
        groups = {"holders": holders, "free": free}
        played, busy = await _play(
            desk,
            groups,
            play="offers",
            requests=min(SAMPLES, 50 * len(free)),
            frees=min(SAMPLES, waiting),
            rate=RATE,
        )
    return {
        **_times(played["offer_ms"], "offer", (50, 99)),
        **_times(played["freed_ms"], "freed", (50, 99)),
        "offers_busy": busy,
    }


async def measure_growth(waiting: int) -> Figures:
    """Time and weigh the router's offers when so many wait and agents with room come at once."""
    offers = min(waiting, GROWTH_OFFERS)
    agents = seats(-(-offers // 50), languages=(CROWDED,), capacity=50, prefix="agent")

    async def prepare(redis_url: str, sql_url: str) -> None:  # noqa: ARG001 (nobody signs in)
        await queue_up(redis_url, waiting, language=CROWDED)

    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(
            private_desk(replicas=1, settings=_CALM, prepare=prepare)
        )
        store = await stack.enter_async_context(await open_store(settings_of(desk.redis_url)))
        await _until_quiet(desk)
        after_id = await store.log.last_id()
        before, begun = cpu_ms(desk.pids), time.perf_counter()
        await put_online(desk.redis_url, agents)
        made = 0
        async with asyncio.timeout(PATIENCE_S):
            async for entry in store.log.tail(after_id):
                made += entry.type == EventType.HANDOFF_OFFERED
                if made == offers:
                    break
        wall_s = time.perf_counter() - begun
        spent = _spent(before, cpu_ms(desk.pids))
    return {
        "waiting": waiting,
        "assignments": offers,
        "assignments_per_s": round(offers / wall_s),
        "us_per_assignment": round(1000 * spent["service-1"] / offers),
        "redis_us_per_assignment": round(1000 * spent["redis"] / offers),
    }


async def measure_pop_and_assign(count: int = 5_000) -> Figures:
    """Time a bare pop-and-assign script, one call after another."""
    async with private_redis() as (url, pid), Redis.from_url(url) as redis:
        script = redis.register_script(POP_AND_ASSIGN)
        await redis.zadd("{q}queue", {str(number): number for number in range(count)})
        before, begun = cpu_ms({"redis": pid}), time.perf_counter()
        for number in range(count):
            await script(keys=["{q}queue", f"{{q}}c{number}", "{q}agent"], args=["anna"])
        wall_ms = 1000 * (time.perf_counter() - begun)
        spent = _spent(before, cpu_ms({"redis": pid}))
    return {
        "ms_per_call": round(wall_ms / count, 3),
        "redis_ms_per_call": round(spent["redis"] / count, 3),
    }


async def measure_burst() -> Figures:
    """Time BURST chats that begin within a second, with one agent who has room for all."""
    agent = seats(1, languages=(SERVED,), capacity=BURST, prefix="agent")
    async with private_desk(replicas=1, prepare=_signing_in(agent)) as desk:
        played, _ = await _play(desk, {"agents": agent}, play="burst", chats=BURST)
    return {"chats": BURST, **_times(played["assigned_ms"], "assigned", (50, 95, 100))}


async def measure_starts(*, replicas: int) -> Figures:
    """Time start → assigned on an idle desk, then count chat starts a second."""
    agent = seats(2, languages=(SERVED,), capacity=50, prefix="agent")
    async with private_desk(replicas=replicas, prepare=_signing_in(agent)) as desk:
        played, busy = await _play(
            desk,
            {"agents": agent},
            play="starts",
            idle=IDLE,
            starts=STARTS,
            hands=HANDS,
            close_at_once=True,
        )
    return {
        **_times(played["start_assigned_ms"], "start_assigned", (50, 95)),
        "starts_per_s": round(STARTS / (played["span"][1] - played["span"][0])),
        "starts_busy": busy,
    }


def _signing_in(agents: Sequence[Seat]) -> Callable[[str, str], Awaitable[None]]:
    async def prepare(redis_url: str, sql_url: str) -> None:  # noqa: ARG001 (nobody waits)
        await sign_in_all(sql_url, agents)

    return prepare


async def _play(
    desk: Desk, groups: Mapping[str, Sequence[Seat]], **plan: Any
) -> tuple[Figures, Figures]:
    """Run the load in a process of its own; return what it measured, and how busy each was then."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "baton.bench.handoff_load",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    plan |= {
        "urls": desk.urls,
        "secret": desk.secret,
        "agents": {group: [seat.cookie for seat in agents] for group, agents in groups.items()},
    }
    samples: Samples = []
    watching = asyncio.create_task(_watch({**desk.pids, "load": process.pid}, samples))
    try:
        out, _ = await process.communicate(json.dumps(plan).encode())
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError("the load ended early; it said why above")
    played = json.loads(out)
    return played, _busy(samples, *played["span"])


async def _watch(pids: Mapping[str, int], samples: Samples) -> None:
    """Note the processor times again and again, until cancelled."""
    while True:
        samples.append((time.perf_counter(), cpu_ms(pids)))
        await asyncio.sleep(WATCH_S)


def _busy(samples: Samples, first: float, last: float) -> Figures:
    """Return which share of a core each took while it was measured; near 1 it is the bound."""
    within = [(at, spent) for at, spent in samples if spent and first <= at <= last]
    if len(within) < 2:
        return {}
    (begun, before), (ended, after) = within[0], within[-1]
    wall_ms = 1000 * (ended - begun)
    return {name: round(ms / wall_ms, 2) for name, ms in _spent(before, after).items()}


async def _until_quiet(desk: Desk) -> None:
    """Wait until the services have read the queue and have nothing left to do."""
    async with asyncio.timeout(PATIENCE_S):
        before = cpu_ms(desk.pids)
        while True:
            await asyncio.sleep(1.5)
            now = cpu_ms(desk.pids)
            if sum(_spent(before, now).values()) < 150:
                return
            before = now


def _spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in before if name in after}


def _times(values: Sequence[float], prefix: str, ranks: Sequence[int]) -> Figures:
    return {
        f"{prefix}_{'max' if rank == 100 else f'p{rank}'}_ms": round(percentile(values, rank), 1)
        for rank in ranks
    }
