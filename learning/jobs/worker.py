"""Waits for jobs and does them, one at a time; what is due by itself goes in between."""

from __future__ import annotations

import asyncio
import logging

from handoff_service.archive.errors import ArchiveError
from handoff_service.archive.learning import jobs
from learning.jobs.kinds import BY_ITSELF, is_due
from learning.jobs.runner import LeaseLost, do_job, new_owner, working
from learning.jobs.tools import Tools

logger = logging.getLogger(__name__)

#: How often it is looked for jobs, and for what is due by itself, in seconds.
LOOK_S = 1.0
BY_ITSELF_S = 30.0
#: Who asked for what is due by itself.
ITSELF = "service"


class Worker:
    """One a system is enough; of several, one works at a time."""

    def __init__(self, tools: Tools) -> None:
        """Work on the history and the project of `tools`."""
        self._tools = tools
        self._owner = new_owner()
        self._looked_s = 0.0

    async def run(self) -> None:
        """Work for ever; the history being away is waited out."""
        while True:
            try:
                busy = await self.step()
            except ArchiveError as error:
                logger.warning("the history cannot be used for now: %s", error)
                busy = False
            except LeaseLost as error:
                logger.warning("%s", error)
                busy = False
            if not busy:
                await asyncio.sleep(LOOK_S)

    async def step(self) -> bool:
        """Do the next job, if there is one; whether there was."""
        tools = self._tools
        await jobs.note_worker(tools.database, now_ms=tools.now_ms())
        if not await jobs.take_lease(tools.database, self._owner, now_ms=tools.now_ms()):
            return False
        async with working(tools, self._owner):
            job = await jobs.next_job(tools.database)
            if job is None:
                job = await self._due()
            if job is None:
                return False
            ended = await do_job(job, tools)
            if ended.asked_by == ITSELF and ended.state != "done":
                self._looked_s = asyncio.get_running_loop().time()  # not again at once
            return True

    async def _due(self) -> jobs.Job | None:
        now_s = asyncio.get_running_loop().time()
        if self._looked_s and now_s - self._looked_s < BY_ITSELF_S:
            return None
        for kind in BY_ITSELF:
            if await is_due(kind, self._tools):
                return await jobs.ask_for_job(
                    self._tools.database, kind, {}, asked_by=ITSELF, now_ms=self._tools.now_ms()
                )
        self._looked_s = now_s
        return None
