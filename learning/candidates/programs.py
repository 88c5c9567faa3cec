"""Runs programs in Rasa's Python for a job: what they say is told, and they end with the job."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from learning.errors import TrainingFailed
from learning.training import Project

#: Customers' turns go before.
NICE = 10
#: How often it is told that a silent program still works, in seconds: a wish to cancel is heard so.
TELL_S = 1.0
#: Longest line that a program may write, in bytes.
LONGEST_LINE = 4_000_000

Tell = Callable[[str], Awaitable[None]]


async def run_program(
    project: Project, arguments: Sequence[str], *, tell: Tell, stdin: bytes = b""
) -> list[Any]:
    """Run `python -m …` in Rasa's environment; return the JSON values that it printed, a line each.

    Raises:
        TrainingFailed: it ended with an error; the message holds its own words.
        JobCancelled: by `tell`; the program has ended.
    """
    errors, last = list[str](), list[str]()
    async with started([str(project.rasa_python), *arguments], project) as process:

        async def listen() -> None:
            while True:
                try:
                    line = await asyncio.wait_for(_line(process.stderr), TELL_S)
                except asyncio.TimeoutError:
                    await tell("")
                    continue
                if not line:
                    return
                text = line.decode("utf-8", "replace").strip()
                last[:] = [text] if text else last
                if text.startswith("error: "):
                    errors.append(text.removeprefix("error: "))
                elif text.endswith(("…", " s")):
                    await tell(text)

        async def feed() -> None:
            assert process.stdin is not None  # noqa: S101 (asked for below)
            with contextlib.suppress(ConnectionError):
                process.stdin.write(stdin)
                await process.stdin.drain()
            process.stdin.close()

        assert process.stdout is not None  # noqa: S101 (asked for below)
        printed, _, _ = await together(process.stdout.read(), feed(), listen())
        code = await process.wait()
    if code:
        said = "\n".join(errors or last)
        raise TrainingFailed(f"{arguments[1]} ended with code {code}: {said}")
    return [json.loads(line) for line in printed.splitlines() if line.startswith(b"[")]


@contextlib.asynccontextmanager
async def started(
    argv: Sequence[str],
    project: Project,
    *,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a program that yields to all others, and end it with the block, or with this process.

    Its output goes to the file `log`, else to pipes.
    """
    output = log.open("ab") if log else None
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=project.root,
            env=project.environment() | dict(environment or {}),
            stdin=asyncio.subprocess.PIPE,
            stdout=output or asyncio.subprocess.PIPE,
            stderr=output or asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
            preexec_fn=_behave,
        )
    finally:
        if output:
            output.close()
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()


async def together(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    """Return what all of `work` gave; when one fails the others have ended before it is raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _behave() -> None:
    """Yield to customers' turns, and end when the job's own process dies, even by kill -9."""
    os.nice(max(0, NICE - os.getpriority(os.PRIO_PROCESS, 0)))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


async def _line(stream: asyncio.StreamReader | None) -> bytes:
    assert stream is not None  # noqa: S101 (asked for above)
    return await stream.readline()
