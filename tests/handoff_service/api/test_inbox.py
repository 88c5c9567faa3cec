"""The inbox over HTTP: what is listed, what is refused and why, saved filters."""

import pytest

from tests.handoff_service.gateway.test_agent import talking


@pytest.fixture
async def desk(service):
    """Ann holds a conversation in which something was said; Bob and Sofia look on."""
    ann = await service.agent(await service.account(login="ann"))
    page, _ = await talking(service, ann)
    await page.send("message", message_id="m-7", text="환불을 요청하고 싶어요")
    said = await page.event("message.posted", text="환불을 요청하고 싶어요")
    await service.in_history(page.id, said["seq"])
    ann.page = page
    ann.bob = await service.signed_in(await service.account(login="bob"))
    ann.sofia = await service.signed_in(await service.account(login="sofia", role="supervisor"))
    return ann


async def rows(http, **query):
    body = await (await http.get("/api/inbox", params=query)).json()
    return body["rows"]


async def test_everybody_finds_what_they_may_read_and_nothing_else(desk):
    [own] = await rows(desk.http, view="mine")
    [found] = await rows(desk.sofia, text="환불")
    counts = await (await desk.http.get("/api/inbox/counts")).json()

    assert own["conversation_id"] == found["conversation_id"] == desk.page.id
    assert (own["state"], own["unread"], own["agent_name"]) == ("assigned", True, "Ann")
    assert found["snippet"][0] == {"text": "환불", "hit": True}
    assert (counts["counts"]["mine"], counts["counts"]["waiting"]) == (1, 0)
    assert await rows(desk.bob) == await rows(desk.bob, text="환불") == []


async def test_what_waits_may_be_read_by_every_agent(service, desk):
    page = await service.customer()
    await page.send("request_person", message_id="p1")
    asked = await page.event("handoff.requested")
    await service.in_history(page.id, asked["seq"])

    shown = await desk.bob.get(f"/api/conversations/{page.id}")
    hidden = await desk.bob.get(f"/api/conversations/{desk.page.id}")

    assert (shown.status, hidden.status) == (200, 404)
    assert "needs" not in asked["data"]


#: What is asked, and the code and the name of its refusal.
REFUSED = [
    ({"text": '"open'}, "bad_search", "quote"),
    ({"text": "-only"}, "bad_search", "only_without"),
    ({"text": "..."}, "bad_search", "no_words"),
    ({"text": "tag:"}, "bad_search", "tag:"),
    ({"text": "lang:xx"}, "bad_search", "language:"),
    ({"text": "before:soon"}, "bad_search", "before:"),
    ({"text": "stars:9"}, "bad_search", "stars:"),
    ({"text": "a b c d e f g h i j k l m"}, "bad_search", "too_long"),
    ({"view": "mail"}, "bad_frame", "view"),
    ({"state": "asleep"}, "bad_frame", "state"),
    ({"tz": "Mars/Olympus"}, "bad_frame", "tz"),
    ({"tz": "../../etc/passwd"}, "bad_frame", "tz"),
    ({"after": "nonsense"}, "bad_frame", "after"),
    ({"limit": "201"}, "bad_frame", "limit"),
    ({"tag": "a\0b"}, "bad_frame", "tag"),
    ({"text": "a\0b"}, "bad_frame", "text"),
]


async def test_what_cannot_be_asked_is_refused_by_name(desk):
    told = []
    for query, _, _ in REFUSED:
        answer = await desk.bob.get("/api/inbox", params=query)
        error = (await answer.json())["error"]
        told.append((answer.status, error["code"], error["fields"]))

    assert told == [(400, code, [field]) for _, code, field in REFUSED]


async def test_a_filter_is_saved_changed_shared_and_deleted(desk):
    csrf = {"X-CSRF-Token": desk.sofia.csrf}
    body = {"name": " Refunds ", "asks": {"view": "all", "text": "환불", "priority": 7}}

    made = await desk.sofia.post("/api/inbox/filters", json=body, headers=csrf)
    saved = await made.json()
    path = f"/api/inbox/filters/{saved['id']}"
    hidden = await (await desk.bob.get("/api/inbox/filters")).json()
    changed = await desk.sofia.put(path, json=body | {"shared": True}, headers=csrf)
    [shared] = (await (await desk.bob.get("/api/inbox/filters")).json())["filters"]
    gone = await desk.sofia.delete(path, headers=csrf)
    again = await desk.sofia.delete(path, headers=csrf)

    assert (made.status, changed.status, gone.status, again.status) == (201, 200, 204, 404)
    assert (saved["name"], saved["asks"]["priority"], saved["mine"]) == ("Refunds", 7, True)
    assert hidden["filters"] == []
    assert (shared["asks"]["text"], shared["mine"], shared["shared"]) == ("환불", False, True)


async def test_an_agent_saves_filters_for_themselves_only(desk):
    csrf = {"X-CSRF-Token": desk.bob.csrf}
    bodies = [
        ({"name": "All", "asks": {}, "shared": True}, 403),
        ({"name": "", "asks": {}}, 400),
        ({"name": "Bad", "asks": {"text": '"open'}}, 400),
        ({"name": "Mine", "asks": {"view": "mine"}}, 201),
    ]

    made = [await desk.bob.post("/api/inbox/filters", json=b, headers=csrf) for b, _ in bodies]
    path = f"/api/inbox/filters/{(await made[-1].json())['id']}"
    taken = await desk.sofia.delete(path, headers={"X-CSRF-Token": desk.sofia.csrf})

    assert [answer.status for answer in made] == [status for _, status in bodies]
    assert taken.status == 404


async def test_a_supervisor_acts_on_many_at_once(service, desk):
    await desk.send("presence", status="away")  # else it is offered to her at once
    await desk.until("presence", status="away")
    page = await service.customer()
    words = {"message_id": "l1", "contact": "kim@example.com", "text": "Please call."}
    await page.send("leave_message", **words)
    left = await page.event("message.left")
    await service.in_history(page.id, left["seq"])
    csrf = {"X-CSRF-Token": desk.sofia.csrf}
    both = [desk.page.id, page.id]

    async def act(http=desk.sofia, **body):
        headers = csrf if http is desk.sofia else {"X-CSRF-Token": http.csrf}
        told = await http.post(
            "/api/inbox/bulk", json={"conversation_ids": both, **body}, headers=headers
        )
        return told.status, await told.json()

    tagged = await act(act="tag", tag=" VIP ")
    urgent = await act(act="priority", priority=9)
    closed = await act(act="close_left")
    refused = [await act(act="tag"), await act(act="priority"), await act(act="burn")]
    by_agent = await act(http=desk.bob, act="tag", tag="x")

    assert tagged == (200, {"changed": 2, "failed": []})
    assert urgent == (200, {"changed": 2, "failed": []})
    assert closed == (200, {"changed": 1, "failed": [desk.page.id]})
    assert [(status, body["error"]["fields"]) for status, body in refused] == [
        (400, ["tag"]), (400, ["priority"]), (400, ["act"]),
    ]  # fmt: skip
    assert by_agent[0] == 403
    events = await (await desk.sofia.get(f"/api/conversations/{page.id}/events")).json()
    assert {"conversation.tagged", "conversation.prioritized", "conversation.closed"} <= {
        event["type"] for event in events["events"]
    }
