"""The balancer passes bytes on, finds replicas that are only half there, and misbehaves on call."""

import asyncio
import random
from contextlib import asynccontextmanager

import pytest

from baton.chaos.balancer import Balancer
from baton.client.system import looks

DEADLINE_S = 10


class Replica:
    """Answers /healthz and echoes lines, with its name before them; or accepts and says nothing."""

    def __init__(self, name, *, mute=False):
        self.name, self.mute = name, mute

    async def serve(self, reader, writer):
        try:
            while line := await reader.readline():
                if self.mute:
                    continue
                if line.startswith(b"GET"):
                    writer.write(b"HTTP/1.0 200 OK\r\n\r\n")
                    return
                writer.write(self.name.encode() + b" " + line)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def balanced(*replicas):
    servers = [await asyncio.start_server(each.serve, "127.0.0.1", 0) for each in replicas]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    async with Balancer(ports, rng=random.Random(1)) as balancer:
        try:
            yield balancer
        finally:
            for server in servers:
                server.close()


@asynccontextmanager
async def client(balancer):
    reader, writer = await asyncio.open_connection("127.0.0.1", balancer.port)

    async def ask(text):
        writer.write(f"{text}\n".encode())
        async with asyncio.timeout(DEADLINE_S):
            return (await reader.readline()).decode().strip()

    try:
        yield ask
    finally:
        writer.transport.abort()


async def test_connections_go_round_robin():
    async with balanced(Replica("a"), Replica("b")) as balancer:
        answers = []
        for _ in range(4):
            async with client(balancer) as ask:
                answers.append(await ask("hello"))

    assert sorted(answers) == ["a hello", "a hello", "b hello", "b hello"]


async def test_a_replica_that_accepts_but_says_nothing_gets_no_new_connections():
    async with balanced(Replica("a"), Replica("b", mute=True)) as balancer:
        async for _ in looks(DEADLINE_S, "look of the balancer"):
            if balancer.answering() == [0]:
                break

        for _ in range(4):
            async with client(balancer) as ask:
                assert await ask("hello") == "a hello"


async def test_a_cut_is_a_reset_on_both_sides():
    async with balanced(Replica("a")) as balancer, client(balancer) as ask:
        await ask("hello")

        balancer.cut(balancer.some(0, 1.0))

        with pytest.raises(ConnectionError):
            await ask("again")
            await ask("and again")


async def test_a_stall_holds_back_and_then_lets_pass():
    async with balanced(Replica("a")) as balancer, client(balancer) as ask:
        await ask("hello")
        stalling = asyncio.create_task(balancer.stall(balancer.some(0, 1.0), 0.3))
        await asyncio.sleep(0)

        answer = asyncio.create_task(ask("slow"))
        await stalling

        assert await answer == "a slow"


async def test_what_is_swallowed_never_arrives_and_the_connection_breaks():
    async with balanced(Replica("a")) as balancer, client(balancer) as ask:
        await ask("hello")
        swallowing = asyncio.create_task(balancer.swallow(balancer.some(0, 1.0), 0.1))
        await asyncio.sleep(0)

        with pytest.raises(ConnectionError):
            await ask("gone")
            await ask("gone, too")

        await swallowing


async def test_a_share_of_nothing_is_nothing():
    async with balanced(Replica("a")) as balancer:
        assert balancer.some(0, 0.5) == []
