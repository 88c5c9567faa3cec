"""The jobs `promote` and `rollback`: another model and index serve, and no turn is lost."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict, replace
from typing import Any

from handoff_service.archive.learning import candidates as kept
from handoff_service.archive.learning.candidates import Candidate, Release, to_take_back
from handoff_service.archive.learning.jobs import Job
from kb_index import versions
from kb_index.model_settings import read_settings
from kb_index.searching import IndexVersion
from learning.candidates.articles import live_index
from learning.candidates.branches import merge
from learning.errors import LearningError, SwapFailed
from learning.jobs.tools import BadArguments, Tools
from learning.live import swap
from learning.training import make_current

#: States of a candidate of which it is known how good it is.
JUDGED = frozenset({"passed", "refused", "retired"})


class NotPromoted(LearningError):
    """A candidate may not go live; the text says why, and the remedy."""

    code = "not_promoted"


class NothingBefore(LearningError):
    """There is nothing to go back to."""

    code = "nothing_before"


async def promote(job: Job, tools: Tools) -> dict[str, Any]:
    """Let a candidate serve: its model, its index if that is another, and its branch merged.

    Written down before anything changes: done again after its process died it ends what was begun.

    Args of the job: candidate_id; force and note, to overrule the gate.

    Raises:
        BadArguments, NoSuchCandidate, NotPromoted: it may not; nothing has changed.
        SwapFailed: the running Rasa did not take it; the model before serves.
    """
    candidate, force, note = await _asked(job, tools)
    release_id = f"r_{job.job_id}"
    begun = await _begun(tools, release_id)
    if begun is None:
        _check(candidate, tools, force=force, note=note)
        current = tools.project.current()
        own_index = candidate.index_version not in {"", candidate.base_index}
        live = live_index(tools.data_dir)
        begun = Release(
            release_id=release_id,
            at_ms=tools.now_ms(),
            actor=job.asked_by,
            action="promote",
            state="begun",
            candidate_id=candidate.candidate_id,
            model=candidate.model,
            index_version=candidate.index_version if own_index else live,
            before_model=current.name if current else "",
            before_index=live,
            note=note,
            overruled=tuple(candidate.reasons),
        )
        _require(tools, begun)
        begun = await kept.begin_release(tools.database, begun)
    return await _carry_out(tools, begun, branch=candidate.branch)


async def rollback(job: Job, tools: Tools) -> dict[str, Any]:
    """Let serve again what served before, model and index; again, and it is the one before that.

    Raises:
        NothingBefore: there is none.
        SwapFailed: the running Rasa did not take it; what served serves on.
    """
    if job.args:
        raise BadArguments("rollback takes no arguments: it goes back by one")
    release_id = f"r_{job.job_id}"
    begun = await _begun(tools, release_id)
    if begun is None:
        current, before = tools.project.current(), tools.project.before()
        live = live_index(tools.data_dir)
        if current is None or before is None:
            raise NothingBefore(
                "no model served before the one that serves now: there is nothing to go back to"
            )
        last = to_take_back(await kept.list_releases(tools.database))
        taken = (
            last
            if last and (last.model, last.before_model) == (current.name, before.name)
            else None
        )
        changed_index = taken is not None and taken.index_version == live != taken.before_index
        begun = Release(
            release_id=release_id,
            at_ms=tools.now_ms(),
            actor=job.asked_by,
            action="rollback",
            state="begun",
            candidate_id=taken.candidate_id if taken else "",
            model=before.name,
            index_version=taken.before_index if taken and changed_index else live,
            before_model=current.name,
            before_index=live,
            takes_back=taken.release_id if taken else "",
        )
        _require(tools, begun)
        begun = await kept.begin_release(tools.database, begun)
    return await _carry_out(tools, begun, branch=None)


async def _asked(job: Job, tools: Tools) -> tuple[Candidate, bool, str]:
    """Read the arguments of `promote`; raises BadArguments, NoSuchCandidate."""
    args = job.args
    candidate_id, force, note = args.get("candidate_id"), args.get("force"), args.get("note")
    if not isinstance(candidate_id, str) or not candidate_id:
        raise BadArguments("candidate_id is missing. Remedy: baton learn candidates names them")
    if not isinstance(force, bool | None) or not isinstance(note, str | None):
        raise BadArguments("force must be true or false, and note a text")
    try:
        candidate = await kept.find_candidate(tools.database, candidate_id)
    except kept.NoSuchCandidate:
        raise BadArguments(
            f"there is no candidate {candidate_id!r}. Remedy: baton learn candidates names them"
        ) from None
    return candidate, bool(force), (note or "").strip()


def _check(candidate: Candidate, tools: Tools, *, force: bool, note: str) -> None:
    """Raise NotPromoted unless it may go live, or is let through by somebody who says why."""
    current = tools.project.current()
    if current is not None and current.name == candidate.model:
        live = live_index(tools.data_dir)
        if candidate.index_version in {"", candidate.base_index, live}:
            raise NotPromoted(f"{candidate.candidate_id} serves already")
    if candidate.state not in JUDGED:
        raise NotPromoted(
            f"{candidate.candidate_id} is {candidate.state}: it was not judged to the end. "
            "Remedy: baton learn candidate"
        )
    why = []
    if candidate.state == "refused":
        why = [reason["text"] for reason in candidate.reasons]
    served = current.name if current else ""
    if candidate.base_model != served:
        why.append(f"it was compared with {candidate.base_model}, and {served} serves now")
    own_index = candidate.index_version not in {"", candidate.base_index}
    if own_index and candidate.base_index != live_index(tools.data_dir):
        why.append(
            f"its articles were compared with index {candidate.base_index}, not the live one"
        )
    if why and not (force and note):
        remedy = (
            "Remedy: judge it again (baton learn candidate), or overrule with --force and --note"
        )
        raise NotPromoted(f"{candidate.candidate_id} may not go live: {'; '.join(why)}. {remedy}")


def _require(tools: Tools, release: Release) -> None:
    """Raise unless all that is to serve is there and can be opened."""
    if not (tools.project.models / release.model).is_file():
        raise NotPromoted(
            f"the model {release.model} is not there any more. Remedy: baton learn candidate"
        )
    if release.index_version != release.before_index:
        kb_dir = tools.data_dir / "kb"
        versions.require_version(kb_dir, release.index_version)
        model = read_settings(tools.project.model_dir)
        IndexVersion.open(kb_dir, release.index_version, model=model)


async def _begun(tools: Tools, release_id: str) -> Release | None:
    releases = await kept.list_releases(tools.database)
    return next((one for one in releases if one.release_id == release_id), None)


async def _carry_out(tools: Tools, release: Release, *, branch: str | None) -> dict[str, Any]:
    """Do what is written down; each step done twice is the same as once."""
    if release.state == "undone":
        raise NotPromoted("it was tried and taken back: the running Rasa did not take the model")
    project = tools.project
    to_merge = ""
    if release.state == "begun":
        await tools.report("rasa", 0.1)
        new, old = project.models / release.model, project.models / release.before_model
        rasa = running_rasa()
        if rasa is not None:
            url, token = rasa
            try:
                await asyncio.to_thread(
                    swap, url, token=token, new=new, old=old if release.before_model else None
                )
            except SwapFailed:
                await kept.end_release(
                    tools.database, release, state="undone", now_ms=tools.now_ms()
                )
                raise
        await tools.report("files", 0.6)
        if branch is not None:
            to_merge = await merge(project.root, branch)
        make_current(project, new)
        _change_index(tools, release, articles_follow=branch is None or not to_merge)
        await tools.report("written down", 0.9)
        await kept.end_release(tools.database, release, state="done", now_ms=tools.now_ms())
        release = replace(release, state="done")
    return {
        **asdict(release),
        "overruled": list(release.overruled),
        "running": running_rasa() is not None,
        "merge": to_merge,
    }


def _change_index(tools: Tools, release: Release, *, articles_follow: bool) -> None:
    """Make the index live; the next build must not undo it while the articles are the old ones."""
    kb_dir = tools.data_dir / "kb"
    if release.index_version in {release.before_index, live_index(tools.data_dir)}:
        return
    with versions.one_build_at_a_time(kb_dir):
        if release.action == "rollback" or not articles_follow:
            versions.go_back(kb_dir, release.index_version, now_ms=tools.now_ms())
        else:
            versions.go_live(kb_dir, release.index_version, now_ms=tools.now_ms())


def running_rasa() -> tuple[str, str] | None:
    """Return address and token of the Rasa that serves, as the environment names it; None: none."""
    url, token = os.environ.get("BATON_RASA_URL"), os.environ.get("BATON_RASA_TOKEN")
    return (url.rstrip("/"), token) if url and token else None
