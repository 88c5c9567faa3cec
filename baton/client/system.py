"""A private system for tests and measurements: `baton up` as a subprocess."""

import asyncio
import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from baton.client.errors import NotInTime, NotReachable, NotStarted
from baton.client.web import get_page, open_http

#: prctl(2): the signal this process gets when its parent ends.
_PR_SET_PDEATHSIG = 1
#: Longest start (s) when nothing has to be built: four processes on two busy cores.
START_S = 120.0
#: Longest orderly stop (s).
STOP_S = 40.0
#: Seconds between looks at run.json and /readyz; nothing tells us when they change.
LOOK_S = 0.1


class PrivateSystem:
    """`async with PrivateSystem(folder, port=…) as system`: everything runs until the block ends.

    Args:
        folder: its own data folder; artefacts of the main one are taken over by hard links.
        port: public port.
        settings: BATON_* names that this system is told beside the defaults.
    """

    def __init__(
        self, folder: Path, *, port: int, settings: Mapping[str, str] | None = None
    ) -> None:
        self.folder, self.port = folder, port
        self.url = f"http://127.0.0.1:{port}"
        self.output = folder.parent / f"{folder.name}.up.log"
        self._environment = {**os.environ, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self, *, deadline_s: float = START_S) -> None:
        """Start and return once the system is ready.

        Raises:
            NotStarted: it ended or was not ready in time; the message holds the end of its output.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "baton", "up", "--data", str(self.folder)]
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: ASYNC220 (starts at once; bound to no loop)
                [*command, "--port", str(self.port)],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                # It calls the kernel once and takes no lock that another thread may hold.
                preexec_fn=_end_with_us if sys.platform == "linux" else None,  # noqa: PLW1509
            )
        try:
            await self.until_ready(deadline_s=deadline_s)
        except NotInTime as error:
            raise NotStarted(f"{error}. It said:\n{self.said()}") from None

    async def stop(self, *, how: signal.Signals = signal.SIGINT) -> int | None:
        """Press Ctrl-C and return the exit code once everything has ended."""
        process, self._process = self._process, None
        if process is None:
            return None
        if process.poll() is None:
            process.send_signal(how)
        try:
            async for _ in looks(STOP_S, "end of baton up"):
                if process.poll() is not None:
                    break
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        return process.returncode

    @property
    def pid(self) -> int:
        assert self._process is not None  # noqa: S101 (a fault of the caller, not of a user)
        return self._process.pid

    def record(self) -> dict[str, Any]:
        """Return what run.json says now ({} when it is not there)."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "run.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def pids(self) -> dict[str, int]:
        """Return the process ids by part: redis, rasa, actions, service."""
        return dict(self.record().get("pids", {}))

    def secret(self) -> str:
        """Return the secret of the operator's routes."""
        return str(json.loads((self.folder / "secrets.json").read_text())["internal_secret"])

    def said(self, *, lines: int = 30) -> str:
        """Return the end of what `baton up` printed."""
        text = self.output.read_text() if self.output.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def kill(self, part: str) -> int:
        """End one process by kill -9; return the pid it had."""
        pid = self.pids()[part]
        os.kill(pid, signal.SIGKILL)
        return pid

    async def until_restarted(self, part: str, old_pid: int, *, deadline_s: float = 30.0) -> int:
        """Wait until the launcher has started a part again; return its new pid."""
        async for _ in looks(deadline_s, f"restart of {part}"):
            pid = self.pids().get(part, old_pid)
            if pid != old_pid:
                return pid
        raise AssertionError  # looks() raises

    async def until_ready(self, *, deadline_s: float = START_S) -> None:
        """Wait until /readyz is green.

        Raises:
            NotStarted: `baton up` ended meanwhile.
            NotInTime: not green before the deadline.
        """
        async with open_http() as http:
            async for _ in looks(deadline_s, "ready system"):
                if self._process is not None and self._process.poll() is not None:
                    raise NotStarted(
                        f"baton up ended ({self._process.returncode}). It said:\n{self.said()}"
                    )
                if self.record() and await _is_ready(http, self.url):
                    return


def _end_with_us() -> None:
    """Have the kernel stop `baton up` when we die, even by kill -9: no test leaves a system."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def _is_ready(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        status, _ = await get_page(http, f"{url}/readyz")
    except (NotReachable, aiohttp.ClientError):
        return False
    return status == 200


async def looks(deadline_s: float, what: str) -> AsyncIterator[None]:
    """Yield every LOOK_S seconds; raise NotInTime for `what` once `deadline_s` are over."""
    loop = asyncio.get_running_loop()
    end = loop.time() + deadline_s
    while loop.time() < end:
        yield
        await asyncio.sleep(LOOK_S)
    raise NotInTime(what, deadline_s)
