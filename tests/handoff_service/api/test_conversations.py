"""Conversations by API: who may read which, live and from the history."""

import pytest


@pytest.fixture
async def talk(service):
    """A conversation that Ann holds."""
    ann = await service.agent(await service.account(login="ann"))
    page = await service.customer()
    await page.send("request_person", message_id="p1")
    offer = (await ann.until("offer"))["offer"]
    await ann.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    page.summary = (await ann.until("conversation"))["summary"]
    page.agent = ann
    return page


async def browser(service, role, login):
    return await service.signed_in(await service.account(login=login, role=role))


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/events"])
async def test_nobody_reads_without_signing_in(service, talk, path):
    http = await service.http()

    answer = await http.get("/api/conversations" + path.format(id=talk.id))

    assert answer.status == 401


@pytest.mark.parametrize(
    ("role", "status"), [("agent", 404), ("supervisor", 200), ("maintainer", 200), ("admin", 200)]
)
async def test_the_conversation_of_another_is_not_there_for_an_agent(service, talk, role, status):
    http = await browser(service, role, "other")
    await service.in_history(talk.id, 1)  # which the list is read from

    one = await http.get(f"/api/conversations/{talk.id}")
    events = await http.get(f"/api/conversations/{talk.id}/events")
    listed = await (await http.get("/api/conversations")).json()

    assert (one.status, events.status) == (status, status)
    assert bool(listed["conversations"]) == (status == 200)


async def test_the_agent_who_holds_it_reads_it_whole(service, talk):
    http = talk.agent.http

    body = await (await http.get(f"/api/conversations/{talk.id}")).json()

    live = await service.parts.store.conversations.events(talk.id)
    assert body["events"] == [event.to_json() for event in live]
    assert body["summary"]["state"] == "assigned"
    after = await (await http.get(f"/api/conversations/{talk.id}/events?after=2")).json()
    assert after["events"] == body["events"][2:]


async def test_an_unknown_conversation_looks_like_one_of_another(service, talk):
    http = await browser(service, "agent", "other")

    unknown = await http.get("/api/conversations/c_never")
    foreign = await http.get(f"/api/conversations/{talk.id}")

    assert await unknown.json() == await foreign.json()


async def test_a_list_is_filtered_by_state(service, talk):
    http = await browser(service, "supervisor", "sue")
    waiting = await service.customer()
    await talk.agent.send("presence", status="away")
    await talk.agent.until("presence", status="away")
    await waiting.send("request_person", message_id="p1")
    await waiting.until("state", state="waiting")

    async def ids(query):
        body = await (await http.get(f"/api/conversations?{query}")).json()
        return [each["conversation_id"] for each in body["conversations"]]

    assert await ids("state=waiting") == [waiting.id]
    await service.in_history(talk.id, talk.summary["last_seq"])
    assert await ids("state=assigned") == [talk.id]
    assert set(await ids("")) >= {talk.id, waiting.id}
    assert len(await ids("limit=1")) == 1


@pytest.mark.parametrize("query", ["state=asleep", "limit=0", "limit=many", "limit=100000"])
async def test_a_query_that_cannot_be_is_refused_by_name(service, query):
    http = await browser(service, "supervisor", "sue")

    answer = await http.get(f"/api/conversations?{query}")

    body = await answer.json()
    assert (answer.status, body["error"]["code"]) == (400, "bad_frame")
    assert body["error"]["fields"] == [query.split("=")[0]]


async def test_what_the_live_store_has_forgotten_is_read_from_the_history(service, talk):
    http, store = talk.agent.http, service.parts.store
    expected = [e.to_json() for e in await store.conversations.events(talk.id)]
    await service.in_history(talk.id, expected[-1]["seq"])
    keys = store.keys
    await store.redis.delete(keys.conversation(talk.id), keys.events(talk.id))

    body = await (await http.get(f"/api/conversations/{talk.id}")).json()

    assert body["events"] == expected
    assert body["summary"]["agent_id"] == talk.agent.id


async def test_a_stream_that_lost_its_beginning_is_completed_from_the_history(service, talk):
    http, store = talk.agent.http, service.parts.store
    expected = [e.to_json() for e in await store.conversations.events(talk.id)]
    await service.in_history(talk.id, expected[-1]["seq"])
    await store.redis.xtrim(store.keys.events(talk.id), minid="3-0", approximate=False)

    body = await (await http.get(f"/api/conversations/{talk.id}")).json()

    assert body["events"] == expected
