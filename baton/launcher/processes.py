"""Child processes kept alive: restarted when they die, stopped in reverse order."""

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

logger = logging.getLogger(__name__)

#: Seconds that a child gets to end by itself after SIGTERM before it is killed.
STOP_GRACE_S = 10.0
#: A child that lived this long (s) had started well: the restart delay begins anew.
STABLE_S = 30.0
#: Restart delays (s) of a child that keeps dying; the last one repeats.
RESTART_DELAYS_S = (0.2, 0.5, 1.0, 2.0, 5.0)

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: argument list, whole environment, folder, and the file its output goes to."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path


@dataclass(slots=True)
class Child:
    """One program and the task that keeps it running."""

    program: Program
    process: asyncio.subprocess.Process | None = None
    task: "asyncio.Task[None] | None" = None
    started: asyncio.Event = field(default_factory=asyncio.Event)


class ProcessGroup:
    """Runs programs until `stop`; a program that ends by itself is started again."""

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self._children: list[Child] = []
        self._stopping = False
        self._on_change = on_change

    @property
    def pids(self) -> dict[str, int]:
        return {c.program.name: c.process.pid for c in self._children if c.process is not None}

    async def start(self, program: Program) -> None:
        """Start a program and return once its process exists."""
        child = Child(program)
        self._children.append(child)
        child.task = asyncio.create_task(self._keep_running(child), name=f"keep {program.name}")
        waiter = asyncio.create_task(child.started.wait())
        await asyncio.wait({waiter, child.task}, return_when=asyncio.FIRST_COMPLETED)
        waiter.cancel()
        if child.task.done():
            self._children.remove(child)
            child.task.result()  # raises: the program could not be started

    async def stop(self) -> None:
        """End all children in reverse order of their start; none is left behind."""
        self._stopping = True
        for child in reversed(self._children):
            if child.process is not None and child.process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.process.terminate()
                try:
                    await asyncio.wait_for(child.process.wait(), STOP_GRACE_S)
                except TimeoutError:
                    logger.warning(
                        "%s did not end in %.0f s: killed", child.program.name, STOP_GRACE_S
                    )
                    with contextlib.suppress(ProcessLookupError):
                        child.process.kill()
                    await child.process.wait()
            if child.task is not None:
                child.task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await child.task
        self._children.clear()

    async def _keep_running(self, child: Child) -> None:
        deaths = 0
        while True:
            begun = time.monotonic()
            child.process = await spawn(child.program)
            child.started.set()
            self._on_change()
            code = await child.process.wait()
            if self._stopping:
                return
            deaths = 0 if time.monotonic() - begun > STABLE_S else deaths + 1
            delay = RESTART_DELAYS_S[min(deaths, len(RESTART_DELAYS_S)) - 1] if deaths else 0.0
            logger.warning(
                "%s ended (%s); starting it again in %.1f s; its log is %s",
                child.program.name,
                _ending(code),
                delay,
                child.program.log,
            )
            await asyncio.sleep(delay)


async def spawn(program: Program) -> asyncio.subprocess.Process:
    """Start a program in a session of its own; the kernel ends it when this process dies."""
    with program.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *program.argv,
            env=dict(program.environment),
            cwd=program.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal reaches the launcher only
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )


def _end_with_parent() -> None:
    """Ask the kernel to end this child when the launcher dies, even by kill -9."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def inherited_environment() -> dict[str, str]:
    """Return the launcher's environment without the settings that each process is given afresh."""
    return {k: v for k, v in os.environ.items() if k not in {"PYTHONHOME", "PYTHONPATH"}}
