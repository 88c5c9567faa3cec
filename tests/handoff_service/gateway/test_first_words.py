"""What a site says first: posted once the customer opens it, in the service's own words."""

import pytest

from tests.handoff_service.gateway.harness import handoff

RULES = """
rules:
  - id: welcome-back
    site: shop
    text: {en: "Good to see you again.", ru: "Рады видеть вас снова."}
    suggestions: {en: ["Where is my order?"]}
  - {id: each-visit, text: {en: "Need a hand?"}, once_per: visit}
  - {id: nobody-here, when: {duty: off}, text: {en: "Leave us a message."}}
"""


@pytest.fixture
async def service(start_service, tmp_path):
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "sites.yml").write_text("sites: {default: {}, shop: {}}")
    return await start_service(
        proactive_file=tmp_path / "rules.yml", widget_file=tmp_path / "sites.yml"
    )


async def opened(service, locale="en", **session):
    return await service.customer(await service.session(locale=locale, **session), locale=locale)


async def test_the_bot_says_the_rules_own_words_in_the_pages_language(service):
    for locale, words in (("en", "Good to see you again."), ("ru", "Рады видеть вас снова.")):
        page = await opened(service, locale, site="shop")

        await page.send("proactive", message_id="p1", rule="welcome-back")
        event = await page.event("message.posted")

        assert (event["data"]["author"], event["data"]["kind"]) == ("bot", "proactive")
        assert (event["data"]["text"], event["data"]["rule"]) == (words, "welcome-back")
        assert (await page.until("ack", message_id="p1"))["seq"] == event["seq"]
        assert ("buttons" in event["data"]) is (locale == "en")


async def test_it_is_said_once_however_often_the_page_asks(service):
    page = await opened(service, site="shop")

    for message_id in ("p1", "p1", "p2"):
        await page.send("proactive", message_id=message_id, rule="welcome-back")
        await page.until("ack", message_id=message_id)
    await page.drain()

    assert len([one for one in page.events() if one["type"] == "message.posted"]) == 1


async def test_another_sites_rule_is_no_rule(service):
    page = await opened(service)

    await page.send("proactive", message_id="p1", rule="welcome-back")
    await page.send("proactive", message_id="p2", rule="each-visit")

    assert (await page.until("error"))["code"] == "not_found"
    assert (await page.event("message.posted"))["data"]["text"] == "Need a hand?"


async def test_nothing_is_said_beside_a_person(service):
    service.bot.answers["person"] = handoff()
    page = await opened(service)
    await page.send("message", message_id="m1", text="person")
    await page.event("handoff.requested")

    await page.send("proactive", message_id="p1", rule="each-visit")
    ack = await page.until("ack", message_id="p1")
    await page.drain()

    assert "seq" not in ack
    assert not any(one["data"].get("kind") == "proactive" for one in page.events())


async def test_the_bot_goes_on_after_it(service):
    page = await opened(service)
    await page.send("proactive", message_id="p1", rule="each-visit")
    await page.event("message.posted", kind="proactive")

    await page.send("message", message_id="m1", text="yes please")

    assert (await page.event("message.posted", author="bot"))["data"]["kind"] == "answer"
    assert [turn["text"] for turn in service.bot.seen] == ["yes please"]


async def test_a_page_is_told_its_sites_rules_by_who_is_there(service):
    async def told(site):
        async with (await service.http()).get(f"/widget/companion.js?site={site}") as answer:
            text = await answer.text()
        return [rule for rule in ("welcome-back", "each-visit", "nobody-here") if rule in text]

    assert await told("shop") == ["welcome-back", "each-visit", "nobody-here"]
    assert await told("default") == ["each-visit", "nobody-here"]
    await service.agent(await service.account())
    page = await service.customer()
    if not page.welcome["on_duty"]:
        await page.until("state", on_duty=True)
    assert await told("default") == ["each-visit"]


async def test_opened_words_are_counted_by_rule(service):
    page = await opened(service)
    await page.send("proactive", message_id="p1", rule="each-visit")
    await page.until("ack")

    async with (await service.http()).get("/metrics") as answer:
        metrics = await answer.text()

    assert 'baton_first_words_total{rule="each-visit"} 1.0' in metrics
