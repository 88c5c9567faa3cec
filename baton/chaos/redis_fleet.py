"""The Redis servers of a run: a primary with a replica and three sentinels, on the loopback."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from baton.launcher.redis_server import find_server, write_config
from baton.launcher.system import CannotRun, free_port

#: Servers and sentinels. A replica that confirms each write: with two, of which one is enough, the
#: other may become the primary. Three sentinels, so that two agree when one is away.
SERVERS, SENTINELS = 2, 3
#: What the sentinels call the primary.
SERVICE = "desk"
#: Silence (ms) after which a sentinel takes a server for dead: longer than an automatic restart.
DOWN_MS = 2000
#: Time (ms) that the sentinels give a failover.
FAILOVER_MS = 6000
#: Longest wait (s) until servers and sentinels know each other.
AGREE_S = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """One program to run: its name, its port, its arguments."""

    name: str
    port: int
    argv: list[str]


class RedisFleet:
    """Configurations, addresses and the state of the servers; whoever has it runs the programs.

    Args:
        folder: where each server has its own folder.
        password: of all servers.
    """

    def __init__(self, folder: Path, *, password: str) -> None:
        self._password = password
        program = str(find_server())
        self.servers = [self._server(folder, program, n) for n in range(1, SERVERS + 1)]
        self.sentinels = [self._sentinel(folder, program, n) for n in range(1, SENTINELS + 1)]

    @property
    def url(self) -> str:
        """Return what BATON_REDIS_URL has to be."""
        nodes = ",".join(f"127.0.0.1:{sentinel.port}" for sentinel in self.sentinels)
        return f"redis+sentinel://:{self._password}@{nodes}/{SERVICE}/0"

    async def primary(self) -> str:
        """Return the name of the server that takes the writes, as the sentinels say.

        Raises:
            CannotRun: no sentinel answers.
        """
        for sentinel in self.sentinels:
            with suppress(RedisError):
                async with _asking(sentinel) as client:
                    _, port = await client.sentinel_get_master_addr_by_name(SERVICE)
                return next(server.name for server in self.servers if server.port == int(port))
        raise CannotRun("no sentinel answers")

    async def fail_over(self) -> None:
        """Ask a sentinel to make a replica the primary; it may be away, or say that it cannot."""
        with suppress(RedisError):
            async with _asking(self.sentinels[0]) as client:
                await client.sentinel_failover(SERVICE)

    async def wait_until_agreed(self) -> None:
        """Return once every sentinel knows the replica and both other sentinels.

        Raises:
            CannotRun: they do not within AGREE_S.
        """
        deadline = time.monotonic() + AGREE_S
        while time.monotonic() < deadline:
            if all([await self._agrees(sentinel) for sentinel in self.sentinels]):
                return
            await asyncio.sleep(0.1)
        raise CannotRun(f"the sentinels do not know each other after {AGREE_S:.0f} s")

    async def _agrees(self, sentinel: Server) -> bool:
        try:
            async with _asking(sentinel) as client:
                state = await client.sentinel_master(SERVICE)
        except RedisError:
            return False
        return (state["num-slaves"], state["num-other-sentinels"]) == (SERVERS - 1, SENTINELS - 1)

    def _server(self, folder: Path, program: str, number: int) -> Server:
        place = folder / f"redis-{number}"
        place.mkdir(parents=True, exist_ok=True)
        port = free_port()
        config = write_config(place, port=port, password=self._password)
        lines = [f"masterauth {self._password}", "repl-diskless-sync-delay 0"]
        if number == 1:
            self._first = port
        else:
            lines.append(f"replicaof 127.0.0.1 {self._first}")
        with config.open("a") as file:
            file.write("\n".join(lines) + "\n")
        return Server(f"redis-{number}", port, [program, str(config)])

    def _sentinel(self, folder: Path, program: str, number: int) -> Server:
        place = folder / f"sentinel-{number}"
        place.mkdir(parents=True, exist_ok=True)
        port = free_port()
        config = place / "sentinel.conf"
        config.touch(mode=0o600)
        lines = (
            "bind 127.0.0.1",
            f"port {port}",
            f'dir "{place.resolve()}"',
            f"sentinel monitor {SERVICE} 127.0.0.1 {self._first} 2",
            f"sentinel auth-pass {SERVICE} {self._password}",
            f"sentinel down-after-milliseconds {SERVICE} {DOWN_MS}",
            f"sentinel failover-timeout {SERVICE} {FAILOVER_MS}",
            f"sentinel parallel-syncs {SERVICE} 2",
        )
        config.write_text("\n".join(lines) + "\n")
        return Server(f"sentinel-{number}", port, [program, str(config), "--sentinel"])


@asynccontextmanager
async def _asking(sentinel: Server) -> AsyncIterator[Any]:
    """Open a client for a block; Any, since redis-py types the answers of sentinels as unions."""
    client = Redis(
        port=sentinel.port, decode_responses=True, socket_timeout=2, socket_connect_timeout=2
    )
    try:
        yield client
    finally:
        await client.aclose()
