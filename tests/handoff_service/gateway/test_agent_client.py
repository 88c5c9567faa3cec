"""What the client of `baton` can do as an agent, on a real service."""

from contextlib import AsyncExitStack

import pytest

from baton.client.agent import Agent
from baton.client.errors import Refused


async def signed_in(service, stack, login, *, status="online", **more):
    """Return an agent of the command line's own kind."""
    account = await service.account(login=login, **more)
    agent = Agent(service.url, login=account["login"], password=account["password"])
    await stack.enter_async_context(agent)
    await agent.set_presence(status)
    return agent


async def waiting(service):
    """Return the page of a customer who asks for a person."""
    page = await service.customer()
    await page.send("message", message_id="q1", text="my hub restarts")
    await page.event("message.posted", author="bot")
    await page.send("request_person", message_id="p1")
    return page


async def until_gone(agent, conversation_id, reason):
    """Wait until a conversation or its offer left this agent for a reason."""
    await agent.changes.until(
        lambda: agent.gone.get(conversation_id) == reason or None, what=f"{reason} conversation"
    )


async def test_a_conversation_goes_through_many_hands(service):
    async with AsyncExitStack() as stack:
        ann = await signed_in(service, stack, "ann")
        sofia = await signed_in(service, stack, "sofia", status="away", role="supervisor")
        bob = await signed_in(service, stack, "bob", status="away", teams=["returns"])
        page = await waiting(service)
        await ann.until_offer(page.id)
        await ann.accept(page.id)

        await sofia.whisper(page.id, "Offer a voucher.")
        await ann.changes.until(
            lambda: any(e.type == "whisper.posted" for e in ann.events[page.id].values()) or None,
            what="whisper",
        )
        await ann.park(page.id, service.parts.clock.now_ms() + 60_000, note="depot at ten")
        await until_gone(ann, page.id, "parked")
        await ann.resume(page.id)
        await ann.draft(page.id, "Have you tried")
        await ann.transfer(page.id, "team", "returns", note="wants the money back")
        await bob.set_presence("online")
        offer = await bob.until_offer(page.id)
        assert offer["draft"] == "Have you tried"
        await sofia.take_over(page.id)

        assert sofia.conversations[page.id]["agent_id"] == sofia.agent["agent_id"]
        await until_gone(bob, page.id, "taken")


async def test_who_may_not_step_in_reads_why(service):
    async with AsyncExitStack() as stack:
        ann = await signed_in(service, stack, "ann")
        page = await waiting(service)
        await ann.until_offer(page.id)

        with pytest.raises(Refused, match="not_allowed"):
            await ann.take_over(page.id)


async def test_a_client_that_comes_back_knows_why_it_is_away(start_service):
    service = await start_service(agent_grace_s=1)
    async with AsyncExitStack() as stack:
        ann = await signed_in(service, stack, "ann")
        page = await waiting(service)
        await ann.until_offer(page.id)
        await ann.accept(page.id)
        bob = await signed_in(service, stack, "bob")
        await ann.go_away()
        await bob.until_offer(page.id)

        await ann.come_back()

        assert ann.lost == {page.id: "lost"}
        assert (ann.presence, ann.presence_reason) == ("offline", "lost")
