"""Calls that come at the same time share a round trip, and each gets its own answer."""

import asyncio

import pytest

from handoff_service.store.lane import AT_ONCE, MOST, Lane


class Line:
    """The far end: keeps every batch until it is let go, then answers each call with itself."""

    def __init__(self):
        self.batches, self.gate, self.news = [], asyncio.Semaphore(0), asyncio.Event()
        self.lane = Lane(self.send)

    async def send(self, calls):
        self.batches.append(list(calls))
        self.news.set()
        await self.gate.acquire()
        return [ValueError(call) if call == "bad" else call for call in calls]

    def call(self, *calls):
        return [asyncio.ensure_future(self.lane.call(call)) for call in calls]

    async def until(self, batches):
        while len(self.batches) < batches:
            self.news.clear()
            await self.news.wait()

    def let_go(self, count):
        for _ in range(count):
            self.gate.release()


@pytest.fixture
async def line():
    return Line()


async def test_calls_of_one_moment_leave_together_and_in_order(line):
    calls = line.call("a", "b", "c")
    await line.until(1)
    line.let_go(AT_ONCE)

    assert await asyncio.gather(*calls) == ["a", "b", "c"]
    assert line.batches == [["a", "b", "c"]]


async def test_a_call_does_not_wait_for_the_batch_before_it(line):
    first = line.call("a")
    await line.until(1)
    second = line.call("b")
    await line.until(2)

    line.let_go(2)
    assert await asyncio.gather(*first, *second) == ["a", "b"]


async def test_what_comes_while_the_lane_is_full_leaves_as_one(line):
    calls = []
    for number in range(AT_ONCE):
        calls += line.call(number)
        await line.until(number + 1)
    calls += line.call(*range(10, 10 + MOST + 1))
    await asyncio.sleep(0)
    assert len(line.batches) == AT_ONCE

    line.let_go(AT_ONCE + 2)
    await asyncio.gather(*calls)
    assert [len(batch) for batch in line.batches] == [1] * AT_ONCE + [MOST, 1]


async def test_the_error_of_one_call_is_its_own(line):
    good, bad = line.call("good", "bad")
    line.let_go(1)

    assert await good == "good"
    with pytest.raises(ValueError, match="bad"):
        await bad


async def test_when_nothing_can_be_sent_everybody_is_told():
    async def fail(_calls):
        raise ConnectionError("away")

    lane = Lane(fail)
    answers = await asyncio.gather(lane.call(1), lane.call(2), return_exceptions=True)

    assert [str(answer) for answer in answers] == ["away", "away"]


async def test_who_leaves_takes_nobody_along(line):
    stays, leaves = line.call("stays", "leaves")
    await line.until(1)
    leaves.cancel()
    line.let_go(1)

    assert await stays == "stays"


async def test_who_calls_again_at_once_is_not_left_behind():
    """The answer wakes its caller before the loop has noted that the batches have ended."""

    async def send(calls):
        return list(calls)

    lane = Lane(send)

    async def caller(name):
        return [await lane.call((name, number)) for number in range(20)]

    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(caller(name) for name in range(AT_ONCE)))

    assert answers == [[(name, number) for number in range(20)] for name in range(AT_ONCE)]
