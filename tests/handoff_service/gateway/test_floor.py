"""The supervisor's floor over HTTP: one picture, acts that agents are told of, who may."""

import asyncio

import pytest
from sqlalchemy import select

from handoff_service.archive.models import AuditRow

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
async def sue(service):
    """A supervisor at her console."""
    return await service.agent(await service.account("sue", role="supervisor"), online=False)


async def floor(tab):
    async with tab.http.get("/api/floor") as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def act(tab, path, body=None, *, method="POST"):
    headers = {"X-CSRF-Token": tab.http.csrf}
    async with tab.http.request(method, f"/api/floor/{path}", json=body or {}, headers=headers) as (
        answer
    ):
        return answer.status, await answer.json()


async def trail(service, action):
    async with service.parts.database.session() as session:
        rows = await session.scalars(select(AuditRow).where(AuditRow.action == action))
        return [(row.actor, row.subject) for row in rows]


async def waiting(service):
    page = await service.customer()
    await page.send("request_person", message_id="h1")
    await page.until("state", state="waiting")
    return page


async def talking(service, agent):
    page = await service.customer()
    await page.send("request_person", message_id="h1")
    offer = (await agent.until("offer"))["offer"]
    await agent.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    await agent.until("conversation")
    await page.until("state", state="assigned")
    return page


async def test_the_picture_shows_who_waits_and_who_is_there(service, sue):
    one = await waiting(service)
    before = await floor(sue)
    ann = await service.agent(await service.account("ann", capacity=2))
    offer = (await ann.until("offer"))["offer"]
    await ann.send("accept", conversation_id=one.id, epoch=offer["epoch"])
    await one.until("state", state="assigned")
    after = await floor(sue)

    [row] = before["waiting"]
    assert (row["conversation_id"], row["place"], row["fit"]) == (one.id, 1, "nobody")
    assert before["totals"]["waiting"] == 1
    assert before["agents"] == []
    assert after["waiting"] == []
    [agent] = after["agents"]
    assert (agent["name"], agent["presence"], agent["load"]) == ("Ann", "online", 1)
    assert agent["since_ms"] <= after["at_ms"]
    [talk] = agent["talks"]
    assert (talk["conversation_id"], talk["state"]) == (one.id, "assigned")
    assert talk["unanswered_ms"] is not None


async def test_those_who_ask_together_share_one_reading(service, sue):
    reader, reads = service.parts.floor_reader, []
    picture = reader.picture

    async def counted():
        reads.append(1)
        return await picture()

    reader.picture = counted
    await asyncio.gather(*(floor(sue) for _ in range(20)))

    assert len(reads) <= 3


async def test_the_supervisor_moves_what_an_agent_has_to_another(service, sue):
    ann = await service.agent(await service.account("ann"))
    page = await talking(service, ann)
    bob = await service.agent(await service.account("bob"))
    [talk] = (await floor(sue))["agents"][0]["talks"]
    body = {"epoch": talk["epoch"], "kind": "agent", "to": bob.id, "note": "He knows this."}

    status, _ = await act(sue, f"conversations/{page.id}/move", body)

    assert status == 200
    assert (await ann.until("conversation_gone"))["reason"] == "transferred"
    assert (await bob.until("offer"))["offer"]["conversation_id"] == page.id
    event = await page.event("handoff.transferred")
    assert event["data"].keys() >= {"text", "place"}
    assert not event["data"].keys() & {"by", "note"}
    assert (await act(sue, f"conversations/{page.id}/move", body))[0] == 409
    nobody = body | {"to": "nobody"}
    assert (await act(sue, f"conversations/{page.id}/move", nobody))[0] == 404
    assert await trail(service, "conversation.moved") == [(sue.id, page.id)]


async def test_a_forced_agent_is_told_and_what_they_have_goes_back_to_the_line(service, sue):
    ann = await service.agent(await service.account("ann", capacity=5))
    page = await talking(service, ann)
    since_ms = (await service.parts.store.conversations.get(page.id)).waiting_since_ms
    body = {"status": "away", "give_back": True, "note": "Take a break."}

    status, done = await act(sue, f"agents/{ann.id}/presence", body, method="PUT")

    assert (status, done) == (200, {"given_back": 1})
    assert await ann.until("presence", status="away", reason="forced")
    told = await ann.until("supervised")
    assert (told["by_name"], told["note"]) == ("Sue", "Take a break.")
    assert (await ann.until("conversation_gone"))["conversation_id"] == page.id
    assert await page.event("handoff.transferred")
    [row] = (await floor(sue))["waiting"]
    assert (row["since_ms"], row["returned"]) == (since_ms, True)
    assert await trail(service, "agent.forced_away") == [(sue.id, ann.id)]
    again = await service.agent(await service.account("bob"))
    assert (await again.until("offer"))["offer"]["conversation_id"] == page.id


async def test_capacity_is_raised_for_now_and_the_next_offer_follows(service, sue):
    ann = await service.agent(await service.account("ann", capacity=1))
    await talking(service, ann)
    second = await waiting(service)
    [row] = (await floor(sue))["waiting"]
    assert row["fit"] == "full"

    for refused, path in ((400, ann.id), (404, "nobody")):
        body = {"capacity": 0 if refused == 400 else 2}
        status, _ = await act(sue, f"agents/{path}/capacity", body, method="PUT")
        assert status == refused
    assert (await act(sue, "conversations/nobody/take-over"))[0] == 404
    status, _ = await act(sue, f"agents/{ann.id}/capacity", {"capacity": 2}, method="PUT")

    assert status == 200
    assert (await ann.until("offer"))["offer"]["conversation_id"] == second.id
    assert (await ann.until("supervised"))["capacity"] == 2
    [agent] = (await floor(sue))["agents"]
    assert (agent["capacity"], agent["usual_capacity"]) == (2, 1)
    assert await trail(service, "agent.capacity_set") == [(sue.id, ann.id)]


async def test_taking_over_and_whispering_stand_in_the_trail_from_either_door(service, sue):
    ann = await service.agent(await service.account("ann"))
    page = await talking(service, ann)

    status, _ = await act(
        sue, f"conversations/{page.id}/whisper", {"message_id": "w1", "text": "Offer a refund."}
    )
    assert status == 200
    assert (await ann.event("whisper.posted"))["data"]["text"] == "Offer a refund."
    status, _ = await act(sue, f"conversations/{page.id}/take-over")
    assert status == 200
    await sue.until("conversation")
    assert await trail(service, "conversation.whispered") == [(sue.id, page.id)]
    assert await trail(service, "conversation.taken_over") == [(sue.id, page.id)]

    other = await waiting(service)
    await sue.send("take_over", conversation_id=other.id)
    await sue.until("ack")
    assert len(await trail(service, "conversation.taken_over")) == 2


@pytest.mark.parametrize("role", ["agent", "maintainer"])
async def test_the_floor_is_for_supervisors(service, role):
    http = await service.signed_in(await service.account("joe", role=role))

    async with http.get("/api/floor") as answer:
        assert answer.status == 403
        assert (await answer.json())["error"]["code"] == "not_allowed"


async def test_who_signs_out_everywhere_is_offline_for_that_reason(service, sue):
    account = await service.account("ann")
    ann = await service.agent(account)
    other = await service.signed_in(account)
    for http, presence in ((other, "online"), (ann.http, "offline")):
        async with http.post("/api/logout", headers={"X-CSRF-Token": http.csrf}) as answer:
            assert answer.status == 200
        agent = await service.parts.store.agents.get(ann.id)
        assert agent.presence == presence

    assert agent.presence_reason == "signed_out"
