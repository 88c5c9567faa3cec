"""Asks customers' conversations again, of the model that serves and of the candidate."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from handoff_service.archive.learning.replays import AskedTurn
from kb_index.links import point_to
from learning.candidates.programs import Tell, run_program, started
from learning.candidates.scripts import Step, judge_scripts
from learning.candidates.statistics import chance_of, median, wilson
from learning.candidates.verdicts import Decision, is_known, verdict_of
from learning.errors import TrainingFailed
from learning.ports import free_port
from learning.training import Project

_ROOT = Path(__file__).resolve().parents[2]
#: Changed decisions that a report names.
SHOWN = 500
#: Longest wait (s) for an action server to be ready; its model and index are read first.
READY_S = 120.0
#: Between two looks (s).
LOOK_S = 0.2


async def replay(
    project: Project,
    turns: Sequence[AskedTurn],
    scripts: Sequence[Step],
    *,
    base: Path,
    candidate: Path,
    kb_dir: Path,
    indexes: tuple[str, str],
    tell: Tell,
) -> dict[str, Any]:
    """Return `replay` (decisions that changed, judged where known, times) and `scripts`.

    Both models run in a process of their own, with dialogues in memory and action servers of their
    own on the two versions of the index (`indexes`: that of the base, that of the candidate).

    Raises:
        TrainingFailed: a model cannot be loaded, or an action server does not start.
    """
    asked = [*turns, *(step.turn for step in scripts)]
    lines = "\n".join(json.dumps(_request(turn, number)) for number, turn in enumerate(asked))
    async with contextlib.AsyncExitStack() as stack:
        urls: dict[str, str] = {}
        for index in dict.fromkeys(indexes):
            server = action_server(project, kb_dir=kb_dir, index=index, tell=tell)
            urls[index] = await stack.enter_async_context(server)
        outcomes = await run_program(
            project,
            [
                *("-m", "bot.replay", "--model", str(base), "--model", str(candidate)),
                *("--actions", urls[indexes[0]], "--actions", urls[indexes[1]]),
            ],
            tell=tell,
            stdin=lines.encode(),
        )
    return {
        "replay": summarise(turns, outcomes[: len(turns)]) if turns else None,
        "scripts": judge_scripts(scripts, outcomes[len(turns) :]) if scripts else None,
    }


def summarise(
    turns: Sequence[AskedTurn], outcomes: Sequence[Sequence[dict[str, Any]]]
) -> dict[str, Any]:
    """Count and list what changed; `outcomes` are those of both models, turn by turn."""
    changed, judged, worse, better = list[dict[str, Any]](), 0, 0, 0
    times: tuple[list[float], list[float]] = ([], [])
    failed = [0, 0]
    for turn, pair in zip(turns, outcomes, strict=True):
        for which, one in enumerate(pair):
            failed[which] += "error" in one
        if not any("error" in one for one in pair):
            for which, one in enumerate(pair):
                times[which].append(float(one["ms"]))
        before, after = Decision.read(pair[0]), Decision.read(pair[1])
        judged += is_known(turn.known, before)
        if before == after:
            continue
        verdict = verdict_of(turn.known, before, after)
        worse, better = worse + (verdict == "worse"), better + (verdict == "better")
        changed.append(_line(turn, before, after, verdict))
    order = {"worse": 0, "unknown": 1, "better": 2}
    low, high = wilson(worse, judged)
    return {
        "conversations": len({turn.conversation_id for turn in turns}),
        "turns": len(turns),
        "changed": len(changed),
        "failed": {"base": failed[0], "candidate": failed[1]},
        "judged": {
            "base": {"n": judged},
            "worse": worse,
            "better": better,
            "p": chance_of(worse, better),
            "low": low,
            "high": high,
        },
        "ms": _times(times),
        "decisions": sorted(changed, key=lambda one: order[one["verdict"]])[:SHOWN],
    }


@contextlib.asynccontextmanager
async def action_server(
    project: Project, *, kb_dir: Path, index: str, tell: Tell
) -> AsyncIterator[str]:
    """Run an action server on one version of the index, on a free port; give its address.

    Raises:
        TrainingFailed: it does not start; its last words.
    """
    with tempfile.TemporaryDirectory(prefix="baton-replay-") as folder:
        own, port = _knowledge(Path(folder), kb_dir, index=index), free_port()
        log = Path(folder) / "actions.log"
        environment = {
            "PYTHONPATH": str(_ROOT),
            "BATON_ACTIONS_HOST": "127.0.0.1",
            "BATON_ACTIONS_PORT": str(port),
            "BATON_KB_DIR": str(own),
            "BATON_RASA_URL": "",  # what it searches with comes with each call
            "BATON_RASA_TOKEN": secrets.token_hex(16),
        }
        argv = [sys.executable, "-m", "actions"]
        async with started(argv, project, environment=environment, log=log) as process:
            await _until_ready(f"http://127.0.0.1:{port}/health", process, log, tell=tell)
            yield f"http://127.0.0.1:{port}/webhook"


async def _until_ready(
    url: str, process: asyncio.subprocess.Process, log: Path, *, tell: Tell
) -> None:
    why = ""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
        for _ in range(int(READY_S / LOOK_S)):
            if process.returncode is not None:
                break
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with http.get(url) as answer:
                    if answer.status == 200:
                        return
                    why = await answer.text()
            await tell("")
            await asyncio.sleep(LOOK_S)
    raise TrainingFailed(f"the action server of the trial does not answer: {why or _end_of(log)}")


def _knowledge(folder: Path, kb_dir: Path, *, index: str) -> Path:
    """Make a folder of indexes like `kb_dir`, with another version live."""
    own = folder / "kb"
    own.mkdir()
    for path in kb_dir.iterdir() if kb_dir.is_dir() else ():
        if path.name not in {"current", ".lock"}:  # versions, calibration: as they are
            (own / path.name).symlink_to(path.resolve())
    if index:
        point_to(own / "current", f"versions/{index}")
    return own


def _end_of(log: Path) -> str:
    return log.read_text("utf-8", "replace").strip()[-500:]


def _request(turn: AskedTurn, number: int) -> dict[str, Any]:
    return {
        "sender": turn.conversation_id,
        "message_id": f"replay-{number}",
        "text": turn.text,
        "payload": turn.payload,
        "metadata": {"locale": turn.language, "on_duty": True, "waiting": turn.waiting}
        | turn.facts,
    }


def _line(turn: AskedTurn, before: Decision, after: Decision, verdict: str) -> dict[str, Any]:
    known = turn.known
    click = (turn.payload or {}).get("action")
    return {
        "conversation_id": turn.conversation_id,
        "seq": turn.seq,
        "text": known.text if known else f"({click or 'click'})",
        "language": turn.language,
        "base": before.as_json(),
        "candidate": after.as_json(),
        "verdict": verdict,
        "then": {
            "vote": known.vote,
            "mark": known.mark,
            "helped": known.helped,
            "handoff_reason": known.handoff_reason,
            "decision": known.verdict,
        }
        if known
        else {},
    }


def _times(times: tuple[list[float], list[float]]) -> dict[str, Any]:
    if not times[0]:
        return {"texts": 0, "base": None, "candidate": None, "ratio": None}
    old, new = median(times[0]), median(times[1])
    return {
        "texts": len(times[0]),
        "base": round(old, 2),
        "candidate": round(new, 2),
        "ratio": round(new / old, 3),
    }
