"""Notes, edits, tags, marks, drafts and viewers, as people on both sides hear of them."""

import asyncio

from handoff_service.api.plain.talk import Told
from handoff_service.archive.answer_marks import list_marks
from handoff_service.archive.mentions import list_mentions
from tests.handoff_service.gateway.test_agent import talking
from tests.handoff_service.gateway.test_holdings import about, away_tab


def of(summary):
    return {"conversation_id": summary["conversation_id"]}


async def test_a_note_reaches_who_is_named_and_never_the_customer(service):
    ann = await service.agent(await service.account(login="ann"))
    bob = await away_tab(service, "bob")
    page, summary = await talking(service, ann)

    fields = {"message_id": "n1", "text": "Bob, is it the hub?", "mentions": [bob.id]}
    await ann.send("note", **of(summary), **fields)
    ack = await ann.until("ack", message_id="n1")
    await ann.send("note", **of(summary), **fields)
    again = await ann.until("ack", message_id="n1")

    assert again["seq"] == ack["seq"]
    mention = await bob.until("mention")
    said = {"seq": ack["seq"], "from_name": "Ann", "text": fields["text"]}
    assert mention == {"type": "mention", **of(summary), **said}
    # At once, before the history has heard of it.
    async with bob.http.get(f"/api/conversations/{summary['conversation_id']}/events") as answer:
        assert answer.status == 200
    await service.in_history(summary["conversation_id"], ack["seq"])
    database = service.parts.database
    async with bob.http.get("/api/mentions?unseen=true") as answer:
        told = await answer.json()
    assert (told["unseen"], told["mentions"][0]["from_name"]) == (1, "Ann")
    # Named, so Bob may read it: looking at it is enough to have seen the mention.
    await bob.send("viewing", **of(summary), last_seq=ack["seq"] - 1)
    assert (await bob.event("note.posted"))["data"]["text"] == fields["text"]
    await bob.until("viewers")
    [seen] = await list_mentions(database, bob.id, unseen=False, before=None, limit=9)
    assert seen.seen_ms is not None
    await page.drain()
    assert "note.posted" not in [event["type"] for event in page.events()]


async def test_who_is_named_while_they_look_has_seen_it(start_service):
    service = await start_service(agent_grace_s=1)
    ann = await service.agent(await service.account(login="ann"))
    bob = await away_tab(service, "bob")
    _, summary = await talking(service, ann)
    hello = {"message_id": "n1", "text": "Bob, come and look.", "mentions": [bob.id]}
    await ann.send("note", **of(summary), **hello)
    await bob.until("mention")
    await bob.send("viewing", **of(summary))
    await bob.until("viewers")

    again = {"message_id": "n2", "text": "Bob, is it the hub?", "mentions": [bob.id]}
    await ann.send("note", **of(summary), **again)
    await bob.event("note.posted")

    async with asyncio.timeout(10):
        while not await seen_all(service, bob.id, notes=2):  # noqa: ASYNC110 - SQL tells nobody
            await asyncio.sleep(0.05)


async def seen_all(service, account_id, *, notes):
    database = service.parts.database
    found = await list_mentions(database, account_id, unseen=False, before=None, limit=9)
    return len(found) == notes and all(mention.seen_ms is not None for mention in found)


async def test_nobody_unknown_is_named_and_nothing_is_stored(service):
    ann = await service.agent(await service.account(login="ann"))
    _, summary = await talking(service, ann)

    await ann.send("note", **of(summary), message_id="n1", text="hm", mentions=["a_nobody"])

    assert (await ann.until("error"))["code"] == "not_found"


async def test_what_is_not_theirs_to_read_agents_neither_note_nor_tag_nor_view(service):
    ann = await service.agent(await service.account(login="ann"))
    bob = await away_tab(service, "bob")
    _, summary = await talking(service, ann)

    await bob.send("note", **of(summary), message_id="n1", text="hm")
    assert (await bob.until("error"))["code"] == "not_found"
    await bob.send("tag", **of(summary), message_id="t1", add=["x"])
    assert (await bob.until("error"))["code"] == "not_found"
    await bob.send("viewing", **of(summary))
    assert (await bob.until("error"))["code"] == "not_found"


