"""A customer comes back to a conversation that the live store has forgotten: nothing is missing."""

import asyncio
from dataclasses import replace

import pytest

from handoff_service.archive.models import ConversationRow, EventRow
from handoff_service.domain import ClosedBy
from handoff_service.tokens import Purpose


async def forgotten(service, *, messages=3):
    """A conversation that was closed, archived and forgotten; its page still thinks of it."""
    page = await service.customer()
    for number in range(messages):
        await page.send("message", message_id=f"m{number}", text=f"t{number}")
        await page.event("message.posted", author="bot")
    store = service.parts.store
    closed = await store.conversations.close(
        page.id, by=ClosedBy.CUSTOMER, reason="done", now_ms=service.parts.clock.now_ms()
    )
    await page.event("conversation.closed")
    await service.in_history(page.id, closed.seq)
    async with asyncio.timeout(15):
        while not await store.past.forget(  # noqa: ASYNC110 - SQL tells nobody, either
            [page.id], until_ms=2**52, archived_before=await store.log.archived_before()
        ):
            await asyncio.sleep(0.02)  # the acknowledgement comes a moment after the commit
    return page


@pytest.mark.parametrize("way", ["socket that stayed open", "new socket", "new session"])
async def test_a_forgotten_conversation_goes_on(service, way):
    page = await forgotten(service)
    events = page.events()

    if way == "new socket":
        page = await service.customer(session=page.session)
        assert page.welcome["state"] == "closed"
    elif way == "new session":
        session = await service.session(visitor_token=page.session["visitor_token"])
        assert session["conversation_id"] == page.id
        page = await service.customer(session=session)
    await page.send("message", message_id="m1", text="t1")
    repeated = await page.until("ack", message_id="m1")
    await page.send("message", message_id="new", text="and now?")
    ack = await page.until("ack", message_id="new")
    await page.event("message.posted", text="You said: and now?")

    assert repeated["seq"] == next(e["seq"] for e in events if e["data"].get("text") == "t1")
    assert ack["seq"] == events[-1]["seq"] + 1
    seqs = [event["seq"] for event in page.events()]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_somebody_elses_forgotten_conversation_is_nobodys(service):
    page = await forgotten(service)
    thief = service.parts.signer.read(
        page.session["visitor_token"], Purpose.VISITOR, now_ms=service.parts.clock.now_ms()
    )
    token = service.parts.signer.sign(
        replace(thief, customer_id="u_other"), Purpose.VISITOR,
        now_ms=service.parts.clock.now_ms(), lifetime_s=60,
    )  # fmt: skip

    session = await service.session(visitor_token=token)

    assert session["conversation_id"] != page.id


async def test_a_conversation_that_nobody_knows_is_begun_anew(service):
    page = await forgotten(service)
    async with service.parts.database.session() as session:
        for model in (EventRow, ConversationRow):
            await session.execute(model.__table__.delete())

    session = await service.session(visitor_token=page.session["visitor_token"])

    assert session["conversation_id"] != page.id


async def test_the_service_forgets_by_itself_and_supervisors_still_read(start_service):
    service = await start_service(closed_keep_s=0)
    boss = await service.agent(await service.account(login="boss", role="supervisor"))
    page = await service.customer()
    await page.send("message", message_id="m1", text="hello")
    await page.event("message.posted", author="bot")
    store = service.parts.store

    await store.conversations.close(
        page.id, by=ClosedBy.CUSTOMER, reason="done", now_ms=service.parts.clock.now_ms()
    )

    async with asyncio.timeout(15):
        while await store.redis.exists(*store.keys.of_conversation(page.id)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # nothing tells what is forgotten: that is the point
    await page.drain()
    read = await (await boss.http.get(f"/api/conversations/{page.id}")).json()
    assert read["events"] == page.events()
    assert read["summary"]["state"] == "closed"
    await page.send("message", message_id="m2", text="me again")
    await page.event("message.posted", text="You said: me again")
