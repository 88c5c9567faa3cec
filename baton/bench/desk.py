"""A private desk to be measured: Redis and service processes of its own, without the bot."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import aiohttp
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from baton.launcher.processes import Program, inherited_environment, spawn
from baton.launcher.redis_server import find_server, write_config
from baton.launcher.system import ROOT, SERVICE_PYTHON, CannotRun, free_port

#: Longest wait (s) until a process answers.
START_S = 60.0
#: Longest orderly stop (s); then the process is killed.
STOP_S = 10.0
#: Seconds between looks at a process that starts; it tells nobody.
LOOK_S = 0.05
#: The load comes from one address, and from few people who write very much.
_NO_LIMITS = {
    "BATON_IP_MESSAGES_PER_MINUTE": "60000",
    "BATON_SESSIONS_PER_MINUTE": "6000",
    "BATON_LOGINS_PER_MINUTE": "600",
}

Prepare: TypeAlias = Callable[[str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where it is reached, and the processes by name: `redis`, `service-1` and so on."""

    urls: tuple[str, ...]
    redis_url: str
    secret: str
    pids: Mapping[str, int]


@asynccontextmanager
async def private_redis(stack_name: str = "redis") -> AsyncIterator[tuple[str, int]]:
    """Run a Redis of one's own, each write on disk before it is answered; yield URL and pid.

    Raises:
        NoRedisServer: there is no server program.
        CannotRun: it does not answer.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-")))
        port, password = free_port(), secrets.token_urlsafe(16)
        config = write_config(folder, port=port, password=password)
        command = [str(find_server()), str(config)]
        process = await stack.enter_async_context(running(stack_name, command, {}, folder))
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        await _until_redis(url, log=folder / f"{stack_name}.log")
        yield url, process.pid


@asynccontextmanager
async def private_desk(
    *, replicas: int, settings: dict[str, str] | None = None, prepare: Prepare | None = None
) -> AsyncIterator[Desk]:
    """Run Redis and that many service processes on free ports; `settings` are BATON_* names.

    No bot runs: its turns wait, everything between people works. `prepare` is given the URLs of
    Redis and the database before the first service starts.

    Raises:
        NoRedisServer, CannotRun: as the message says.
    """
    async with AsyncExitStack() as stack:
        redis_url, redis_pid = await stack.enter_async_context(private_redis())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-")))
        pids, urls = {"redis": redis_pid}, []
        shared = _environment(folder, redis_url) | (settings or {})
        if prepare is not None:
            await prepare(redis_url, shared["BATON_SQL_URL"])
        for number in range(1, replicas + 1):
            name, port = f"service-{number}", free_port()
            url = f"http://127.0.0.1:{port}"
            own = {"BATON_PORT": str(port), "BATON_PUBLIC_URL": url}
            command = [str(SERVICE_PYTHON), "-m", "handoff_service"]
            process = await stack.enter_async_context(running(name, command, shared | own, folder))
            await until_answering(f"{url}/healthz", process, log=folder / f"{name}.log")
            urls.append(url)
            pids[name] = process.pid
        yield Desk(tuple(urls), redis_url, shared["BATON_INTERNAL_SECRET"], pids)


@asynccontextmanager
async def running(
    name: str, command: Sequence[str], environment: dict[str, str], folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program for the length of a block; its output goes to FOLDER/NAME.log."""
    whole = inherited_environment() | {"PYTHONPATH": str(ROOT)} | environment
    process = await spawn(Program(name, command, whole, ROOT, folder / f"{name}.log"))
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()


async def until_answering(url: str, process: asyncio.subprocess.Process, *, log: Path) -> None:
    """Return once a GET is answered with 200; raise CannotRun with the log's end if it never is."""
    end = asyncio.get_running_loop().time() + START_S
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
        while asyncio.get_running_loop().time() < end and process.returncode is None:
            try:
                async with http.get(url) as answer:
                    if answer.status == 200:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass  # not yet
            await asyncio.sleep(LOOK_S)
    raise CannotRun(f"{url} does not answer. It said:\n{_end_of(log)}")


async def _until_redis(url: str, *, log: Path) -> None:
    end = asyncio.get_running_loop().time() + START_S
    async with Redis.from_url(url) as client:
        while True:
            try:
                await client.ping()
                return
            except RedisConnectionError:
                if asyncio.get_running_loop().time() > end:
                    raise CannotRun(f"Redis does not answer. It said:\n{_end_of(log)}") from None
            await asyncio.sleep(LOOK_S)


def _end_of(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2000:]


def _environment(folder: Path, redis_url: str) -> dict[str, str]:
    return _NO_LIMITS | {
        "BATON_HOST": "127.0.0.1",
        "BATON_REDIS_URL": redis_url,
        "BATON_SQL_URL": f"sqlite+aiosqlite:///{folder / 'baton.db'}",
        "BATON_DATA_DIR": str(folder),
        "BATON_RASA_URL": f"http://127.0.0.1:{free_port()}",  # nobody listens there
        "BATON_RASA_TOKEN": secrets.token_urlsafe(32),
        "BATON_INTERNAL_SECRET": secrets.token_urlsafe(32),
        "BATON_SIGNING_KEY": secrets.token_urlsafe(32),
        "BATON_LOG_LEVEL": "WARNING",
    }
