"""Passing on, stepping in, parking, being away: as agents and customers see it on their sockets."""

import pytest

from tests.handoff_service.gateway.test_agent import offered, talking

HOUR_MS = 3_600_000


def about(summary):
    return {"conversation_id": summary["conversation_id"], "epoch": summary["epoch"]}


async def away_tab(service, login, **more):
    """An agent who is known to the desk but gets no offers until they go online."""
    return await service.agent(await service.account(login=login, **more), online=False)


async def go(tab, status):
    await tab.send("presence", status=status)
    await tab.until("presence", status=status)


async def test_a_conversation_is_passed_on_with_its_note_and_draft(service):
    ann = await service.agent(await service.account(login="ann"))
    bob = await away_tab(service, "bob")
    page, summary = await talking(service, ann)
    await ann.send("draft", **about(summary), text="Have you tried")
    await ann.send("transfer", **about(summary), kind="agent", to=bob.id, note="knows the hub")

    assert (await ann.until("conversation_gone"))["reason"] == "transferred"
    told = await page.event("handoff.transferred")
    assert "Bob" in told["data"]["text"]
    assert "note" not in told["data"]
    await page.until("state", state="waiting")
    await go(bob, "online")
    offer = (await bob.until("offer"))["offer"]
    assert offer["draft"] == "Have you tried"
    assert offer["waiting_since_ms"] == summary["waiting_since_ms"]
    [passed_on] = [e for e in offer["transcript"] if e["type"] == "handoff.transferred"]
    assert passed_on["data"]["note"] == "knows the hub"


@pytest.mark.parametrize(
    ("kind", "to", "code"),
    [
        ("agent", "nobody", "not_found"),
        ("agent", "me", "not_allowed"),
        ("team", "nowhere", "not_found"),
        ("skill", "juggling", "not_found"),
    ],
)
async def test_nothing_is_passed_on_to_nobody(service, kind, to, code):
    ann = await service.agent(await service.account(login="ann", skills={"hub": 3}))
    page, summary = await talking(service, ann)

    await ann.send("transfer", **about(summary), kind=kind, to=ann.id if to == "me" else to)

    assert (await ann.until("error", conversation_id=page.id))["code"] == code


async def test_a_team_is_found_by_its_name(service):
    ann = await service.agent(await service.account(login="ann"))
    bob = await away_tab(service, "bob", teams=["returns"])
    _, summary = await talking(service, ann)

    await ann.send("transfer", **about(summary), kind="team", to="returns")
    await go(bob, "online")

    offer = (await bob.until("offer"))["offer"]
    assert offer["needs"]["team"] == "returns"


async def test_a_supervisor_whispers_then_takes_over(service):
    ann = await service.agent(await service.account(login="ann"))
    sofia = await away_tab(service, "sofia", role="supervisor")
    page, summary = await talking(service, ann)

    await sofia.send("whisper", conversation_id=page.id, message_id="w1", text="Offer a voucher.")
    await sofia.until("ack", message_id="w1")
    heard = await ann.event("whisper.posted")
    assert (heard["data"]["text"], heard["data"]["author_name"]) == ("Offer a voucher.", "Sofia")

    await sofia.send("take_over", conversation_id=page.id)
    await sofia.until("ack", conversation_id=page.id)
    taken = (await sofia.until("conversation"))["summary"]
    assert (await ann.until("conversation_gone"))["reason"] == "taken_over"
    assert (await page.until("state", agent_name="Sofia"))["state"] == "assigned"
    await ann.send("message", **about(summary), message_id="a1", text="too late")
    assert (await ann.until("error", message_id="a1"))["code"] == "not_yours"
    await sofia.send("message", **about(taken), message_id="s1", text="I am Sofia.")
    await page.event("message.posted", text="I am Sofia.")
    assert "whisper.posted" not in {event["type"] for event in page.events()}
    assert await service.parts.store.agents.lost(ann.id) == []  # told already


async def test_a_supervisor_takes_an_offered_conversation_by_hand(service):
    ann = await service.agent(await service.account(login="ann"))
    sofia = await away_tab(service, "sofia", role="supervisor")
    page, _ = await offered(service, ann)

    await sofia.send("take_over", conversation_id=page.id)

    assert (await ann.until("offer_gone"))["reason"] == "taken"
    assert (await sofia.until("conversation"))["summary"]["conversation_id"] == page.id


async def test_only_supervisors_step_in(service):
    ann = await service.agent(await service.account(login="ann"))
    bob = await away_tab(service, "bob")
    page, _ = await talking(service, ann)

    await bob.send("take_over", conversation_id=page.id)
    assert (await bob.until("error", conversation_id=page.id))["code"] == "not_allowed"
    await bob.send("whisper", conversation_id=page.id, message_id="w1", text="psst")
    assert (await bob.until("error", message_id="w1"))["code"] == "not_allowed"


