"""The vote under an answer, in Chromium against the real service."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_widget import frame_of, open_widget, own, say

pytestmark = pytest.mark.browser

__all__ = ["open_widget"]  # a fixture


@pytest.fixture
def answered(open_widget):
    """Return a function that opens the chat and asks what the bot answers from an article."""

    def make(**options):
        page, chat = open_widget(**options)
        say(chat, "password")
        expect(chat.get_by_test_id("vote")).to_have_count(1)
        return page, chat

    return make


def pressed(chat, yes, no):
    """Expect the two buttons to be as told."""
    expect(chat.get_by_test_id("vote-yes")).to_have_attribute("aria-pressed", yes)
    expect(chat.get_by_test_id("vote-no")).to_have_attribute("aria-pressed", no)


def test_a_vote_is_thanked_for_kept_over_a_reload_and_may_be_changed(answered, axe, picture):
    page, chat = answered()
    pressed(chat, "false", "false")
    expect(chat.get_by_test_id("vote-thanks")).to_have_text("")

    chat.get_by_test_id("vote-yes").click()

    pressed(chat, "true", "false")
    expect(chat.get_by_test_id("vote-thanks")).to_have_text("Thank you for your feedback.")
    expect(chat.get_by_test_id("vote-next")).to_be_hidden()
    axe(frame_of(page))
    picture(page, "widget-vote")

    expect(chat.get_by_test_id("vote")).to_have_attribute("data-delivery", "sent")
    page.reload()
    pressed(chat, "true", "false")
    chat.get_by_test_id("vote-no").click()
    pressed(chat, "false", "true")
    expect(chat.get_by_test_id("vote")).to_have_attribute("data-delivery", "sent")
    page.reload()
    pressed(chat, "false", "true")
    expect(chat.get_by_test_id("message")).to_have_count(2)


def test_the_answer_no_longer_asks_the_same_by_buttons(answered):
    _, chat = answered()

    shown = chat.get_by_test_id("quick-reply")
    expect(shown).to_have_text(["One more thing", "Talk to a person"])


def test_a_no_offers_a_person_or_another_try_until_the_customer_goes_on(answered, axe, picture):
    page, chat = answered()
    chat.get_by_test_id("vote-no").click()
    expect(chat.get_by_test_id("vote-next")).to_be_visible()
    axe(frame_of(page))
    picture(page, "widget-vote-no")

    chat.get_by_test_id("vote-rephrase").click()
    expect(chat.get_by_test_id("composer-input")).to_be_focused()
    say(chat, "unclear")
    expect(chat.get_by_test_id("message")).to_have_count(4)
    expect(chat.get_by_test_id("vote-next")).to_be_hidden()
    expect(chat.get_by_test_id("vote")).to_have_count(1)
    pressed(chat, "false", "true")


def test_a_no_leads_to_a_person_with_one_click(answered):
    _, chat = answered()
    chat.get_by_test_id("vote-no").click()

    chat.get_by_test_id("vote-person").click()

    expect(chat.locator("body")).to_have_attribute("data-state", "waiting")
    expect(own(chat, "Talk to a person")).to_have_count(1)
    expect(chat.get_by_test_id("vote-next")).to_be_hidden()
    chat.get_by_test_id("vote-yes").click()  # still permitted, and nothing moves
    pressed(chat, "true", "false")
    expect(chat.locator("body")).to_have_attribute("data-state", "waiting")


def test_a_vote_without_a_connection_is_kept_and_sent_later(answered, service):
    page, chat = answered()

    service.kill()
    expect(chat.locator("body")).not_to_have_attribute("data-connection", "online")
    chat.get_by_test_id("vote-no").click()
    pressed(chat, "false", "true")
    expect(chat.get_by_test_id("vote")).to_have_attribute("data-delivery", "sending")
    service.restart()
    page.reload()

    expect(chat.get_by_test_id("vote")).to_have_attribute("data-delivery", "sent", timeout=20_000)
    pressed(chat, "false", "true")


def test_the_keyboard_votes_and_a_screen_reader_is_told_what_for(answered):
    page, chat = answered()
    group = chat.get_by_role("group", name="Did this help?")
    expect(group).to_have_count(1)
    group.get_by_role("button", name="Yes", exact=True).focus()
    page.keyboard.press("Tab")
    expect(group.get_by_role("button", name="No", exact=True)).to_be_focused()

    page.keyboard.press("Space")

    pressed(chat, "false", "true")
    page.keyboard.press("Tab")
    expect(chat.get_by_test_id("vote-person")).to_be_focused()


def test_another_tab_shows_the_vote(answered):
    page, chat = answered()
    other = page.context.new_page()
    other.goto("/demo?locale=en")
    other.get_by_test_id("baton-launcher").click()
    second = other.frame_locator('[data-testid="baton-frame"]')
    expect(second.get_by_test_id("vote")).to_have_count(1)

    chat.get_by_test_id("vote-yes").click()

    pressed(second, "true", "false")


def test_nothing_but_answers_can_be_voted_on(open_widget):
    _, chat = open_widget()
    say(chat, "unclear")
    expect(chat.get_by_test_id("quick-reply")).to_have_count(2)
    say(chat, "markup")
    expect(chat.get_by_test_id("message")).to_have_count(4)

    expect(chat.get_by_test_id("vote")).to_have_count(0)


@pytest.mark.parametrize(
    ("locale", "question"),
    [
        ("zh-Hans", "这有帮助吗？"),
        ("zh-Hant", "這有幫助嗎？"),
        ("ru", "Это помогло?"),
        ("ko", "도움이 되었나요?"),
    ],
)
def test_each_language_asks_on_a_small_phone_in_the_dark(answered, axe, picture, locale, question):
    page, chat = answered(locale=locale, dark=True, width=320, height=568)

    chat.get_by_test_id("vote-no").click()

    expect(chat.get_by_role("group", name=question)).to_have_count(1)
    expect(chat.get_by_test_id("vote-rephrase")).to_be_in_viewport(ratio=1)
    frame = frame_of(page)
    assert frame.evaluate("document.documentElement.scrollWidth") <= 320
    axe(frame)
    picture(page, f"widget-vote-{locale}-320-dark")
