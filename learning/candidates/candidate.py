"""The job `candidate`: train a model beside the live one, judge it, say whether it may serve."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from handoff_service.archive.learning import candidates as kept
from handoff_service.archive.learning.candidates import Candidate
from handoff_service.archive.learning.jobs import Job
from handoff_service.archive.learning.replays import read_conversations
from handoff_service.ids import new_id
from kb_index.errors import KbError
from learning.candidates.articles import ask_golden, build_articles, live_index
from learning.candidates.branches import Source, find_source
from learning.candidates.gate import why_refused
from learning.candidates.judging import judge_understanding
from learning.candidates.page import write_page
from learning.candidates.phrases import note_phrases
from learning.candidates.programs import run_program
from learning.candidates.replay import replay
from learning.candidates.rules import read_gate
from learning.candidates.scripts import read_scripts
from learning.errors import LearningError
from learning.jobs.tools import BadArguments, Tools
from learning.training import training_command

#: What `candidate` may be asked for.
ARGUMENTS = frozenset({"branch", "since_ms", "conversations"})
#: Conversations that are asked again unless told otherwise: the latest, of the last day.
CONVERSATIONS = 200
DAY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Trial:
    """A candidate on its way: what it is made from, and what is known of it so far."""

    candidate: Candidate
    source: Source
    tools: Tools
    report: dict[str, Any]

    @property
    def base(self) -> Path | None:
        """The model that served when it began, if it is still there."""
        file = self.tools.project.models / self.candidate.base_model
        return file if self.candidate.base_model and file.is_file() else None

    @property
    def model(self) -> Path:
        """The candidate's own."""
        return self.tools.project.models / self.candidate.model

    def says(self, step: str, low: float, high: float) -> Callable[[str], Awaitable[None]]:
        """Return what tells the lines of a program, as a step between two shares of the whole."""
        lines = 0

        async def tell(line: str) -> None:
            nonlocal lines
            lines += bool(line)
            await self.tools.report(step, low + (high - low) * (1 - 0.9**lines), line)

        return tell


async def run(job: Job, tools: Tools) -> dict[str, Any]:
    """Train and judge what the project holds, or a branch of it; the live bot is not touched.

    Done again after its process died, it goes on where it was: a trained model, a built index and
    each fold of phrases are found again by their content.

    Args of the job: branch (None: the folder as it is), since_ms and conversations (how much of the
    history is asked again).

    Raises:
        BadArguments, DataBroken, TrainingFailed, NoSuchBranch: each names the thing and the remedy.
    """
    trial = await _begin(job, tools)
    try:
        return await _try(trial)
    except (LearningError, KbError) as error:
        await _note(trial, state="failed", reasons=[{"code": error.code, "text": str(error)}])
        raise


async def _begin(job: Job, tools: Tools) -> Trial:
    if unknown := set(job.args) - ARGUMENTS:
        raise BadArguments(
            f"unknown argument {min(unknown)!r} of candidate. "
            f"Remedy: one of {', '.join(sorted(ARGUMENTS))}"
        )
    branch = job.args.get("branch") or None
    if branch is not None and not isinstance(branch, str):
        raise BadArguments("branch must be the name of a branch")
    for name in ("since_ms", "conversations"):
        number = job.args.get(name, 0)
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise BadArguments(f"{name} must be a whole number from 0 on, not {number!r}")
    await tools.report("prepare", 0.0)
    source = await find_source(tools.project, tools.data_dir, branch)
    base = tools.project.current()
    now_ms = tools.now_ms()
    wanted = Candidate(
        candidate_id=new_id("c"),
        created_ms=now_ms,
        changed_ms=now_ms,
        asked_by=job.asked_by,
        branch=branch,
        revision=source.revision,
        base_model=base.name if base else "",
        model=source.project.model_file().name,
        base_index=live_index(tools.data_dir),
        index_version="",
        state="training",
        reasons=[],
    )
    found = await kept.begin_candidate(tools.database, wanted, job_id=job.job_id)
    # Its process died, and the content or what serves changed meanwhile: what holds now counts.
    found = replace(wanted, candidate_id=found.candidate_id, created_ms=found.created_ms)
    trial = Trial(found, source, tools, {"asked": job.args})
    await _note(
        trial,
        state="training",
        reasons=[],
        model=found.model,
        base_model=found.base_model,
        base_index=found.base_index,
        revision=found.revision,
    )
    return trial


