"""Do a job in this very process, as the command line does: the console sees it all the same."""

from __future__ import annotations

import asyncio
from typing import Any

from handoff_service.archive.learning import jobs
from handoff_service.archive.learning.jobs import Job
from learning.jobs.runner import Say, do_job, new_owner, working
from learning.jobs.tools import Tools

#: How often it is looked whether the others have finished, in seconds.
LOOK_S = 1.0


async def run_here(
    kind: str, args: dict[str, Any], *, tools: Tools, asked_by: str, say: Say | None = None
) -> Job:
    """Do a job now, or as soon as whoever works has finished; return it as it ended.

    Raises:
        ArchiveUnavailable: the history cannot be used.
    """
    owner = new_owner()
    waiting = False
    while not await jobs.take_lease(tools.database, owner, now_ms=tools.now_ms()):
        if not waiting and say is not None:
            say("waiting for other work to end", None, "")
        waiting = True
        await asyncio.sleep(LOOK_S)
    async with working(tools, owner):
        job = await jobs.ask_for_job(
            tools.database, kind, args, asked_by=asked_by, now_ms=tools.now_ms()
        )
        return await do_job(job, tools, say=say)