async def test_an_edit_is_read_by_the_customer_and_by_nobody_twice(service):
    ann = await service.agent(await service.account(login="ann"))
    page, summary = await talking(service, ann)
    await ann.send("message", **about(summary), message_id="a1", text="helo")
    ack = await ann.until("ack", message_id="a1")

    await ann.send("edit", **about(summary), message_id="e1", of="a1", text="  hello ")
    await ann.until("ack", message_id="e1")

    edited = await page.event("message.edited")
    assert edited["data"] == {
        "message_id": "e1", "agent_id": ann.id, "text": "hello", "of_seq": ack["seq"],
    }  # fmt: skip
    assert (await ann.event("message.edited"))["seq"] == edited["seq"]
    token = {"Authorization": f"Bearer {page.session['session_token']}"}
    http = await service.http()
    for form in ("txt", "json", "html"):
        address = f"/api/customer/transcript?format={form}"
        async with http.get(address, headers=token) as answer:
            text = await answer.text()
        assert text.count("hello") == 1
        assert "helo<" not in text
        assert '"helo"' not in text
    told = Told({}, tuple(page.events()), None)
    assert [event["data"]["text"] for event in told.said][-1] == "hello"


async def test_an_edit_of_what_is_not_there_is_refused_with_its_code(service):
    ann = await service.agent(await service.account(login="ann"))
    _, summary = await talking(service, ann)

    await ann.send("edit", **about(summary), message_id="e1", of="a1", text="hello")

    assert (await ann.until("error"))["code"] == "not_found"


async def test_tags_and_priority_are_in_the_summary_at_once(service):
    ann = await service.agent(await service.account(login="ann"))
    sue = await away_tab(service, "sue", role="supervisor")
    _, summary = await talking(service, ann)

    await sue.send("tag", **of(summary), message_id="t1", add=[" Refund ", "refund", "hub  2"])
    shown = await ann.until("conversation")
    assert shown["summary"]["tags"] == ["refund", "hub 2"]
    await sue.send("prioritize", **of(summary), message_id="p1", priority=9)
    shown = await ann.until("conversation")
    assert shown["summary"]["needs"]["priority"] == 9
    await sue.send("tag", **of(summary), message_id="t2", add=["x,y"])
    assert (await sue.until("error"))["code"] == "bad_frame"


async def test_marks_are_the_maintainers_list_and_the_last_one_counts(service):
    ann = await service.agent(await service.account(login="ann"))
    page, summary = await talking(service, ann)
    await ann.drain()
    turns = [e for e in ann.events() if e["type"] == "message.posted"]
    asked = next(e for e in turns if e["data"]["author"] == "customer")

    await ann.send("mark", **of(summary), message_id="k1", seq=asked["seq"], verdict="wrong")
    assert (await ann.until("error"))["code"] == "not_found"
    await ann.send("mark", **of(summary), message_id="k2", seq=asked["seq"], verdict="missing")
    ack = await ann.until("ack", message_id="k2")

    await service.in_history(summary["conversation_id"], ack["seq"])
    database = service.parts.database
    [mark] = await list_marks(database, verdict="missing", before=None, limit=9)
    assert (mark.turn_seq, mark.query, mark.agent_name) == (
        asked["seq"], asked["data"]["text"], "Ann",
    )  # fmt: skip
    await ann.send("mark", **of(summary), message_id="k3", seq=asked["seq"], verdict="right")
    ack = await ann.until("ack", message_id="k3")
    await service.in_history(summary["conversation_id"], ack["seq"])
    assert await list_marks(database, verdict="missing", before=None, limit=9) == []
    async with ann.http.get("/api/answer-marks") as answer:
        assert answer.status == 403
    maintainer = await service.signed_in(await service.account(login="max", role="maintainer"))
    async with maintainer.get("/api/answer-marks?verdict=right") as answer:
        [listed] = (await answer.json())["marks"]
    assert (listed["turn_seq"], listed["verdict"]) == (asked["seq"], "right")
    async with maintainer.get("/api/answer-marks?after=9.x.c") as answer:
        assert answer.status == 400
    await page.drain()
    assert "answer.marked" not in [event["type"] for event in page.events()]


