"""The Rasa that answers for a candidate: processes of our own, or one that runs elsewhere."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from handoff_service.archive.learning.splits import Split
from kb_index.errors import IndexMissing
from kb_index.links import point_to
from kb_index.versions import live_version, version_folder
from learning.errors import SwapFailed
from learning.live import swap
from learning.ports import free_port
from learning.splitting.children import Children, stop
from learning.splitting.errors import SplitRefused
from learning.training import Project

#: Longest wait (s) for one answer about how it is.
HEALTH_S = 5.0
#: A program that ended is started again after so long (s), the last pause repeating.
PAUSES_S = (0.0, 1.0, 5.0, 15.0)


class Engine(Protocol):
    """Serves the model of a candidate."""

    @property
    def url(self) -> str:
        """Where it answers."""

    async def tend(self) -> str:
        """Start what does not run; return "" when it answers, else why it does not."""

    async def stop(self) -> None:
        """Let go of everything; it answers no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where engines live: the project, the data folder, and what their processes are told."""

    project: Project
    data_dir: Path
    environment: dict[str, str]
    children: Children

    @property
    def kb_dir(self) -> Path:
        """Return the folder of the indexes."""
        return Path(self.environment.get("BATON_KB_DIR") or self.data_dir / "kb")

    @property
    def remote_url(self) -> str:
        """Return where a Rasa for candidates runs; "": none, it is started here."""
        return self.environment.get("BATON_CANDIDATE_RASA_URL", "").rstrip("/")

    @property
    def token(self) -> str:
        """Return the secret of Rasa's channel."""
        return self.environment.get("BATON_RASA_TOKEN", "")


def check_place(place: Place, split: Split) -> None:
    """Look whether a candidate can be served at all.

    Raises:
        SplitRefused: something is missing; the text says what, and the remedy.
    """
    if not (place.project.models / split.model).is_file():
        raise SplitRefused(
            f"the model {split.model} is not in {place.project.models}. "
            "Remedy: train the candidate anew (baton learn candidate)"
        )
    own = _own_index(place, split)
    if own and not version_folder(place.kb_dir, own).is_dir():
        raise SplitRefused(
            f"the index {own} is not in {place.kb_dir}/versions any more. "
            "Remedy: build it and judge the candidate anew (baton learn candidate)"
        )
    if own and place.remote_url:
        raise SplitRefused(
            f"the candidate has an index of its own ({own}), and the Rasa at "
            "BATON_CANDIDATE_RASA_URL asks the live one. Remedy: make the index live first "
            "(baton kb build), or leave BATON_CANDIDATE_RASA_URL empty"
        )
    if not place.remote_url and not place.project.rasa_python.exists():
        raise SplitRefused(
            f"there is no Rasa to start here ({place.project.rasa_python}). Remedy: make setup, or "
            "run a second Rasa and name it in BATON_CANDIDATE_RASA_URL"
        )


def engine_of(place: Place, split: Split) -> Engine:
    """Return what serves the candidate of a split; nothing of it runs yet."""
    if place.remote_url:
        return RemoteEngine(place, split)
    return OwnEngine(place, split)


class RemoteEngine:
    """A second Rasa that somebody else keeps running; it is given the candidate's model."""

    def __init__(self, place: Place, split: Split) -> None:
        """Use the Rasa that `place` names."""
        self.url = place.remote_url
        self._token = place.token
        self._model = place.project.models / split.model

    async def tend(self) -> str:
        """Give it the model when it serves another; see `Engine`."""
        why = await why_not(self.url, model=self._model.name)
        if why.startswith(_OTHER):
            try:
                await asyncio.to_thread(
                    swap, self.url, token=self._token, new=self._model, old=None
                )
            except SwapFailed as error:
                return str(error)
            return await why_not(self.url, model=self._model.name)
        return why

    async def stop(self) -> None:
        """Leave it as it is: it is not ours."""