async def test_a_parked_conversation_is_listed_and_taken_up_again(service):
    account = await service.account(login="ann")
    ann = await service.agent(account)
    page, summary = await talking(service, ann)
    until_ms = service.parts.clock.now_ms() + HOUR_MS

    await ann.send("park", **about(summary), until_ms=until_ms, note="depot at ten")
    assert (await ann.until("conversation_gone"))["reason"] == "parked"
    parked = await page.event("conversation.parked")
    assert "note" not in parked["data"]
    again = await service.agent(account, http=ann.http, online=False)
    [listed] = again.welcome["parked"]
    assert (listed["conversation_id"], listed["parked_until_ms"]) == (page.id, until_ms)

    await again.send("resume", conversation_id=page.id)
    assert (await again.until("conversation"))["summary"]["state"] == "assigned"
    await page.until("state", state="assigned")


@pytest.mark.parametrize("ahead_ms", [0, -HOUR_MS, 40 * 24 * HOUR_MS])
async def test_a_time_that_cannot_be_is_refused_by_its_name(service, ahead_ms):
    ann = await service.agent(await service.account(login="ann"))
    page, summary = await talking(service, ann)

    until_ms = service.parts.clock.now_ms() + ahead_ms
    await ann.send("park", **about(summary), until_ms=until_ms)

    assert (await ann.until("error", conversation_id=page.id))["code"] == "bad_frame"


async def test_a_customer_who_writes_to_a_parked_conversation_is_offered_to_who_parked_it(service):
    ann = await service.agent(await service.account(login="ann"))
    page, summary = await talking(service, ann)
    await ann.send("park", **about(summary), until_ms=service.parts.clock.now_ms() + HOUR_MS)
    await ann.until("conversation_gone")

    await page.send("message", message_id="q2", text="any news?")

    assert (await ann.until("offer"))["offer"]["conversation_id"] == page.id


async def test_who_goes_away_gives_back_what_is_offered_at_once(service):
    ann = await service.agent(await service.account(login="ann"))
    bob = await away_tab(service, "bob")
    page, _ = await offered(service, ann)
    await go(bob, "online")

    await ann.send("presence", status="away")

    assert (await ann.until("offer_gone"))["reason"] == "expired"
    assert (await bob.until("offer"))["offer"]["conversation_id"] == page.id


async def test_a_lost_agent_is_told_on_return_and_the_draft_goes_to_the_next(start_service):
    service = await start_service(agent_grace_s=1)
    account = await service.account(login="ann")
    ann = await service.agent(account)
    page, summary = await talking(service, ann)
    await ann.send("draft", **about(summary), text="Please hold the")
    await ann.drain()
    bob = await service.agent(await service.account(login="bob"))

    await ann.ws.close()
    offer = (await bob.until("offer"))["offer"]
    back = await service.agent(account, http=ann.http, online=False)
    again = await service.agent(account, http=ann.http, online=False)

    assert (offer["conversation_id"], offer["draft"]) == (page.id, "Please hold the")
    [loss] = back.welcome["lost"]
    assert (loss["conversation_id"], loss["reason"]) == (page.id, "lost")
    assert (back.welcome["presence"], back.welcome["presence_reason"]) == ("offline", "lost")
    assert again.welcome["lost"] == []


async def test_an_agent_who_misses_two_offers_is_told_that_they_are_away(start_service):
    service = await start_service(offer_timeout_s=1)
    account = await service.account(login="ann", capacity=2)
    ann = await service.agent(account)
    for _ in range(2):
        await offered(service, ann)

    frame = await ann.until("presence", status="away")

    assert frame["reason"] == "missed_offers"
    again = await service.agent(account, http=ann.http, online=False)
    assert again.welcome["presence_reason"] == "missed_offers"


async def test_a_draft_is_there_again_after_a_reload_and_gone_with_the_message(service):
    account = await service.account(login="ann")
    ann = await service.agent(account)
    page, summary = await talking(service, ann)
    await ann.send("draft", **about(summary), text="Half a")
    await ann.drain()

    reloaded = await service.agent(account, http=ann.http, online=False)
    [shown] = reloaded.welcome["conversations"]
    assert shown["draft"] == "Half a"

    await ann.send("message", **about(summary), message_id="a1", text="Half a loaf.")
    await ann.until("ack", message_id="a1")
    later = await service.agent(account, http=ann.http, online=False)
    assert later.welcome["conversations"][0]["draft"] is None
    assert page.id == shown["conversation_id"]


async def test_the_page_names_whoever_has_the_conversation_now(service):
    agent = await service.agent(await service.account())
    page = await service.customer()
    await page.send("request_person", message_id="p1")
    offer = (await agent.until("offer"))["offer"]
    await agent.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    await page.until("state", state="assigned", agent_name="Jo")
    sofia = await service.account("sofia", role="supervisor")
    await service.agent(sofia, online=False)
    store, now_ms = service.parts.store, service.parts.clock.now_ms()

    await store.holdings.take_over(page.id, agent_id=sofia["agent_id"], now_ms=now_ms)
    await page.until("state", agent_name="Sofia")
    epoch = (await store.conversations.get(page.id)).epoch
    await store.holdings.park(
        page.id, agent_id=sofia["agent_id"], epoch=epoch, until_ms=now_ms + 10**6, now_ms=now_ms
    )

    assert (await page.until("state", state="parked"))["agent_name"] == "Sofia"
    again = await service.customer(page.session)
    assert (again.welcome["state"], again.welcome["agent_name"]) == ("parked", "Sofia")
