"""Customers are asked how it went: once, after what the site says, and the answer is counted."""

import pytest

from tests.handoff_service.gateway.harness import reply

SITES = """
sites:
  default:
    survey: {csat: {after: [person, answer], share: 1.0}, again_days: 30}
  panel:
    origins: ["https://panel.example"]
    survey: {nps: {after: person, share: 1.0, again_days: 90}}
"""


@pytest.fixture
async def shop(start_service, tmp_path):
    """The service, at two sites that ask."""
    (tmp_path / "widget.yml").write_text(SITES, "utf-8")
    return await start_service(widget_file=tmp_path / "widget.yml")


@pytest.fixture
async def agent(shop):
    """An agent who is online."""
    return await shop.agent(await shop.account())


async def serve(shop, agent, page, number):
    """Let the agent take the customer's conversation and end it."""
    await page.send("request_person", message_id=f"person-{number}")
    offer = (await agent.until("offer"))["offer"]
    about = {"conversation_id": offer["conversation_id"]}
    await agent.send("accept", epoch=offer["epoch"], **about)
    event = await page.event("handoff.assigned")
    await agent.send("wrap_up", epoch=event["epoch"], disposition="solved", **about)
    await page.event("conversation.wrapped_up")
    return about["conversation_id"]


async def report(shop):
    http = await shop.http()
    secret = {"Authorization": f"Bearer {shop.settings.internal_secret}"}
    async with http.get("/internal/surveys", headers=secret) as answer:
        return await answer.json()


async def test_after_a_person_the_customer_is_asked_once_and_the_last_answer_counts(shop, agent):
    page = await shop.customer(await shop.session())
    name = await serve(shop, agent, page, 1)

    asked = await page.event("survey.asked", kind="csat", after="person")
    for number, score in enumerate([2, 5]):
        for _ in range(2):  # sent twice, stored once
            await page.send(
                "survey", message_id=f"s{number}", kind="csat", score=score, comment="Kind."
            )
            ack = await page.until("ack", message_id=f"s{number}")
    answered = await page.event("survey.answered", score=5)

    assert asked["data"]["text"] and asked["data"]["low"] and asked["data"]["high"]
    assert answered["data"]["about"] == asked["data"]["about"]
    assert (await shop.parts.store.conversations.get(name)).stars == 5
    await page.send("message", message_id="more", text="one more thing")
    await page.until("ack", message_id="more")
    await agent.until("ack")
    await shop.in_history(name, ack["seq"])
    told = (await report(shop))["csat"]
    assert (told["asked"], told["answers"], told["mean"]) == (1, 1, 5.0)
    assert told["csat"]["n"] == 1 and told["csat"]["rate"] == 1.0 and told["csat"]["low"] < 0.3
    assert told["after"]["person"]["scores"] == {"5": 1}


async def test_another_site_asks_its_own_question_and_a_skip_is_no_answer(shop, agent):
    page = await shop.customer(await shop.session(site="panel"))
    name = await serve(shop, agent, page, 1)
    await page.event("survey.asked", kind="nps")

    for kind, score in (("csat", 5), ("nps", 11), ("csat", 0)):
        await page.send("survey", message_id=f"{kind}{score}", kind=kind, score=score)
        refused = await page.until("error", message_id=f"{kind}{score}")
        assert refused["code"] == ("not_allowed" if (kind, score) == ("csat", 5) else "bad_frame")
    await page.send("survey", message_id="skip", kind="nps")
    ack = await page.until("ack", message_id="skip")

    skipped = await page.event("survey.answered")
    assert skipped["data"]["skipped"] is True and "score" not in skipped["data"]
    await shop.in_history(name, ack["seq"])
    told = (await report(shop))["nps"]
    assert (told["asked"], told["skipped"], told["answers"]) == (1, 1, 0)
    assert told["nps"] == {"value": None, "low": None, "high": None}


async def test_after_answers_only_who_says_thanks_is_asked_and_only_once(shop):
    thanks = {"messages": [reply("With pleasure.", kind="smalltalk")], "intent": "thank_you"}
    shop.bot.answers["thanks"] = {"language": None, **thanks}
    page = await shop.customer(await shop.session())

    for number, text in enumerate(["thanks", "where is it?", "thanks", "thanks"]):
        await page.send("message", message_id=f"m{number}", text=text)
        await page.event("message.posted", author="bot")
    await page.drain()
    await page.send("message", message_id="last", text="where is it?")
    await page.event("message.posted", author="bot")

    kinds = [event["type"] for event in page.events()]
    assert kinds.count("survey.asked") == 1
    assert kinds.index("survey.asked") > kinds.index("message.posted") + 4


async def test_old_pages_rate_with_stars_and_both_are_one_report(shop, agent):
    page = await shop.customer(await shop.session())
    name = await serve(shop, agent, page, 1)
    await page.send("rate", message_id="r", stars=4, comment="")
    ack = await page.until("ack", message_id="r")

    await shop.in_history(name, ack["seq"])

    told = (await report(shop))["csat"]
    assert (told["answers"], told["mean"]) == (1, 4.0)
