"""Redis is full, its disk is full, it is restarted: people are told, nothing said is lost."""

import asyncio
import resource

import aiohttp
import pytest

from handoff_service.errors import Fault
from handoff_service.store.health import FAULTS
from tests.conftest import RedisServer
from tests.fleet import client
from tests.handoff_service.gateway.harness import DEADLINE_S


@pytest.fixture
def server(redis_program):
    made = RedisServer(redis_program).start()
    yield made
    made.stop()


@pytest.fixture
async def faulty(server, start_service):
    return await start_service(redis_url=server.url, redis_timeout_s=1)


async def say(page, message_id):
    """Send a message; return True when it is acknowledged, the code when it is refused."""
    await page.send("message", message_id=message_id, text=message_id)
    async with asyncio.timeout(DEADLINE_S):
        while True:
            for frame in page.pending:
                if frame.get("message_id") == message_id and frame["type"] in {"ack", "error"}:
                    page.pending.remove(frame)
                    return frame["type"] == "ack" or frame["code"]
            message = await page.ws.receive()
            assert message.type is aiohttp.WSMsgType.TEXT
            page._keep(message)


async def say_until(page, outcome, *, prefix):
    """Send one message after the other until one has this outcome; return the others' ids."""
    for number in range(1000):
        name = f"{prefix}{number}"
        if (said := await say(page, name)) == outcome:
            return [f"{prefix}{n}" for n in range(number)], name
        assert said is True
    raise AssertionError(f"never: {outcome}")


async def redis_check(service):
    answer = await (await service.http()).get("/readyz")
    return answer.status, (await answer.json())["checks"]["redis"]["why"]


async def stored(service, conversation_id):
    events = await service.parts.store.conversations.events(conversation_id)
    return [e.data["message_id"] for e in events if e.data.get("author") == "customer"]


async def test_with_its_memory_full_nothing_is_taken_and_what_was_said_is_sent_again(
    server, faulty
):
    page = await faulty.customer()
    assert await say(page, "before") is True
    with client(server) as asked:
        asked.config_set("maxmemory", 1)

    assert await say(page, "meanwhile") == "unavailable"
    assert await redis_check(faulty) == (503, FAULTS[Fault.FULL])

    with client(server) as asked:
        asked.config_set("maxmemory", 0)
    assert await say(page, "meanwhile") is True
    assert await stored(faulty, page.id) == ["before", "meanwhile"]
    assert "memory" not in (await redis_check(faulty))[1]


async def test_an_agent_who_came_online_meanwhile_is_online_once_redis_takes_it(
    server, start_service
):
    service = await start_service(redis_url=server.url, redis_timeout_s=1, agent_grace_s=1)
    ann = await service.agent(await service.account(), online=False)
    with client(server) as asked:
        asked.config_set("maxmemory", 1)
    await ann.send("presence", status="online")
    assert (await ann.until("error"))["code"] == "unavailable"
    with client(server) as asked:
        asked.config_set("maxmemory", 0)

    assert (await ann.until("presence", status="online"))["reason"] == "asked"
    assert await service.parts.store.agents.anyone_on_duty()


async def test_a_change_that_a_failover_took_back_is_shown(server, start_service):
    service = await start_service(redis_url=server.url, agent_grace_s=1)
    account = await service.account()
    ann = await service.agent(account)
    with client(server) as asked:  # as the new primary would have it
        asked.hset(service.parts.store.keys.agent(account["agent_id"]), "presence", "away")

    assert await ann.until("presence", status="away")


async def test_with_its_disk_full_what_was_acknowledged_is_there_after_the_restart(server, faulty):
    page = await faulty.customer()
    assert await say(page, "before") is True
    written = max(file.stat().st_size for file in server.folder.rglob("*.aof*"))
    limit = written + 20_000, resource.RLIM_INFINITY
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limit)

    acknowledged, refused = await say_until(page, "unavailable", prefix="m")
    status, why = await redis_check(faulty)
    assert status == 503
    assert why in {FAULTS[Fault.AWAY], FAULTS[Fault.DISK]}

    server.kill()
    server.start()
    assert await say(page, refused) is True
    assert await stored(faulty, page.id) == ["before", *acknowledged, refused]


async def test_a_restart_of_redis_costs_no_acknowledged_message(server, faulty):
    page = await faulty.customer()
    assert await say(page, "before") is True
    server.kill()

    assert await say(page, "meanwhile") == "unavailable"
    assert await redis_check(faulty) == (503, FAULTS[Fault.AWAY])

    server.start()
    assert await say(page, "meanwhile") is True
    assert await stored(faulty, page.id) == ["before", "meanwhile"]


async def test_a_part_that_was_there_and_fails_leaves_people_served(service, tmp_path):
    folder = tmp_path / "kb" / "current"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    http = await service.http()
    body = await (await http.get("/readyz")).json()
    assert (body["ready"], body["degraded"]) == (True, False)

    service.bot.healthy = False
    answer = await http.get("/readyz")

    body = await answer.json()
    assert (answer.status, body["ready"], body["degraded"]) == (200, True, True)
    assert not body["checks"]["rasa"]["ok"]
