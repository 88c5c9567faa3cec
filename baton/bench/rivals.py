"""Starts the rivals, each on a Redis of its own, with the libraries of .venv-bench."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from baton.bench.desk import Desk, private_redis, running, until_answering
from baton.launcher.processes import inherited_environment
from baton.launcher.system import ROOT, CannotRun, free_port
from baton.rivals.job_times import REDIS_URL

PYTHON = ROOT / ".venv-bench" / "bin" / "python"
#: Relays by the name of their road; their programs.
RELAYS = {
    "aiohttp_pubsub": "baton.rivals.pubsub_relay",
    "socketio": "baton.rivals.socketio_relay",
}
#: Work queues: the worker's command (after python -m), with the defaults of their makers.
WORKERS = {
    "arq": ("arq", "baton.rivals.arq_jobs.Worker"),
    "celery": ("celery", "-A", "baton.rivals.celery_jobs", "worker", "--loglevel", "warning"),
}


def check_installed() -> None:
    """Raise CannotRun unless the rivals' environment is there."""
    if not PYTHON.exists():
        raise CannotRun("the rivals are not installed. Remedy: make rivals, or --only baton")


@asynccontextmanager
async def relay(name: str, *, replicas: int) -> AsyncIterator[Desk]:
    """Run that many processes of a rival relay. Raises CannotRun."""
    async with AsyncExitStack() as stack:
        redis_url, redis_pid = await stack.enter_async_context(private_redis())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-")))
        pids, urls = {"redis": redis_pid}, []
        for number in range(1, replicas + 1):
            port, own = free_port(), f"{name}-{number}"
            command = [str(PYTHON), "-m", RELAYS[name], "--port", str(port)]
            process = await stack.enter_async_context(
                running(own, [*command, "--redis-url", redis_url], {}, folder)
            )
            url = f"http://127.0.0.1:{port}"
            await until_answering(f"{url}/healthz", process, log=folder / f"{own}.log")
            urls.append(url)
            pids[own] = process.pid
        yield Desk(tuple(urls), redis_url, "", pids)


async def job_times(name: str, *, workers: int, jobs: int, rate: float) -> Sequence[float]:
    """Return how long (s) each job of a work queue waited, from enqueued to started.

    Raises:
        CannotRun: the queue does not work; the message holds what it said.
    """
    async with AsyncExitStack() as stack:
        redis_url, _ = await stack.enter_async_context(private_redis())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-")))
        environment = {REDIS_URL: redis_url}
        for number in range(1, workers + 1):
            await stack.enter_async_context(
                running(
                    f"{name}-{number}", [str(PYTHON), "-m", *WORKERS[name]], environment, folder
                )
            )
        module = f"baton.rivals.{name}_jobs"
        await _ask(module, 20, 20, environment)  # the workers have started now
        return await _ask(module, jobs, rate, environment)


async def _ask(module: str, jobs: int, rate: float, environment: dict[str, str]) -> Sequence[float]:
    process = await asyncio.create_subprocess_exec(
        str(PYTHON),
        "-m",
        module,
        str(jobs),
        str(rate),
        env=inherited_environment() | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate()
    if process.returncode:
        raise CannotRun(f"{module} failed:\n{said.decode(errors='replace')[-2000:]}")
    answer: dict[str, Any] = json.loads(out)
    times: list[float] = answer["times_s"]
    return times
