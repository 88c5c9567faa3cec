"""The job `unlearn`: what customers who were erased leave in what the bot has learned."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from handoff_service.archive.erasures import Erased, note_unlearned, to_unlearn
from handoff_service.archive.learning import jobs
from handoff_service.archive.learning.forgetting import forget_texts
from handoff_service.archive.learning.jobs import Job
from learning.candidates.page import refresh_pages
from learning.forgetting import git
from learning.forgetting.files import find_theirs, forget_in_files
from learning.forgetting.models import (
    forget_in_models,
    is_replaced,
    models_with,
    remove_models,
)
from learning.jobs.tools import Tools
from learning.writing.catalogue import publish_catalogue

#: Who asks for the training anew.
ASKED_BY = "service"


async def is_due(tools: Tools) -> bool:
    """Whether somebody was erased since, or a model of before has been replaced."""
    return any(_is_due(tools, each) for each in await to_unlearn(tools.database))


def _is_due(tools: Tools, erased: Erased) -> bool:
    known = erased.unlearned
    return "counts" not in known or is_replaced(tools.project, known["models"])


async def run(_job: Job, tools: Tools) -> dict[str, Any]:
    """Take out what came of everybody who was erased; train anew where it was trained with.

    Models that were trained with it serve until another is promoted, and are deleted then.

    Returns people, counts by kind, and which job trains anew.

    Raises:
        NotForgotten: a file cannot be read or written; the job is to be repeated.
        ArchiveUnavailable: the same.
    """
    totals: Counter[str] = Counter()
    due = [each for each in await to_unlearn(tools.database) if _is_due(tools, each)]
    retrain = False
    for number, erased in enumerate(due):
        await tools.report("forget", number / len(due), erased.erasure_id)
        known = erased.unlearned
        if "counts" not in known:
            known = await _forget(tools, erased)
            retrain = retrain or bool(known["models"])
            totals.update(known["counts"])
        finished = is_replaced(tools.project, known["models"])
        if finished and known["models"]:
            totals["models"] += remove_models(tools.project, known["models"])
            known = known | {"models": [], "models_removed": known["models"]}
        await note_unlearned(
            tools.database, erased.erasure_id, known, now_ms=tools.now_ms() if finished else None
        )
    await refresh_pages(tools.database)
    asked = await _ask_for_candidate(tools) if retrain else None
    return {"people": len(due), "counts": dict(totals), "candidate_job": asked}


async def _forget(tools: Tools, erased: Erased) -> dict[str, Any]:
    """Take one person out; return what is to be told of it.

    Which models know them is noted first, and the side files that tell change last: whoever is
    interrupted finds the rest again.
    """
    project, ids = tools.project, set(erased.conversation_ids)
    theirs = await asyncio.to_thread(find_theirs, project.root, tools.data_dir, ids)
    models = await asyncio.to_thread(models_with, project, theirs.phrases, day=theirs.day)
    models = sorted({*models, *erased.unlearned.get("models", ())})
    await note_unlearned(tools.database, erased.erasure_id, {"models": models}, now_ms=None)
    reports = await forget_texts(tools.database, theirs.texts)
    await asyncio.to_thread(forget_in_models, project, theirs.phrases)
    known = await asyncio.to_thread(_forget_files, tools, ids)
    if known["counts"]:
        await publish_catalogue(tools)
    if reports:
        known["counts"]["reports"] = reports
    return known | {"models": models}


def _forget_files(tools: Tools, ids: set[str]) -> dict[str, Any]:
    root = tools.project.root
    in_git = git.is_checkout(root)
    # Before anything changes: only what was as committed can be committed without it.
    clean = git.unchanged(root) if in_git else set()
    forgotten = forget_in_files(root, tools.data_dir, ids)
    changed = forgotten.changed.pop(root, set())
    for copy, files in forgotten.changed.items():
        if (copy / ".git").exists():  # a worktree
            git.commit(copy, sorted(files))
    return {
        "counts": dict(forgotten.counts),
        "commit": git.commit(root, sorted(changed & clean)) if in_git else "",
        #: Where somebody else's changes wait: theirs to commit.
        "uncommitted": sorted(
            path.relative_to(root).as_posix() for path in (changed - clean if in_git else ())
        ),
        "to_check": forgotten.to_check,
        #: The history of git is nobody's to rewrite: what it holds is masked.
        "commits": git.commits_with(root, ids) if in_git else [],
        "branches": git.branches_with(root, ids) if in_git else [],
    }


async def _ask_for_candidate(tools: Tools) -> str:
    """Have a model trained without them; it goes live as any other does, through the gate."""
    waiting = next(
        (
            job
            for job in await jobs.list_jobs(tools.database)
            if job.kind == "candidate" and job.state == "queued" and not job.args
        ),
        None,
    )
    if waiting is None:
        waiting = await jobs.ask_for_job(
            tools.database, "candidate", {}, asked_by=ASKED_BY, now_ms=tools.now_ms()
        )
    return waiting.job_id
