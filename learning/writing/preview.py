"""Computes what writing would change, as unified diffs, without touching a file."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from handoff_service.archive.learning.accepted import fingerprint
from handoff_service.archive.learning.changes import Changes, write_changes
from handoff_service.archive.learning.jobs import Job
from learning.jobs.tools import BadArguments, Tools
from learning.writing.places import find_place, plan_at
from learning.writing.plan import Plan, kind_of
from learning.writing.reading import day_of, read_accepted


async def preview(job: Job, tools: Tools) -> dict[str, Any]:
    """Compute what `apply` would change and keep it for the console.

    Args of the job: `onto`, a branch of ours, or HEAD, to begin at; without it the latest of our
    branches that goes on from HEAD.

    Raises:
        BadArguments: another argument.
        NotWritten: a training file cannot be read.
        GitRefused: git's words.
    """
    args = arguments(job, {"onto"})
    root = tools.project.root
    await tools.report("reading", 0.0)
    stamp = await fingerprint(tools.database)
    accepted = await read_accepted(tools.database)
    await tools.report("computing", 0.3)
    place = await asyncio.to_thread(find_place, root, args.get("onto"))
    today = day_of(tools.now_ms())
    plan = await asyncio.to_thread(plan_at, root, place, accepted, today=today)
    changes = Changes(
        computed_ms=tools.now_ms(),
        fingerprint=stamp,
        folder=place.folder,
        branch=place.base,
        files=await asyncio.to_thread(_shown, plan),
        counts=plan.counts,
        problems=[asdict(problem) for problem in plan.problems],
    )
    await write_changes(tools.database, changes)
    return {name: value for name, value in asdict(changes).items() if name != "fingerprint"}


def arguments(job: Job, known: set[str]) -> dict[str, str]:
    """Return a job's arguments that are texts. Raises BadArguments for any other."""
    for name, value in job.args.items():
        if name not in known:
            raise BadArguments(f"{name}: unknown; expected {', '.join(sorted(known))} or nothing")
        if value is not None and not isinstance(value, str):
            raise BadArguments(f"{name}: expected a text, not {value!r}")
    return {name: value for name, value in job.args.items() if value}


def _shown(plan: Plan) -> list[dict[str, Any]]:
    files = []
    for change in plan.files:
        diff, added, removed = change.diff()
        kind = kind_of(change.path)
        files.append(
            {"path": change.path, "kind": kind, "diff": diff, "added": added, "removed": removed}
        )
    return files
