"""One whole Baton system on this machine: which programs, with which settings, on which ports."""

import asyncio
import os
import socket
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError, RedisError

from baton.launcher.data_dir import DataDir
from baton.launcher.processes import ProcessGroup, Program, inherited_environment
from baton.launcher.redis_server import find_server, write_config
from live_redis.address import FORM, BadAddress, read_address
from live_redis.pool import open_pool

ROOT = Path(__file__).resolve().parents[2]
SERVICE_PYTHON = ROOT / ".venv" / "bin" / "python"
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"

#: Longest wait (s) for all processes to answer; a cold disk makes Rasa's imports slow.
READY_TIMEOUT_S = 180.0


class CannotRun(Exception):
    """The system cannot start; the message names the cause and the remedy."""


class PortTaken(CannotRun):
    """Something else listens on the public port."""


class NotReady(CannotRun):
    """A process did not answer in time."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The public port and the inner ones (loopback only)."""

    service: int
    redis: int
    rasa: int
    actions: int


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def check_port(host: str, port: int) -> None:
    """Raise `PortTaken` when the public port cannot be bound."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"port {port} on {host} is taken ({error.strerror}). "
                f"Remedy: stop what listens there, or choose another: baton up --port {port + 1}"
            ) from None


class System:
    """The processes of one data folder. `start`, then `wait_ready`; `stop` ends them all."""

    def __init__(self, data: DataDir, *, host: str, port: int) -> None:
        self.data = data
        self.host = host
        self.ports = Ports(port, free_port(), free_port(), free_port())
        self.url = os.environ.get("BATON_PUBLIC_URL", f"http://{_for_url(host)}:{port}")
        self.demo = os.environ.get("BATON_DEMO", "on")
        self._secrets = data.secrets()
        self._external_redis = os.environ.get("BATON_REDIS_URL")
        self._group = ProcessGroup(on_change=self._write_run_file)

    @property
    def redis_url(self) -> str:
        embedded = f"redis://:{self._secrets['redis_password']}@127.0.0.1:{self.ports.redis}/0"
        return self._external_redis or embedded

    def environment(self) -> dict[str, str]:
        """Return the settings that every process of this system shares."""
        data, ports = self.data, self.ports
        return inherited_environment() | {
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "BATON_DATA_DIR": str(data.path.resolve()),
            "BATON_HOST": self.host,
            "BATON_PORT": str(ports.service),
            "BATON_PUBLIC_URL": self.url,
            "BATON_REDIS_URL": self.redis_url,
            "BATON_SQL_URL": os.environ.get("BATON_SQL_URL", data.sql_url),
            "BATON_RASA_URL": f"http://127.0.0.1:{ports.rasa}",
            "BATON_RASA_PORT": str(ports.rasa),
            "BATON_RASA_TOKEN": self._secrets["rasa_token"],
            "BATON_ACTIONS_URL": f"http://127.0.0.1:{ports.actions}/webhook",
            "BATON_ACTIONS_PORT": str(ports.actions),
            "BATON_INTERNAL_SECRET": self._secrets["internal_secret"],
            "BATON_SIGNING_KEY": self._secrets["signing_key"],
            "BATON_IDENTITY_SECRET": os.environ.get("BATON_IDENTITY_SECRET")
            or self._secrets["identity_secret"],
            "BATON_DEMO": self.demo,
            "BATON_MODEL_DIR": str(data.model.absolute()),
            "BATON_KB_DIR": str(data.kb.absolute()),
            "BATON_RASA_PYTHON": str(RASA_PYTHON),
        }

    async def start(self) -> None:
        """Start Redis, then everything else at once."""
        if self._external_redis is None:
            config = write_config(
                self.data.redis, port=self.ports.redis, password=self._secrets["redis_password"]
            )
            await self._start("redis", [str(find_server()), str(config)])
        await self._wait_for_redis()
        await self._start("rasa", [str(RASA_PYTHON), "-m", "bot.serve"])
        await self._start("actions", [str(SERVICE_PYTHON), "-m", "actions"])
        await self._start("service", [str(SERVICE_PYTHON), "-m", "handoff_service"])
        await self._start("learning", [str(SERVICE_PYTHON), "-m", "learning"])

    async def wait_ready(self, on_wait: Callable[[dict[str, str]], None]) -> None:
        """Return once `/readyz` is green; `on_wait` gets what is still missing, by part.

        Raises:
            NotReady: not green within `READY_TIMEOUT_S`; the message names parts and logs.
        """
        deadline = time.monotonic() + READY_TIMEOUT_S
        missing = {"service": "starting"}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            while time.monotonic() < deadline:
                missing = await self._missing(http)
                if not missing:
                    return
                on_wait(missing)
                await asyncio.sleep(0.2)
        parts = ", ".join(f"{part} ({why})" for part, why in missing.items())
        raise NotReady(f"not ready after {READY_TIMEOUT_S:.0f} s: {parts}. Logs: {self.data.logs}/")

    async def stop(self) -> None:
        """Stop every process and take the note of the running system away."""
        await self._group.stop()
        self.data.run_file.unlink(missing_ok=True)

    async def _start(self, name: str, argv: list[str]) -> None:
        log = self.data.logs / f"{name}.log"
        await self._group.start(Program(name, argv, self.environment(), ROOT, log))

    async def _wait_for_redis(self) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_S
        try:
            address = read_address(self.redis_url)
        except BadAddress as error:
            raise CannotRun(f"BATON_REDIS_URL: {error}. Remedy: it should be {FORM}") from None
        options: dict[str, Any] = {"timeout": 2, "socket_timeout": 2, "socket_connect_timeout": 2}
        client = Redis.from_pool(open_pool(address, key="baton", **options))
        try:
            while True:
                try:
                    await client.ping()
                    return
                except RedisConnectionError as error:  # also "loading the dataset in memory"
                    if time.monotonic() > deadline or self._external_redis:
                        raise CannotRun(
                            f"Redis does not answer ({error}). "
                            f"Remedy: see {self.data.logs}/redis.log or check BATON_REDIS_URL"
                        ) from None
                except RedisError as error:
                    raise CannotRun(
                        f"Redis refuses: {error}. Remedy: check BATON_REDIS_URL"
                    ) from None
                await asyncio.sleep(0.05)
        finally:
            await client.aclose()

    async def _missing(self, http: aiohttp.ClientSession) -> dict[str, str]:
        try:
            async with http.get(
                f"http://{_for_url(self.host)}:{self.ports.service}/readyz"
            ) as answer:
                body: dict[str, Any] = await answer.json()
        except (aiohttp.ClientError, TimeoutError):
            return {"service": "starting"}
        if body.get("ready"):
            return {}  # what is not well all the same is a warning
        checks = body.get("checks", {})
        return {part: str(c.get("why", "")) for part, c in checks.items() if not c.get("ok")}

    def _write_run_file(self) -> None:
        ports = {n: getattr(self.ports, n) for n in ("service", "redis", "rasa", "actions")}
        self.data.write_run_file(
            {"url": self.url, "pid": os.getpid(), "ports": ports, "pids": self._group.pids}
        )


def _for_url(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 (compared, not bound)