async def _try(trial: Trial) -> dict[str, Any]:
    tools, project = trial.tools, trial.source.project
    rules = read_gate(project.root / "data")
    await _train(trial)
    trial, articles = await _index(trial)
    await _note(trial, state="judging", index_version=trial.candidate.index_version)
    report = trial.report | {
        "candidate": trial.candidate.candidate_id,
        "branch": trial.candidate.branch,
        "base": {"model": trial.candidate.base_model, "index": trial.candidate.base_index},
        "model": trial.candidate.model,
        "index": trial.candidate.index_version,
        "articles": articles,
    }
    report |= await judge_understanding(
        project,
        base_project=tools.project if tools.project.model_file() == trial.base else project,
        base=trial.base,
        candidate=trial.model,
        rules=rules,
        folder=tools.project.models.parent / "cache" / "crossfit",
        tell=trial.says("understand", 0.35, 0.70),
    )
    await tools.report("golden", 0.70)
    report["golden"] = await asyncio.to_thread(
        ask_golden,
        project,
        tools.data_dir,
        version=trial.candidate.index_version,
        live=trial.candidate.base_index,
    )
    report |= await _ask_again(trial)
    await tools.report("judge", 0.98)
    reasons = [one.as_json() for one in why_refused(report, rules)]
    report["reasons"], report["rules"] = reasons, rules.model_dump()
    report["state"] = state = "refused" if reasons else "passed"
    report["created_ms"] = trial.candidate.created_ms
    page = write_page(report)
    await _note(trial, state=state, reasons=reasons, report=report, page=page)
    return {
        "candidate_id": trial.candidate.candidate_id,
        "state": state,
        "model": trial.candidate.model,
        "index_version": trial.candidate.index_version,
        "reasons": reasons,
    }


async def _ask_again(trial: Trial) -> dict[str, Any]:
    """Ask both models the latest conversations and the scripted ones; nothing where none serves."""
    tools, candidate = trial.tools, trial.candidate
    asked = trial.report["asked"]
    since_ms = asked.get("since_ms", candidate.created_ms - DAY_MS)
    limit = asked.get("conversations", CONVERSATIONS)
    base = trial.base
    unchanged = (candidate.base_model, candidate.base_index) == (
        candidate.model,
        candidate.index_version,
    )
    if base is None or unchanged or not candidate.base_index:
        return {}
    await tools.report("replay", 0.75)
    turns = await read_conversations(tools.database, since_ms=since_ms, limit=limit)
    scripts = read_scripts(trial.source.project.root)
    if not turns and not scripts:
        return {}
    return await replay(
        trial.source.project,
        turns,
        scripts,
        base=base,
        candidate=trial.model,
        kb_dir=tools.data_dir / "kb",
        indexes=(candidate.base_index, candidate.index_version),
        tell=trial.says("replay", 0.75, 0.97),
    )


async def _train(trial: Trial) -> None:
    """Train, unless a model of this very content is there."""
    project, model = trial.source.project, trial.model
    tell = trial.says("train", 0.02, 0.30)
    if not model.exists():
        command = training_command(project, model)
        await run_program(project, command[1:], tell=tell)
    note_phrases(project.root, model)
    base = trial.base
    if base is not None and trial.tools.project.model_file() == base:
        note_phrases(trial.tools.project.root, base)  # of before such notes


async def _index(trial: Trial) -> tuple[Trial, dict[str, Any]]:
    """Build the index of the candidate's articles, if they are others than the live ones."""
    tools = trial.tools
    await tools.report("index", 0.30)
    loop, told = asyncio.get_running_loop(), list[asyncio.Future[None]]()

    def progress(done: int, total: int) -> None:
        share = 0.30 + 0.05 * done / max(total, 1)
        said = tools.report("index", share, f"{done} of {total} passages …")
        told.append(asyncio.wrap_future(asyncio.run_coroutine_threadsafe(said, loop), loop=loop))

    articles = await asyncio.to_thread(
        build_articles,
        trial.source.project,
        tools.data_dir,
        now_ms=tools.now_ms(),
        progress=progress,
    )
    await asyncio.gather(*told)
    candidate = replace(trial.candidate, index_version=articles["version"])
    return replace(trial, candidate=candidate), articles


async def _note(trial: Trial, **changes: Any) -> None:
    await kept.note_candidate(
        trial.tools.database,
        trial.candidate.candidate_id,
        now_ms=trial.tools.now_ms(),
        **changes,
    )
