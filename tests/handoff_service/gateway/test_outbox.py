"""What a socket has to send leaves in order, costs nothing while there is none, and is bounded."""

import asyncio

import pytest

from handoff_service.gateway.outbox import Outbox, SlowReader


class Page:
    """The other side: takes items while `open` is set, reads until `left` is set."""

    def __init__(self, size=3):
        self.got, self.news = [], asyncio.Event()
        self.open, self.left = asyncio.Event(), asyncio.Event()
        self.open.set()
        self.box = Outbox(size, self.take)

    async def take(self, item):
        await self.open.wait()
        if isinstance(item, Exception):
            raise item
        self.got.append(item)
        self.news.set()

    async def read(self):
        await self.left.wait()

    async def until(self, count):
        while len(self.got) < count:
            self.news.clear()
            await self.news.wait()


@pytest.fixture
async def page():
    return Page()


def tasks():
    return len(asyncio.all_tasks())


async def test_items_leave_in_order_before_and_after_the_start(page):
    page.box.put(1)
    running = asyncio.ensure_future(page.box.run(page.read))
    await page.until(1)
    page.box.put(2)
    page.box.put(3)
    await page.until(3)

    page.left.set()
    await running
    assert page.got == [1, 2, 3]


async def test_a_silent_socket_has_no_task_of_its_own(page):
    before = tasks()
    running = asyncio.ensure_future(page.box.run(page.read))
    page.box.put(1)
    await page.until(1)
    await asyncio.sleep(0)
    assert tasks() == before + 1

    page.left.set()
    await running


@pytest.mark.parametrize("early", [True, False])
async def test_too_much_ends_the_socket_even_while_a_send_hangs(page, early):
    page.open.clear()
    if early:
        for item in range(4):
            page.box.put(item)
    running = asyncio.ensure_future(page.box.run(page.read))
    await asyncio.sleep(0)
    for item in range(5):
        page.box.put(item)

    with pytest.raises(SlowReader):
        await running
    assert page.got == []
    page.box.put("late")  # what the fan-out still holds harms nobody


@pytest.mark.parametrize("error", [ConnectionResetError("gone"), SlowReader()])
async def test_a_failed_send_ends_the_socket_with_its_error(page, error):
    running = asyncio.ensure_future(page.box.run(page.read))
    page.box.put(error)

    with pytest.raises(type(error)):
        await running
    page.box.put("late")


async def test_an_error_of_the_reader_and_of_another_job_comes_through(page):
    async def fail():
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError, match="gone"):
        await page.box.run(fail)
    with pytest.raises(ConnectionResetError, match="gone"):
        await page.box.run(page.read, fail())


async def test_who_leaves_takes_hanging_sends_and_other_jobs_along(page):
    page.open.clear()
    before = tasks()
    running = asyncio.ensure_future(page.box.run(page.read, asyncio.sleep(3600)))
    page.box.put(1)
    await asyncio.sleep(0)
    page.left.set()

    await running
    assert tasks() == before


async def test_a_cancelled_socket_is_cancelled(page):
    running = asyncio.ensure_future(page.box.run(page.read))
    await asyncio.sleep(0)
    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
