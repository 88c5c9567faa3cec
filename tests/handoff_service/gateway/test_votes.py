"""A vote over the customer's socket: what is stored, who is told, what is refused."""

import json

import pytest

from tests.handoff_service.gateway.harness import reply

SOURCE = {"article_id": "reset", "title": "Reset", "url": "/help/en/reset", "locale": "en"}
ANSWER = {
    "messages": [
        reply("Ask for a link.", sources=[SOURCE], query="lost password", index_version="v7")
    ],
    "language": "en",
}


@pytest.fixture
async def answered(service):
    """A customer who was answered from an article, and the number of the answer."""
    service.bot.answers["lost password"] = ANSWER
    page = await service.customer()
    await page.send("message", message_id="m1", text="lost password")
    return page, (await page.event("message.posted", author="bot"))["seq"]


async def test_a_vote_is_acknowledged_and_comes_back_without_what_is_for_agents(answered):
    page, answer = answered

    await page.send("vote", message_id="v1", seq=answer, helpful=True)
    event = await page.event("answer.voted")
    ack = await page.until("ack", message_id="v1")

    assert event["data"] == {"seq": answer, "helpful": True}
    assert ack["seq"] == event["seq"]


async def test_a_vote_that_is_sent_twice_is_stored_once(answered):
    page, answer = answered

    for _ in range(2):
        await page.send("vote", message_id="v1", seq=answer, helpful=False)
    acks = [await page.until("ack", message_id="v1") for _ in range(2)]
    await page.drain()

    assert acks[0] == acks[1]
    assert len([e for e in page.events() if e["type"] == "answer.voted"]) == 1


async def test_the_bot_is_not_asked_about_a_vote(service, answered):
    page, answer = answered
    await page.send("vote", message_id="v1", seq=answer, helpful=False)
    await page.event("answer.voted")

    await page.send("message", message_id="m2", text="something else")
    await page.event("message.posted", author="bot")

    assert [turn["text"] for turn in service.bot.seen] == ["lost password", "something else"]


async def test_a_vote_is_kept_for_another_visit_and_the_history_has_all_of_it(service, answered):
    page, answer = answered
    await page.send("vote", message_id="v1", seq=answer, helpful=False)
    vote = await page.event("answer.voted")

    again = await service.customer(page.session)

    assert (await again.event("answer.voted"))["data"] == {"seq": answer, "helpful": False}
    events = await service.in_history(page.id, vote["seq"])
    assert events[-1].data == {
        "seq": answer,
        "helpful": False,
        "query": "lost password",
        "sources": [{"article_id": "reset", "locale": "en"}],
        "confidence": 0.9,
        "index_version": "v7",
    }


async def test_the_agent_sees_the_vote_with_its_circumstances(service, answered):
    page, answer = answered
    tab = await service.agent(await service.account())
    await page.send("request_person", message_id="p1")
    offer = (await tab.until("offer"))["offer"]
    await tab.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    await tab.event("handoff.assigned")

    await page.send("vote", message_id="v1", seq=answer, helpful=False)

    seen = (await tab.event("answer.voted"))["data"]
    assert (seen["seq"], seen["query"], seen["index_version"]) == (answer, "lost password", "v7")


@pytest.mark.parametrize(
    ("seq", "code"), [(1, "not_found"), (2, "not_found"), (99, "not_found"), (0, "bad_frame")]
)
async def test_what_is_no_answer_cannot_be_voted_on(answered, seq, code):
    page, _ = answered

    await page.send("vote", message_id="v1", seq=seq, helpful=True)

    error = await page.until("error")
    assert (error["code"], error["message_id"]) == (code, "v1")


@pytest.mark.parametrize("helpful", [None, 1, "true", []])
async def test_a_vote_is_yes_or_no(answered, helpful):
    page, answer = answered

    await page.raw(
        json.dumps({"type": "vote", "message_id": "v1", "seq": answer, "helpful": helpful})
    )

    assert (await page.until("error"))["code"] == "bad_frame"


async def test_what_a_page_says_about_the_answer_is_not_believed(service, answered):
    page, answer = answered
    lies = {"query": "x", "confidence": 1.0, "sources": [], "index_version": "v0"}

    await page.send("vote", message_id="v1", seq=answer, helpful=True, **lies)

    vote = await page.event("answer.voted")
    stored = (await service.in_history(page.id, vote["seq"]))[-1].data
    assert (stored["query"], stored["confidence"]) == ("lost password", 0.9)
    assert (len(stored["sources"]), stored["index_version"]) == (1, "v7")
