"""Owns background tasks: named, looked at, cancelled and awaited at the end."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

logger = logging.getLogger(__name__)


class Supervisor:
    """Starts tasks that should run as long as the process; one that ends by itself is fatal.

    `failed` resolves to the name of the first task that crashed or returned; whoever runs the
    process awaits it, stops everything and exits, to be started anew in a known state.
    """

    def __init__(self) -> None:
        """Make it inside a running loop."""
        self.failed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` under `name` until `aclose`."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def aclose(self) -> None:
        """Cancel every task and wait until each has cleaned up."""
        self._closing = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if not self.failed.done():
            self.failed.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            logger.critical("task %s crashed", task.get_name(), exc_info=error)
        elif not self._closing:
            logger.critical("task %s ended by itself", task.get_name())
        if not self._closing and not self.failed.done():
            self.failed.set_result(task.get_name())
