"""Several processes of the service, one desk: who is connected where makes no difference."""

import asyncio

import aiohttp

from tests.handoff_service.gateway.harness import DEADLINE_S


async def test_customer_and_agent_talk_across_two_processes(start_service):
    here, there = [await start_service(messages_burst=100) for _ in range(2)]
    tab = await there.agent(await there.account())
    page = await here.customer()

    await page.send("request_person", message_id="p1")
    offer = (await tab.until("offer"))["offer"]
    await tab.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    epoch = (await tab.until("conversation"))["summary"]["epoch"]
    await page.until("state", state="assigned")
    for number in range(20):
        await tab.send("message", conversation_id=page.id, epoch=epoch,
                       message_id=f"a{number}", text=f"from the agent {number}")  # fmt: skip
        await page.send("message", message_id=f"c{number}", text=f"from the customer {number}")
    await page.send("typing", on=True)
    await tab.until("typing", author="customer")
    for socket in (tab, page):  # the two writers' last messages come in either order
        await socket.event("message.posted", text="from the customer 19")
        await socket.event("message.posted", text="from the agent 19")
    await asyncio.gather(tab.drain(), page.drain())

    seen_by_customer = [e["seq"] for e in page.events()]
    assert seen_by_customer == sorted(set(seen_by_customer))
    said = {e["data"]["text"] for e in page.events() if e["type"] == "message.posted"}
    assert len(said) == 40
    seqs = [e["seq"] for e in tab.events()]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_a_process_that_stops_sends_its_customers_to_another(start_service):
    leaving, stays = await start_service(), await start_service()
    page = await leaving.customer()
    await page.send("message", message_id="m1", text="hi")
    answered = await page.event("message.posted", author="bot")

    stopping = asyncio.ensure_future(leaving.app.shutdown())
    assert await page.closed() == aiohttp.WSCloseCode.GOING_AWAY
    await asyncio.wait_for(stopping, DEADLINE_S)

    back = await stays.customer(page.session, last_seq=answered["seq"])
    await back.send("message", message_id="m2", text="again")
    assert await back.event("message.posted", text="You said: again")


async def test_a_turn_is_answered_once_whichever_process_works(start_service):
    services = [await start_service(), await start_service()]
    pages = [await service.customer() for service in services for _ in range(3)]

    for number in range(5):
        for page in pages:
            await page.send("message", message_id=f"m{number}", text=f"t{number}")
    for page in pages:
        await page.event("message.posted", text="You said: t4")
        await page.drain()

    for page in pages:
        answers = [e["data"]["text"] for e in page.events() if e["data"].get("author") == "bot"]
        assert answers == [f"You said: t{number}" for number in range(5)]
