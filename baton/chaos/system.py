"""The system that is broken: Redis, Rasa, several replicas of the service, all private."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from baton.chaos.balancer import Balancer
from baton.chaos.faults import PRIMARY, SERVICE
from baton.chaos.redis_fleet import RedisFleet
from baton.client.web import open_http
from baton.launcher.data_dir import DataDir
from baton.launcher.processes import ProcessGroup, Program
from baton.launcher.redis_server import find_server, write_config
from baton.launcher.steps import prepare, take_over
from baton.launcher.system import (
    RASA_PYTHON,
    ROOT,
    SERVICE_PYTHON,
    NotReady,
    System,
    free_port,
)

#: Longest wait (s) until everything answers, at the start and when the faults are over.
READY_S = 120.0
#: Seconds between looks at what tells nobody when it changes.
LOOK_S = 0.2

#: Clients here are quicker than people, and all have one address.
_NO_LIMITS = {
    "BATON_MESSAGES_PER_MINUTE": "6000",
    "BATON_MESSAGES_BURST": "1000",
    "BATON_IP_MESSAGES_PER_MINUTE": "60000",
    "BATON_SESSIONS_PER_MINUTE": "6000",
    "BATON_LOGINS_PER_MINUTE": "600",
}


class BrokenSystem:
    """`async with BrokenSystem(folder, …) as system`: everything runs, and may be broken.

    Args:
        folder: its own data folder; artefacts of the main one are taken over by hard links.
        replicas: of the service.
        with_bot: run Rasa and the action server.
        with_sentinels: two Redis servers and three sentinels instead of one server.
        settings: BATON_* names that the service is told beside the defaults.
        rng: of the balancer.
        say: is told what happens meanwhile.
    """

    def __init__(
        self,
        folder: Path,
        *,
        replicas: int,
        with_bot: bool,
        with_sentinels: bool,
        settings: Mapping[str, str],
        rng: random.Random,
        say: Callable[[str], None],
    ) -> None:
        self.data = DataDir(folder)
        self.with_bot = with_bot
        self._with_sentinels, self._settings, self._say = with_sentinels, settings, say
        self._ports = [free_port() for _ in range(replicas)]
        self._rng = rng
        self._group = ProcessGroup()
        self._stack = AsyncExitStack()
        self.fleet: RedisFleet | None = None

    async def __aenter__(self) -> Self:
        if self.with_bot:
            # stdout is for the report
            await asyncio.to_thread(prepare, self.data, say=self._say, output=sys.stderr)
        else:
            self.data.create()
            await asyncio.to_thread(take_over, ROOT / "var", self.data.path)
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    @property
    def url(self) -> str:
        """Return the address of the balancer: the site."""
        return f"http://127.0.0.1:{self.balancer.port}"

    @property
    def secret(self) -> str:
        """Return the secret of the operator's routes."""
        return self.data.secrets()["internal_secret"]

    @property
    def database(self) -> Path:
        """Return the SQLite file of the history."""
        return self.data.path / "baton.db"

    @property
    def parts(self) -> list[str]:
        """Return what can be broken beside the replicas."""
        bot = ["rasa", "actions"] if self.with_bot else []
        fleet = ["redis-replica", "sentinel"] if self._with_sentinels else []
        return [*bot, PRIMARY, *fleet]

    @property
    def replicas(self) -> int:
        """Return how many of the service there are."""
        return len(self._ports)

    def environment(self, replica: int) -> dict[str, str]:
        """Return the settings of a replica of the service, counted from 0."""
        return self._environment | {"BATON_PORT": str(self._ports[replica])}

    # ── breaking ──────────────────────────────────────────────────────────────────────────────

    async def process_of(self, part: str) -> str:
        """Return the name of the process that is a part now: who is primary changes."""
        if part == PRIMARY:
            return await self.fleet.primary() if self.fleet else "redis"
        if part == "redis-replica" and self.fleet:
            primary = await self.fleet.primary()
            return self._rng.choice([s.name for s in self.fleet.servers if s.name != primary])
        if part == "sentinel" and self.fleet:
            return self._rng.choice(self.fleet.sentinels).name
        return part

    def send(self, process: str, signal_number: signal.Signals) -> int | None:
        """Send a signal to a process; return its pid, None when it is only just starting again."""
        pid = self._group.pids.get(process)
        if pid is None:
            return None
        with suppress(ProcessLookupError):
            os.kill(pid, signal_number)
        return pid

    async def wait_until_answering(self, replica: int, *, deadline_s: float = READY_S) -> None:
        """Return once a replica, counted from 0, answers and has what it needs.

        Raises:
            NotReady: it does not in time.
        """
        deadline = time.monotonic() + deadline_s
        missing = "no answer"
        async with open_http() as http:
            while time.monotonic() < deadline:
                missing = await self._missing(http, self._ports[replica])
                if not missing:
                    return
                await asyncio.sleep(LOOK_S)
        raise NotReady(f"{SERVICE}-{replica + 1} is not ready: {missing}. Logs: {self.data.logs}/")

    async def wait_until_ready(self) -> None:
        """Return once all replicas have what they need. Raises NotReady."""
        await asyncio.gather(*(self.wait_until_answering(n) for n in range(len(self._ports))))

    async def _missing(self, http: aiohttp.ClientSession, port: int) -> str:
        try:
            async with http.get(
                f"http://127.0.0.1:{port}/readyz", timeout=aiohttp.ClientTimeout(total=8)
            ) as answer:
                checks = (await answer.json())["checks"]
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return str(error) or type(error).__name__
        ignored = set() if self.with_bot else {"rasa", "actions"}
        wrong = [f"{p} ({c.get('why')})" for p, c in checks.items() if not c["ok"]]
        return ", ".join(w for w in wrong if w.split(" ")[0] not in ignored)

    # ── starting and stopping ─────────────────────────────────────────────────────────────────

    async def _start(self) -> None:
        self.balancer = await self._stack.enter_async_context(Balancer(self._ports, rng=self._rng))
        # Only its settings: the processes are started here, several of a kind.
        system = System(self.data, host="127.0.0.1", port=self.balancer.port)
        self._environment = system.environment() | {
            "BATON_PUBLIC_URL": self.url,
            "BATON_SQL_URL": self.data.sql_url,
            **_NO_LIMITS,
            **await self._start_redis(),
            **self._settings,
        }
        if self.with_bot:
            await self._run("rasa", [str(RASA_PYTHON), "-m", "bot.serve"])
            await self._run("actions", [str(SERVICE_PYTHON), "-m", "actions"])
        for number, port in enumerate(self._ports, start=1):
            own = {"BATON_PORT": str(port)}
            await self._run(
                f"{SERVICE}-{number}", [str(SERVICE_PYTHON), "-m", "handoff_service"], own
            )
            if number == 1:  # it makes the tables: one at a time
                await self.wait_until_answering(0)
        await self.wait_until_ready()

    async def _start_redis(self) -> dict[str, str]:
        """Start the servers and return the settings that lead to them."""
        password = self.data.secrets()["redis_password"]
        self._environment = dict(os.environ)
        if not self._with_sentinels:
            port = free_port()
            config = write_config(self.data.redis, port=port, password=password)
            await self._run("redis", [str(find_server()), str(config)])
            return {"BATON_REDIS_URL": f"redis://:{password}@127.0.0.1:{port}/0"}
        self.fleet = RedisFleet(self.data.redis, password=password)
        for server in (*self.fleet.servers, *self.fleet.sentinels):
            await self._run(server.name, server.argv)
        await self.fleet.wait_until_agreed()
        return {"BATON_REDIS_URL": self.fleet.url, "BATON_REDIS_WAIT_REPLICAS": "1"}

    async def _run(self, name: str, argv: list[str], own: dict[str, str] | None = None) -> None:
        log = self.data.logs / f"{name}.log"
        await self._group.start(Program(name, argv, self._environment | (own or {}), ROOT, log))

    async def _stop(self) -> None:
        for process in self._group.pids:
            self.send(process, signal.SIGCONT)
        await self._group.stop()
        await self._stack.aclose()
