"""Does one job: holds the lease meanwhile, tells how far it is, writes down how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from handoff_service.archive.errors import ArchiveError, ArchiveUnavailable
from handoff_service.archive.learning import jobs
from handoff_service.archive.learning.jobs import Job
from kb_index.errors import KbError
from learning.errors import LearningError
from learning.jobs.kinds import work_of
from learning.jobs.tools import JobCancelled, Tools

logger = logging.getLogger(__name__)

#: Progress is written at most so often, in seconds.
TELL_S = 0.5

Say = Callable[[str, float | None, str], None]


class LeaseLost(LearningError):
    """Another process works now: this one was silent for too long."""

    code = "lease_lost"


def new_owner() -> str:
    """Return a name for one process that works."""
    return f"w_{secrets.token_urlsafe(9)}"


@contextlib.asynccontextmanager
async def working(tools: Tools, owner: str) -> AsyncIterator[None]:
    """Keep the lease while the block runs; it is cut off with LeaseLost when the lease is lost."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 (a coroutine runs in a task)
    lost = False

    async def beat() -> None:
        nonlocal lost
        held_s = time.monotonic()
        while True:
            await asyncio.sleep(jobs.BEAT_MS / 1000)
            with contextlib.suppress(ArchiveUnavailable):
                if not await jobs.take_lease(tools.database, owner, now_ms=tools.now_ms()):
                    break
                held_s = time.monotonic()
            if time.monotonic() - held_s > jobs.LEASE_MS / 1000:
                break
        lost = True
        task.cancel()

    beating = asyncio.create_task(beat(), name="lease of learning")
    try:
        yield
    except asyncio.CancelledError:
        if lost:
            task.uncancel()
            raise LeaseLost("another process works on this history now") from None
        raise
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating
        with contextlib.suppress(ArchiveError):
            await jobs.give_up_lease(tools.database, owner)


async def do_job(job: Job, tools: Tools, *, say: Say | None = None) -> Job:
    """Do a job under the lease that the caller holds; return it as it ended.

    A mistake of the user, and a fault of ours, end as `failed`; only ArchiveUnavailable is raised,
    and leaves the job to be done again.
    """
    database = tools.database
    if not await jobs.begin_job(database, job.job_id, now_ms=tools.now_ms()):
        return await jobs.find_job(database, job.job_id)
    telling = replace(tools, tell=_teller(job, tools, say))
    state, result, error = "done", dict[str, Any](), ""
    try:
        result = await work_of(job.kind)(job, telling)
    except JobCancelled:
        state, error = "cancelled", "cancelled"
    except ArchiveUnavailable:
        raise
    except (LearningError, KbError, ArchiveError) as failure:
        state, error = "failed", str(failure) or type(failure).__name__
    except Exception as failure:
        logger.exception("job %s (%s) failed", job.job_id, job.kind)
        state = "failed"
        error = f"an error of Baton's own ({type(failure).__name__}): the log of learning says more"
    return await jobs.end_job(
        database, job.job_id, state=state, result=result, error=error, now_ms=tools.now_ms()
    )


def _teller(job: Job, tools: Tools, say: Say | None) -> Any:  # a Report
    told_s = 0.0
    last = ""

    async def tell(step: str, share: float | None, line: str) -> None:
        nonlocal told_s, last
        if say is not None:
            say(step, share, line)
        if step == last and time.monotonic() - told_s < TELL_S:
            return
        told_s, last = time.monotonic(), step
        wanted = await jobs.note_progress(
            tools.database, job.job_id, step=step, share=share, line=line, now_ms=tools.now_ms()
        )
        if not wanted:
            raise JobCancelled("cancelled")

    return tell
