"""Plays agents and customers against a desk: a program of its own, beside what it measures.

`python -m baton.bench.handoff_load` reads a plan (JSON) on stdin, writes times in ms on stdout, and
the `span` (s, of the machine's monotonic clock) in which they were taken.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeAlias

import aiohttp
import uvloop

from baton.bench.people import (
    PATIENCE_S,
    BenchAgent,
    BenchCustomer,
    few_at_a_time,
)
from baton.client.web import open_http

Plan: TypeAlias = dict[str, Any]


class Floor:
    """The agents of a plan, online, and what is noted of them."""

    def __init__(self, plan: Plan) -> None:
        """Spread them over the plan's processes."""
        self.plan = plan
        self.offered: dict[str, float] = {}  # conversation → when (s)
        self.next_offer: dict[BenchAgent, asyncio.Future[float]] = {}
        self.news = asyncio.Event()
        self.close_at_once = bool(plan.get("close_at_once"))
        self.agents = {
            group: [
                BenchAgent(self.url(number), cookie, self._offer, self._held)
                for number, cookie in enumerate(cookies)
            ]
            for group, cookies in plan["agents"].items()
        }
        self._tasks: list[asyncio.Task[None]] = []

    def url(self, number: int) -> str:
        """Return the process that this one talks to."""
        urls = self.plan["urls"]
        return str(urls[number % len(urls)])

    def customer(self, number: int) -> BenchCustomer:
        """Return a customer at one of the processes."""
        return BenchCustomer(self.url(number), self.plan["secret"])

    @asynccontextmanager
    async def open(self, http: aiohttp.ClientSession) -> AsyncIterator[None]:
        """Have everybody online while the block runs."""
        everybody = [agent for group in self.agents.values() for agent in group]
        await few_at_a_time([partial(agent.open, http) for agent in everybody])
        self._tasks = [asyncio.create_task(agent.run()) for agent in everybody]
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, looking after each piece of news."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self.news.clear()
                await self.news.wait()

    def _offer(self, agent: BenchAgent, name: str) -> None:
        now = time.perf_counter()
        self.offered[name] = now
        waiter = self.next_offer.pop(agent, None)
        if waiter is not None and not waiter.done():
            waiter.set_result(now)
        self.news.set()

    def _held(self, agent: BenchAgent, name: str) -> None:
        self.news.set()
        if self.close_at_once:
            self._tasks.append(asyncio.create_task(agent.close_conversation(name)))


async def offers(floor: Floor, http: aiohttp.ClientSession) -> Plan:
    """Measure request → offer on the agent's socket, and slot freed → next offer."""
    plan = floor.plan
    holders = floor.agents["holders"]
    await floor.until(lambda: all(agent.held for agent in holders))
    customers = [floor.customer(number) for number in range(plan["requests"])]
    await few_at_a_time([partial(customer.open, http) for customer in customers])
    asked: dict[str, float] = {}
    first = time.perf_counter()
    async for number in _paced(len(customers), plan["rate"]):
        asked[customers[number].conversation_id] = await customers[number].ask_for_a_person()
    await floor.until(lambda: all(name in floor.offered for name in asked))
    freed = []
    async for number in _paced(plan["frees"], plan["rate"]):
        agent = holders[number % len(holders)]
        await floor.until(lambda agent=agent: bool(agent.held))  # type: ignore[misc]
        floor.next_offer[agent] = waiter = asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        await agent.close_conversation(next(iter(agent.held)))
        async with asyncio.timeout(PATIENCE_S):
            freed.append(await waiter - begun)
    return {
        "offer_ms": [1000 * (floor.offered[name] - begun) for name, begun in asked.items()],
        "freed_ms": [1000 * seconds for seconds in freed],
        "span": [first, time.perf_counter()],
    }


async def burst(floor: Floor, http: aiohttp.ClientSession) -> Plan:
    """Measure request → assigned of chats that all begin within a second."""
    customers = [floor.customer(number) for number in range(floor.plan["chats"])]
    await few_at_a_time([partial(customer.open, http) for customer in customers])

    async def one(customer: BenchCustomer, after_s: float) -> float:
        await asyncio.sleep(after_s)
        asked = await customer.ask_for_a_person()
        return 1000 * (await customer.until_assigned() - asked)

    step, first = 1.0 / len(customers), time.perf_counter()
    times = await asyncio.gather(
        *(one(customer, number * step) for number, customer in enumerate(customers))
    )
    return {"assigned_ms": list(times), "span": [first, time.perf_counter()]}


async def starts(floor: Floor, http: aiohttp.ClientSession) -> Plan:
    """Measure start → assigned one after another, then chat starts by as many hands as it takes."""
    plan = floor.plan
    idle = []
    for number in range(plan["idle"]):
        customer = floor.customer(number)
        begun = time.perf_counter()
        await customer.open(http)
        await customer.ask_for_a_person()
        idle.append(1000 * (await customer.until_assigned() - begun))
        await customer.close()
    numbers = iter(range(plan["starts"]))

    async def hand() -> None:
        for number in numbers:
            customer = floor.customer(number)
            await customer.open(http)
            await customer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(hand() for _ in range(plan["hands"])))
    return {"start_assigned_ms": idle, "span": [begun, time.perf_counter()]}


async def _paced(count: int, rate: float) -> AsyncIterator[int]:
    begun = time.perf_counter()
    for number in range(count):
        wait_s = begun + number / rate - time.perf_counter()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        yield number


PLAYS: dict[str, Callable[[Floor, aiohttp.ClientSession], Awaitable[Plan]]] = {
    "offers": offers,
    "burst": burst,
    "starts": starts,
}


async def play(plan: Plan) -> Plan:
    """Play a plan and return what was measured."""
    floor = Floor(plan)
    async with open_http(connections=0) as http, floor.open(http):
        return await PLAYS[plan["play"]](floor, http)


if __name__ == "__main__":
    print(json.dumps(uvloop.run(play(json.load(sys.stdin)))))
