"""A newer replica beside this one writes what this version does not know: nobody stumbles."""

import json

import pytest

from handoff_service.archive.transcripts import closed_transcripts
from handoff_service.backlog import events_after
from handoff_service.domain import Event, Presence
from handoff_service.services import SUPERVISOR
from tests.handoff_service.gateway.test_agent import talking

MADE_UP = "conversation.sung_to"


async def append(store, conversation_id, *, state, type=MADE_UP):
    """Append an event as `append` of another version's _prelude.lua would; return it."""
    keys, redis = store.keys, store.redis
    seq = await redis.hincrby(keys.conversation(conversation_id), "seq", 1)
    talk = await store.conversations.get(conversation_id)
    event = Event(conversation_id, seq, type, 1_780_000_000_000, talk.epoch, {"song": "la"})
    text = json.dumps(event.to_json() | {"mood": "major"})
    await redis.hset(keys.conversation(conversation_id), mapping={"state": state, "key": "c"})
    await redis.xadd(keys.events(conversation_id), {"e": text}, id=f"{seq}-0")
    entry = {
        "e": text, "c": conversation_id, "n": seq, "t": type, "state": state,
        "agent": talk.agent_id or "", "released": "", "moved": "1", "tempo": "slow",
    }  # fmt: skip
    await redis.xadd(keys.log, entry)
    return event


async def test_an_unknown_event_passes_every_reader(service):
    ann = await service.agent(await service.account(login="ann"))
    page, summary = await talking(service, ann)
    store = service.parts.store

    event = await append(store, page.id, state="assigned")

    shown = await ann.event(MADE_UP)
    assert shown == event.to_json() | {"mood": "major"}
    await ann.send(
        "message", conversation_id=page.id, epoch=summary["epoch"], message_id="m9", text="Hi"
    )
    await page.event("message.posted", text="Hi")  # and nothing of the event before, nor a gap
    assert MADE_UP not in {each["type"] for each in page.events()}
    again = await service.customer(session=page.session)
    await again.event("message.posted", text="Hi")
    assert MADE_UP not in {each["type"] for each in again.events()}

    await ann.send("close", conversation_id=page.id, epoch=summary["epoch"], message_id="c1")
    closed = await page.event("conversation.closed")
    archived = await service.in_history(page.id, closed["seq"])
    assert event in archived
    assert event in await events_after(service.parts, page.id, seq=0)
    [transcript] = [t async for t in closed_transcripts(service.parts.database, since_ms=0)]
    assert event.to_json() in transcript.to_json()["events"]
    read = await (await ann.http.get(f"/api/conversations/{page.id}")).json()
    assert event.to_json() in read["events"]
    assert read["summary"]["state"] == "closed"


@pytest.mark.parametrize("reader", ["customer", "agent", "api"])
async def test_an_unknown_state_is_passed_on(service, reader):
    boss = await service.agent(await service.account(login="boss", role="supervisor"))
    page = await service.customer()

    event = await append(service.parts.store, page.id, state="singing")

    await page.drain()
    if reader == "customer":
        again = await service.customer(session=page.session)
        assert again.welcome["state"] == "singing"
    elif reader == "agent":
        assert (await service.agent(await service.account(login="new"))).welcome[
            "conversations"
        ] == []
    else:
        await service.in_history(page.id, event.seq)
        listed = await (await boss.http.get("/api/conversations")).json()
        assert [each["state"] for each in listed["conversations"]] == ["singing"]


@pytest.mark.parametrize(
    "entry",
    [
        {"x": "y"},
        {"e": "not json"},
        {"e": "{}", "c": "c_1", "n": "1", "t": "handoff.requested", "moved": "1"},
        {"e": "{}", "c": "c_1", "n": "1", "t": "handoff.requested", "state": "waiting",
         "moved": "1", "agent": "a", "released": "b"},
    ],
)  # fmt: skip
async def test_what_is_no_event_at_all_stops_nobody(service, entry):
    ann = await service.agent(await service.account(login="ann"))

    await service.parts.store.redis.xadd(service.parts.store.keys.log, entry)

    page, _ = await talking(service, ann)
    events = page.events()
    assert list(await service.in_history(page.id, events[-1]["seq"]))
    assert service.app[SUPERVISOR].failed.done() is False


async def test_an_unknown_presence_gets_no_offers_and_stops_nobody(service):
    ann = await service.agent(await service.account(login="ann"))
    bob = await service.agent(await service.account(login="bob"), online=False)
    store = service.parts.store
    await store.redis.hset(store.keys.agent(bob.id), "presence", "at_lunch")

    await talking(service, ann)

    assert (await store.agents.get(bob.id)).presence is Presence.AWAY
    assert service.app[SUPERVISOR].failed.done() is False