class OwnEngine:
    """Rasa as a child of this process.

    So is an action server, where the candidate has an index of its own. What ends is started again.
    """

    def __init__(self, place: Place, split: Split) -> None:
        """Choose ports; nothing runs before `tend`."""
        self._place, self._model = place, split.model
        port, folder = free_port(), place.data_dir / "splits" / split.split_id
        self.url = f"http://127.0.0.1:{port}"
        told = place.environment | {
            "PYTHONPATH": place.environment.get("PYTHONPATH") or str(place.project.root),
            "BATON_DATA_DIR": str(place.data_dir.resolve()),
            "BATON_MODEL_DIR": str(place.project.model_dir.absolute()),
            "BATON_RASA_URL": self.url,
            "BATON_RASA_HOST": "127.0.0.1",
            "BATON_RASA_PORT": str(port),
        }
        self._programs: list[_Program] = []
        if own := _own_index(place, split):
            actions = free_port()
            told |= {
                "BATON_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
                "BATON_ACTIONS_HOST": "127.0.0.1",
                "BATON_ACTIONS_PORT": str(actions),
                "BATON_KB_DIR": str(_folder_of(own, place=place, folder=folder / "kb")),
            }
            argv = [sys.executable, "-m", "actions"]
            self._programs.append(_Program(argv, told, folder / "actions.log"))
        model = str((place.project.models / split.model).resolve())
        argv = [str(place.project.rasa_python), "-m", "bot.serve", "--model", model]
        self._programs.append(_Program(argv, told, folder / "rasa.log"))

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """Return what runs, or ran last; Rasa at the end."""
        return [program.process for program in self._programs if program.process is not None]

    async def tend(self) -> str:
        """See `Engine`."""
        for program in self._programs:
            if not program.runs:
                await asyncio.to_thread(self._start, program)
        why = await why_not(self.url, model=self._model)
        return f"{why}; its log is {self._programs[-1].log}" if why else ""

    async def stop(self) -> None:
        """End its processes."""
        for process in reversed(self.processes):
            await asyncio.to_thread(stop, process)

    def _start(self, program: _Program) -> None:
        if time.monotonic() < program.not_before_s:
            return
        program.process = self._place.children.start(
            program.argv,
            environment=program.environment,
            folder=self._place.project.root,
            log=program.log,
        )
        pause = PAUSES_S[min(program.starts + 1, len(PAUSES_S) - 1)]
        program.starts += 1
        program.not_before_s = time.monotonic() + pause


@dataclass(slots=True)
class _Program:
    argv: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    not_before_s: float = 0.0

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None


_OTHER = "it serves "


async def why_not(url: str, *, model: str) -> str:
    """Return "" when the Rasa at `url` answers with that model, else why not."""
    try:
        limit = aiohttp.ClientTimeout(total=HEALTH_S)
        async with (
            aiohttp.ClientSession(timeout=limit) as http,
            http.get(f"{url}/webhooks/baton/health") as answer,
        ):
            checks: dict[str, Any] = (await answer.json())["checks"]
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
        return f"Rasa does not answer yet ({type(error).__name__})"
    for part, check in checks.items():
        if not check["ok"]:
            return f"{part}: {check['why']}"
    serves = checks["model"]["model"]
    return "" if serves == model else f"{_OTHER}{serves}, not {model}"


def _own_index(place: Place, split: Split) -> str | None:
    """Return the candidate's index when it is not the live one."""
    try:
        live = live_version(place.kb_dir)
    except IndexMissing:
        live = ""
    return split.index_version if split.index_version != live else None


def _folder_of(version: str, *, place: Place, folder: Path) -> Path:
    """Make a folder of the knowledge base in which another version is current."""
    folder.mkdir(parents=True, exist_ok=True)
    point_to(folder / "versions", os.path.relpath(place.kb_dir / "versions", folder))
    calibration = place.kb_dir / "calibration.json"
    if calibration.exists():
        point_to(folder / "calibration.json", os.path.relpath(calibration, folder))
    point_to(folder / "current", f"versions/{version}")
    return folder.absolute()
