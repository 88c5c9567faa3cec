"""The whole journey in Chromium: the customer on the demo shop, the agent in the console."""

import re
import secrets

import pytest
from playwright.async_api import expect

from baton.client.accounts import temporary_account
from baton.client.phrases import LOCALES, phrases
from tests.system.pages import Console, Widget, keep_picture, open_browser, open_page

pytestmark = pytest.mark.browser


@pytest.fixture
async def browser():
    async with open_browser() as opened:
        yield opened


@pytest.fixture
async def credentials(ready):
    """An agent's account, not signed in yet."""
    wanted = {"name": f"Kim {secrets.token_hex(2)}", "languages": list(LOCALES)}
    async with temporary_account(
        ready.url, ready.secret(), login="kim", capacity=5, **wanted
    ) as made:
        yield made


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_question_is_answered_with_the_article_it_links_to(ready, browser, locale):
    async with open_page(browser, viewport={"width": 1000, "height": 760}) as page:
        widget = await Widget.open(page, ready.url, locale)

        answer = await widget.ask(phrases(locale).question)

        await expect(answer).to_have_attribute("data-kind", "answer")
        card = answer.get_by_test_id("answer-card").first
        title = await card.get_by_test_id("answer-title").inner_text()
        await keep_picture(page, f"answer-{locale}")
        async with page.context.expect_page() as opened:
            await card.get_by_test_id("answer-link").click()
        article = await opened.value
        await expect(article).to_have_url(re.compile(rf"/help/{locale}/reset-password(#.*)?$"))
        await expect(article.get_by_role("heading", level=1)).to_have_text(title)
        await keep_picture(article, f"article-{locale}")


async def test_a_customer_is_helped_by_a_person(ready, browser, credentials):
    words = phrases("en")
    async with (
        open_page(browser, viewport={"width": 1000, "height": 760}) as shop,
        open_page(browser, viewport={"width": 1280, "height": 800}) as desk,
    ):
        console = await Console.open(desk, ready.url, credentials)
        widget = await Widget.open(shop, ready.url, "en")
        await widget.ask(words.question)
        question = await widget.ask(words.trouble)
        await expect(question).to_have_attribute("data-kind", "triage")
        await keep_picture(shop, "triage")
        await _answer_triage(widget, words.triage)
        await keep_picture(shop, "handoff")

        card = await console.open_offer()
        await expect(card.get_by_test_id("offer-triage")).to_contain_text("E-417")
        await expect(card.get_by_test_id("offer-tried")).to_be_visible()
        await expect(card.get_by_test_id("offer-language")).to_be_visible()
        await keep_picture(desk, "offer")
        await console.find("offer-accept").click()
        await widget.until_state("assigned")

        await console.write(words.agent)
        await expect(widget.messages("agent")).to_have_count(1)
        await widget.write(words.customer)
        await expect(console.said("customer").last).to_contain_text(words.customer)
        await keep_picture(shop, "talk-customer")
        await keep_picture(desk, "talk-agent")

        await console.find("close-conversation").click()
        await console.find("disposition-solved").check()
        await console.find("wrap-up-confirm").click()
        await expect(widget.find("survey")).to_be_visible()
        await keep_picture(shop, "rating")
        await widget.find("survey-5").check(force=True)
        await widget.find("survey-comment").fill(words.comment)
        await widget.find("survey-send").click()
        await expect(widget.find("survey-thanks")).to_be_visible()
        await console.find("done").click()
        await widget.until_state("closed")
        await keep_picture(shop, "closed")
        await keep_picture(desk, "desk")


async def _answer_triage(widget, text):
    """Answer until the conversation waits for a person: three questions at most."""
    for _ in range(3):
        if await widget.notice("handoff.requested").count():
            break
        before = await widget.messages("bot").count()
        await widget.write(text)
        next_word = widget.messages("bot").nth(before).or_(widget.notice("handoff.requested"))
        await expect(next_word.first).to_be_visible()
    await expect(widget.notice("handoff.requested")).to_be_visible()


async def test_a_click_asks_for_a_person_and_another_takes_it_back(ready, browser):
    async with open_page(browser) as shop:
        widget = await Widget.open(shop, ready.url, "ko")

        await widget.find("talk-to-person").click()
        await widget.until_state("waiting")
        await keep_picture(shop, "nobody-on-duty")
        await widget.find("cancel-handoff").click()

        await widget.until_state("bot")
        answer = await widget.ask(phrases("ko").question)
        await expect(answer).to_have_attribute("data-kind", "answer")


async def test_a_reload_keeps_the_conversation(ready, browser):
    async with open_page(browser) as shop:
        widget = await Widget.open(shop, ready.url, "ru")
        await widget.ask(phrases("ru").question)
        before = await widget.texts("customer"), await widget.texts("bot")

        await shop.reload()
        await widget.unfold()

        await expect(widget.messages("bot")).to_have_count(len(before[1]))
        assert (await widget.texts("customer"), await widget.texts("bot")) == before


async def test_what_is_written_offline_arrives_once(ready, browser):
    async with open_page(browser) as shop:
        widget = await Widget.open(shop, ready.url, "zh-Hant")
        await widget.ask(phrases("zh-Hant").question)

        await shop.context.set_offline(True)
        await expect(widget.frame.locator("body")).to_have_attribute("data-connection", "offline")
        await widget.write(phrases("zh-Hant").customer)
        await keep_picture(shop, "offline")
        await shop.context.set_offline(False)

        own = widget.messages("customer")
        await expect(own.last).to_have_attribute("data-delivery", "sent")
        await expect(widget.messages("bot")).to_have_count(2)
        await expect(own).to_have_count(2)
        await shop.reload()
        await widget.unfold()
        await expect(widget.messages("customer")).to_have_count(2)
