"""What one socket has still to be sent: bounded, in order, and free while there is nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class SlowReader(Exception):
    """The other side does not read what it is sent."""


class Outbox(Generic[T]):
    """Too much of it ends the socket.

    Of thousands of sockets most are silent: a task sends while there is something to send, and none
    waits for it.
    """

    def __init__(self, size: int, send: Callable[[T], Awaitable[None]]) -> None:
        """Keep up to `size` items for `send`, which is given one after the other."""
        self._size = size
        self._send = send
        self._items: list[T] = []
        self._overflowed = False
        self._tasks: asyncio.TaskGroup | None = None  # while items may be sent
        self._sender: asyncio.Task[None] | None = None

    def put(self, item: T) -> None:
        """Add an item; never waits. When there is no room the socket is given up."""
        if len(self._items) < self._size:
            self._items.append(item)
        else:
            self._overflowed = True
        self._wake()

    async def run(
        self,
        read: Callable[[], Awaitable[None]],
        *others: Coroutine[Any, Any, None],
        drain: bool = False,
    ) -> None:
        """Send what is put, until `read` ends; run `others` meanwhile.

        `drain`: what was put by then is sent as well; else it is dropped with the connection.

        Raises:
            SlowReader: there was no room for an item.
            Exception: whatever the first of them raised.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                running = [tasks.create_task(other) for other in others]
                self._tasks = tasks
                self._wake()
                await read()
                if drain and self._sender is not None:
                    await self._sender
                self._tasks = None
                for task in [*running, *([self._sender] if self._sender else [])]:
                    task.cancel()
        except BaseExceptionGroup as group:  # noqa: F821 - ruff looks for the names of Python 3.10
            raise group.exceptions[0] from None
        finally:
            self._tasks = None

    def _wake(self) -> None:
        tasks = self._tasks
        if tasks is None:
            return
        if self._overflowed:
            self._tasks = None
            tasks.create_task(_give_up())
        elif self._sender is None:
            self._sender = tasks.create_task(self._empty())

    async def _empty(self) -> None:
        try:
            while self._items:
                await self._send(self._items.pop(0))
        except BaseException:
            self._tasks = None  # the socket ends: nothing more is sent
            raise
        self._sender = None


async def _give_up() -> None:
    raise SlowReader