async def test_who_looks_is_told_to_all_who_look_and_to_no_customer(start_service):
    one, other = await start_service(), await start_service()
    ann = await one.agent(await one.account(login="ann"))
    sue = await away_tab(other, "sue", role="supervisor")
    page, summary = await talking(one, ann)
    await ann.send("viewing", **of(summary))
    assert [who["name"] for who in (await ann.until("viewers"))["people"]] == ["Ann"]

    await sue.send("viewing", **of(summary), last_seq=0)
    seen = await sue.until("viewers")
    assert [who["name"] for who in seen["people"]] == ["Ann", "Sue"]
    assert [who["name"] for who in (await ann.until("viewers"))["people"]] == ["Ann", "Sue"]
    assert sue.events()[0]["seq"] == 1, "what was said before, first"
    await ann.send("viewing", **of(summary), writing=True)
    written = await sue.until("viewers")
    assert [who["writing"] for who in written["people"]] == [True, False]
    assert await ann.until("viewers") == written
    # What happens meanwhile is read by both, by each once.
    await page.send("message", message_id="m9", text="still there?")
    assert (await sue.event("message.posted", message_id="m9"))["epoch"] == summary["epoch"]
    await ann.event("message.posted", message_id="m9")
    await sue.send("viewing", conversation_id=None)
    assert [who["name"] for who in (await ann.until("viewers"))["people"]] == ["Ann"]
    for tab in (ann, sue):
        await tab.drain()
        numbers = [event["seq"] for event in tab.events()]
        assert numbers == sorted(set(numbers))
    await page.drain()
    assert "viewers" not in {frame["type"] for frame in page.frames}


async def test_who_may_read_it_no_longer_hears_no_more(service):
    ann = await service.agent(await service.account(login="ann"))
    bob = await away_tab(service, "bob")
    page = await service.customer()
    await ann.send("presence", status="away")
    await page.send("request_person", message_id="r1")
    await page.until("state", state="waiting")
    await service.in_history(page.id, 2)
    await bob.send("viewing", conversation_id=page.id, last_seq=0)
    await bob.event("handoff.requested")

    await ann.send("presence", status="online")
    offer = (await ann.until("offer"))["offer"]
    await ann.send("accept", conversation_id=page.id, epoch=offer["epoch"])

    assert (await bob.until("conversation_gone"))["reason"] == "moved"
    await page.send("message", message_id="m9", text="secret")
    await ann.event("message.posted", message_id="m9")
    await bob.drain()
    assert "secret" not in str(bob.frames)


async def test_a_draft_is_in_the_agents_other_tab_and_gone_when_it_is_sent(service):
    account = await service.account(login="ann")
    ann = await service.agent(account)
    tab = await service.agent(account, http=ann.http, online=False)
    _, summary = await talking(service, ann)
    await tab.until("conversation")

    await ann.send("draft", **about(summary), text="Have you tri")
    shown = await tab.until("conversation")
    assert shown["summary"]["draft"] == "Have you tri"
    await ann.drain()
    assert not [f for f in ann.pending if f["type"] == "conversation"], "the writer knows"
    await ann.send("message", **about(summary), message_id="a1", text="Have you tried?")
    await ann.until("ack", message_id="a1")
    third = await service.agent(account, http=ann.http, online=False)
    assert not third.welcome["conversations"][0].get("draft")
