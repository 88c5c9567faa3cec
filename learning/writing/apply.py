"""Writes what was accepted: a commit on a branch of a checkout, else files with a backup."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from handoff_service.archive.learning.accepted import mark_decisions
from handoff_service.archive.learning.jobs import Job
from handoff_service.archive.learning.suggestions import mark_suggestions
from learning.jobs.tools import Tools
from learning.writing import in_place
from learning.writing.catalogue import publish_catalogue
from learning.writing.git import BRANCHES, worktree_of
from learning.writing.places import Place, find_place, plan_at
from learning.writing.plan import Plan
from learning.writing.preview import arguments
from learning.writing.reading import day_of, read_accepted
from learning.writing.taking_back import take_back

#: People named in a commit beside its author.
MOST_NAMED = 20


async def apply(job: Job, tools: Tools) -> dict[str, Any]:
    """Write what was accepted; done again with the same job, it goes on where it was cut off.

    Args of the job: `onto` as of `preview`; or `discard`, a branch of ours or a backup to take
    back, whose decisions then wait again.

    Returns:
        folder, branch, commit, worktree, backup (those that there are), counts, problems, files.

    Raises:
        BadArguments: other arguments, or nothing of that name to take back.
        NotWritten: a file cannot be read, edited or replaced; all stand as before.
        GitRefused: git's words.
    """
    args = arguments(job, {"onto", "discard"})
    if "discard" in args:
        return await take_back(args["discard"], tools)
    for folder in await asyncio.to_thread(in_place.unfinished, tools.data_dir):
        await _finish(folder, job, tools)
    place = await asyncio.to_thread(find_place, tools.project.root, args.get("onto"))
    write = _write_in_place if place.checkout is None else _commit
    result = await write(job, tools, place)
    await publish_catalogue(tools)
    await tools.report("written", 1.0)
    return {"folder": place.folder} | result


async def _write_in_place(job: Job, tools: Tools, place: Place) -> dict[str, Any]:
    folder = in_place.backups(tools.data_dir) / job.job_id
    done = await asyncio.to_thread(in_place.read_journal, folder)
    if done is not None:  # by a process that died before it could say so
        return {"backup": job.job_id, "files": [entry.path for entry in done.entries]}
    plan = await _plan(tools, place)
    if not plan.files:
        return await _nothing(job, tools, plan)
    await tools.report("writing", 0.6)
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await asyncio.to_thread(
        in_place.stage,
        folder,
        plan.files,
        decision_ids=plan.decision_ids,
        suggestion_ids=plan.suggestion_ids,
    )
    await _finish(folder, job, tools)
    return {"backup": job.job_id} | _told(plan)


async def _finish(folder: Path, job: Job, tools: Tools) -> None:
    """Put in place what a journal says, note it, and say in the journal that it is done."""
    journal = await asyncio.to_thread(in_place.put_in_place, tools.project.root, folder)
    await _mark(tools, job, journal, applied=f"backup:{folder.name}")
    await asyncio.to_thread(in_place.write_journal, folder, replace(journal, state="done"))


async def _commit(job: Job, tools: Tools, place: Place) -> dict[str, Any]:
    checkout = place.checkout
    assert checkout is not None  # noqa: S101 (`apply` looked)
    own = re.sub("[^a-z0-9]", "", job.job_id.casefold())[-6:]
    branch = f"{BRANCHES}{day_of(job.asked_ms)}-{own}"
    worktree = worktree_of(tools.data_dir, branch)
    where = {"branch": branch, "worktree": str(worktree)}
    notes = tools.data_dir / "learning" / "applied" / job.job_id
    commit = await asyncio.to_thread(checkout.find_commit, branch, job.job_id)
    journal = await asyncio.to_thread(in_place.read_journal, notes)
    if commit is not None and journal is not None:  # a process died before it could say so
        await _mark(tools, job, journal, applied=commit)
        return where | {"commit": commit, "files": [entry.path for entry in journal.entries]}
    plan = await _plan(tools, place)
    if not plan.files:
        return await _nothing(job, tools, plan)
    await tools.report("writing", 0.6)
    journal = _journal(plan)
    await asyncio.to_thread(in_place.write_journal, notes, journal)
    await asyncio.to_thread(checkout.begin, branch, place.base, worktree)
    commit = await asyncio.to_thread(
        checkout.commit,
        worktree,
        plan.files,
        message=_message(plan),
        author=_author(plan.people),
        job_id=job.job_id,
    )
    await _mark(tools, job, journal, applied=commit)
    return where | {"commit": commit} | _told(plan)


async def _plan(tools: Tools, place: Place) -> Plan:
    await tools.report("reading", 0.0)
    accepted = await read_accepted(tools.database)
    await tools.report("computing", 0.3)
    today = day_of(tools.now_ms())
    return await asyncio.to_thread(plan_at, tools.project.root, place, accepted, today=today)


async def _nothing(job: Job, tools: Tools, plan: Plan) -> dict[str, Any]:
    """Note as done what the files hold already; nothing is written."""
    await _mark(tools, job, _journal(plan), applied=f"known:{job.job_id}")
    return _told(plan)


async def _mark(tools: Tools, job: Job, journal: in_place.Journal, *, applied: str) -> None:
    database = tools.database
    await mark_suggestions(database, journal.suggestion_ids, applied=applied)
    await mark_decisions(
        database,
        journal.decision_ids,
        applied=applied,
        actor=job.asked_by,
        now_ms=tools.now_ms(),
    )


def _journal(plan: Plan) -> in_place.Journal:
    entries = tuple(in_place.Entry(change.path, "", "") for change in plan.files)
    return in_place.Journal("done", entries, plan.decision_ids, plan.suggestion_ids)


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "files": [change.path for change in plan.files],
        "counts": plan.counts,
        "problems": [asdict(problem) for problem in plan.problems],
    }


def _message(plan: Plan) -> str:
    """Say in a commit what it holds, and by whom it was decided."""
    words = {
        "examples": "phrases",
        "held_out": "held-out phrases",
        "intents": "new intents",
        "questions": "pinned questions",
        "drafts": "drafts of articles",
    }
    parts = [f"{plan.counts[name]} {word}" for name, word in words.items() if plan.counts[name]]
    named = [f"Reviewed-by: {_line(name)}" for name in plan.people[:MOST_NAMED]]
    return "\n".join([f"learning: Add {', '.join(parts) or 'what was decided'}", "", *named])


def _author(people: Sequence[str]) -> str:
    """Return whoever decided most, as git writes an author; people here have no mail address."""
    return f"{_line(people[0]) if people else 'Baton'} <reviewer@localhost>"


def _line(name: str) -> str:
    return re.sub(r"[<>\x00-\x1f]", " ", name).strip() or "Baton"
