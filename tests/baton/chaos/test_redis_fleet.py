"""Two servers and three sentinels that are real: they agree, and another becomes the primary."""

import pytest

from baton.chaos.redis_fleet import RedisFleet
from baton.client.system import looks
from baton.launcher.processes import ProcessGroup, Program, inherited_environment

#: Longest failover (s) on a busy machine.
FAILOVER_S = 40


@pytest.fixture
async def fleet(tmp_path):
    fleet = RedisFleet(tmp_path, password="of-this-test")
    group = ProcessGroup()
    try:
        for server in (*fleet.servers, *fleet.sentinels):
            log = tmp_path / f"{server.name}.log"
            await group.start(
                Program(server.name, server.argv, inherited_environment(), tmp_path, log)
            )
        await fleet.wait_until_agreed()
        yield fleet
    finally:
        await group.stop()


async def test_another_server_becomes_the_primary_when_asked(fleet):
    assert await fleet.primary() == "redis-1"

    await fleet.fail_over()

    async for _ in looks(FAILOVER_S, "another primary"):
        if await fleet.primary() != "redis-1":
            break


async def test_the_address_names_every_sentinel(fleet):
    ports = [sentinel.port for sentinel in fleet.sentinels]

    assert all(f"127.0.0.1:{port}" in fleet.url for port in ports)
