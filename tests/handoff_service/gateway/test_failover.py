"""A failover of Redis under a customer and an agent: what is said counts, nobody is lost."""

import asyncio

import pytest

from handoff_service.domain import State
from tests.fleet import Sentinels, wait_until
from tests.handoff_service.gateway.harness import DEADLINE_S

pytestmark = pytest.mark.system


@pytest.fixture
def fleet(redis_program):
    made = Sentinels(redis_program, replicas=2)
    yield made
    made.stop()


async def test_a_customer_goes_on_talking_to_the_same_agent(fleet, start_service):
    service = await start_service(
        redis_url=fleet.url, redis_timeout_s=1, redis_wait_replicas=1, agent_grace_s=6
    )
    page = await service.customer()
    agent = await service.agent(await service.account())
    await page.send("request_person", message_id="p1")
    offer = (await agent.until("offer"))["offer"]
    await agent.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    assigned = await page.event("handoff.assigned")
    held_by = assigned["data"]["agent_id"]
    old = await asyncio.to_thread(fleet.primary)

    old.kill()
    await asyncio.to_thread(wait_until, lambda: fleet.primary() is not old, "a new primary")
    async with asyncio.timeout(DEADLINE_S):
        refused = True
        while refused:
            await page.send("message", message_id="m1", text="still there?")
            frame = await _answer(page, "m1")
            refused = frame["type"] == "error"

    talk = await service.parts.store.conversations.get(page.id)
    assert (talk.state, talk.agent_id) == (State.ASSIGNED, held_by)
    types = [event.type.value for event in await service.parts.store.conversations.events(page.id)]
    assert "agent.lost" not in types
    assert types.count("message.posted") == 1


async def _answer(page, message_id):
    while True:
        for frame in page.pending:
            if frame["type"] in {"ack", "error"} and frame.get("message_id") == message_id:
                page.pending.remove(frame)
                return frame
        page._keep(await page.ws.receive())
