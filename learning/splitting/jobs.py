"""The jobs `split_start` and `split_stop`: what people ask for; `keeper.py` does it."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from typing import Any

from handoff_service.archive.learning import splits
from handoff_service.archive.learning.candidates import NoSuchCandidate, find_candidate
from handoff_service.archive.learning.jobs import Job
from handoff_service.archive.learning.splits import Split
from learning.jobs.kinds import work_of
from learning.jobs.tools import BadArguments, JobCancelled, Tools
from learning.splitting.errors import EngineFailed, SplitRefused

#: Smallest and largest share of new conversations that a candidate may answer.
LEAST, MOST = 0.01, 0.9
#: The process that learns looks every second; silent for so long (ms), it does not run. Longer than
#: a dead one keeps its claim.
KEEPER_MS = splits.KEEPER_MS + 10_000
LOOK_S = 0.5


async def start(job: Job, tools: Tools) -> dict[str, Any]:
    """Let a candidate answer a share of new conversations: {"candidate_id", "share"}.

    Returns once the candidate answers.

    Raises:
        BadArguments: no candidate, or a share out of bounds.
        SplitRefused: it has not passed the gate, is live already, or another split goes on.
        EngineFailed: its Rasa does not answer; the split is over.
    """
    candidate_id, share = _arguments(job.args)
    split_id = f"sp_{job.job_id.removeprefix('j_')}"  # the same when the job is done again
    split = await splits.find_split(tools.database, split_id)
    if split is None:
        split = await _ask(tools, split_id, candidate_id, share=share, asked_by=job.asked_by)
    try:
        return asdict(await _wait(tools, split))
    except JobCancelled:
        await splits.end_split(
            tools.database, split_id, why="asked", actor=job.asked_by, now_ms=tools.now_ms()
        )
        raise


async def stop(job: Job, tools: Tools) -> dict[str, Any]:
    """End the split that goes on; {"promote": true}: the candidate goes live first.

    Returns the split and, as `released`, what the job `promote` returns; None without.

    Raises:
        BadArguments: `promote` is neither true nor false.
        SplitRefused: none goes on.
    """
    promote = job.args.get("promote", False)
    if not isinstance(promote, bool):
        raise BadArguments("promote must be true or false")
    split = await splits.open_split(tools.database)
    if split is None:
        done = await splits.latest_split(tools.database)
        if done is not None and (done.ended_ms or 0) >= job.asked_ms:
            return asdict(done) | {"released": None}  # the job is done again
        raise SplitRefused("no split goes on. `baton learn split show` tells of the last one")
    released = None
    if promote:
        await tools.report("the candidate goes live")
        wish = replace(job, kind="promote", args={"candidate_id": split.candidate_id})
        released = await work_of("promote")(wish, tools)
    await splits.end_split(
        tools.database,
        split.split_id,
        why="promoted" if promote else "asked",
        actor=job.asked_by,
        now_ms=tools.now_ms(),
    )
    ended = await splits.find_split(tools.database, split.split_id)
    return asdict(ended or split) | {"released": released}


def _arguments(args: dict[str, Any]) -> tuple[str, float]:
    candidate_id, share = args.get("candidate_id"), args.get("share")
    if not isinstance(candidate_id, str) or not candidate_id:
        raise BadArguments("candidate_id is missing: baton learn candidates names them")
    is_number = isinstance(share, int | float) and not isinstance(share, bool)
    if not is_number or not LEAST <= float(share or 0) <= MOST:
        raise BadArguments(f"share must be a number from {LEAST} to {MOST}, not {share!r}")
    return candidate_id, float(share or 0)


async def _ask(
    tools: Tools, split_id: str, candidate_id: str, *, share: float, asked_by: str
) -> Split:
    database = tools.database
    other = await splits.open_split(database)
    if other is not None:
        raise SplitRefused(
            f"a split with {other.candidate_id} goes on. Remedy: end it first: "
            "baton learn split stop"
        )
    try:
        candidate = await find_candidate(database, candidate_id)
    except NoSuchCandidate:
        raise BadArguments(
            f"there is no candidate {candidate_id!r}. Remedy: baton learn candidates names them"
        ) from None
    if candidate.state != "passed":
        raise SplitRefused(
            f"{candidate_id} is {candidate.state}: customers get only what has passed the gate. "
            "Remedy: its report says what is missing"
        )
    live = tools.project.current()
    own_index = candidate.index_version not in {"", candidate.base_index}
    if live is not None and live.name == candidate.model and not own_index:
        raise SplitRefused(f"{candidate_id} is what serves: there is nothing to compare")
    return await splits.ask_for_split(
        database,
        split_id=split_id,
        candidate_id=candidate_id,
        model=candidate.model,
        index_version=candidate.index_version if own_index else None,
        live_model=live.name if live else "",
        share=share,
        asked_by=asked_by,
        now_ms=tools.now_ms(),
    )


async def _wait(tools: Tools, split: Split) -> Split:
    """Return the split once the candidate answers. Raises EngineFailed."""
    said = ""
    while split.state == "starting":
        line, said = ("" if split.problem == said else split.problem), split.problem
        await tools.report("the candidate's Rasa starts", None, line)
        silent_ms = tools.now_ms() - max(split.asked_ms, split.kept_ms)
        if silent_ms > KEEPER_MS:
            why = "the process that learns does not run. Remedy: baton up, or python -m learning"
            await splits.end_split(
                tools.database,
                split.split_id,
                why="failed",
                actor=split.asked_by,
                now_ms=tools.now_ms(),
                problem=why,
            )
            raise EngineFailed(why)
        await asyncio.sleep(LOOK_S)
        split = await splits.find_split(tools.database, split.split_id) or split
    if split.ended_why == "failed":
        raise EngineFailed(f"the candidate's Rasa does not answer: {split.problem}")
    return split
