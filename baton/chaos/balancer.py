"""A plain TCP balancer in front of the replicas, which can also be told to misbehave."""

import asyncio
import contextlib
import itertools
import random
import socket
import struct
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

#: Bytes passed on at a time.
CHUNK = 65536
#: Seconds between looks at whether a replica still answers, and for the answer.
LOOK_S, ANSWER_S = 0.5, 1.5
#: Seconds to connect to a replica.
CONNECT_S = 2.0
#: Every so manieth connection is a slow network: each piece of it is late by up to SLOW_S.
SLOW_EVERY, SLOW_S = 20, 0.4
#: `l_onoff`, `l_linger` that make close() send a reset instead of a farewell.
_RESET = struct.pack("ii", 1, 0)


@dataclass(eq=False, slots=True)
class Pipe:
    """One client's connection through to a replica."""

    replica: int
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    slow_s: float = 0.0
    running: asyncio.Event = field(default_factory=asyncio.Event)
    swallows: bool = False

    def cut(self) -> None:
        """Break both halves at once, by a reset: no farewell of any kind."""
        for writer in (self.client, self.server):
            raw = writer.get_extra_info("socket")
            if raw is not None and raw.fileno() >= 0:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()


class Balancer:
    """`async with Balancer(ports, rng=…) as balancer` listens on `balancer.port` of the loopback.

    New connections go round robin to replicas that answer. A replica that is stopped accepts
    connections but says nothing (half-open); the look at /healthz finds that out.

    Args:
        ports: those of the replicas.
        rng: decides which connections are slow, and which are broken.
    """

    def __init__(self, ports: list[int], *, rng: random.Random) -> None:
        self.ports, self.port = ports, 0
        self.connections = 0
        self._rng = rng
        self._pipes: set[Pipe] = set()
        self._up = dict.fromkeys(range(len(ports)), True)
        self._turn = itertools.cycle(range(len(ports)))
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]
        self._tasks = [asyncio.create_task(self._watch(n)) for n in range(len(self.ports))]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server.close()
        for pipe in list(self._pipes):
            pipe.cut()
        await self._server.wait_closed()

    def answering(self) -> list[int]:
        """Return the replicas, counted from 0, that answered when they were last asked."""
        return [replica for replica, up in self._up.items() if up]

    # ── misbehaviour ──────────────────────────────────────────────────────────────────────────

    def some(self, replica: int, share: float) -> list[Pipe]:
        """Return a share of the connections to a replica, drawn."""
        pipes = [pipe for pipe in self._pipes if pipe.replica == replica]
        return self._rng.sample(pipes, round(len(pipes) * share))

    def cut(self, pipes: list[Pipe]) -> None:
        """Break connections."""
        for pipe in pipes:
            pipe.cut()

    async def stall(self, pipes: list[Pipe], seconds: float) -> None:
        """Hold everything back for a while, then let it pass."""
        for pipe in pipes:
            pipe.running.clear()
        try:
            await asyncio.sleep(seconds)
        finally:
            for pipe in pipes:
                pipe.running.set()

    async def swallow(self, pipes: list[Pipe], seconds: float) -> None:
        """Lose everything for a while without a word to either side, then break the connections."""
        for pipe in pipes:
            pipe.swallows = True
        try:
            await asyncio.sleep(seconds)
        finally:
            self.cut(pipes)

    # ── passing on ────────────────────────────────────────────────────────────────────────────

    def _next(self) -> int:
        for _ in self.ports:
            replica = next(self._turn)
            if self._up[replica]:
                return replica
        return next(self._turn)

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        self.connections += 1
        replica = self._next()
        try:
            async with asyncio.timeout(CONNECT_S):
                back, server = await asyncio.open_connection("127.0.0.1", self.ports[replica])
        except (OSError, TimeoutError):
            self._up[replica] = False
            client.transport.abort()
            return
        slow = self.connections % SLOW_EVERY == 0
        pipe = Pipe(replica, client, server, slow_s=SLOW_S if slow else 0.0)
        pipe.running.set()
        self._pipes.add(pipe)
        try:
            await asyncio.gather(self._pass(pipe, reader, server), self._pass(pipe, back, client))
        finally:
            self._pipes.discard(pipe)
            server.close()
            client.close()

    async def _pass(
        self, pipe: Pipe, source: asyncio.StreamReader, target: asyncio.StreamWriter
    ) -> None:
        try:
            while chunk := await source.read(CHUNK):
                await pipe.running.wait()
                if pipe.slow_s:
                    await asyncio.sleep(self._rng.uniform(0, pipe.slow_s))
                if not pipe.swallows:
                    target.write(chunk)
                    await target.drain()
            if not pipe.swallows:
                target.write_eof()
        except (OSError, RuntimeError):  # RuntimeError: uvloop's word for a closed connection
            pipe.cut()

    async def _watch(self, replica: int) -> None:
        while True:
            self._up[replica] = await _answers(self.ports[replica])
            await asyncio.sleep(LOOK_S)


async def _answers(port: int) -> bool:
    writer = None
    try:
        async with asyncio.timeout(ANSWER_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            await writer.drain()
            return b" 200 " in await reader.readline()
    except (OSError, TimeoutError):
        return False
    finally:
        if writer is not None:
            with contextlib.suppress(OSError):
                writer.transport.abort()
