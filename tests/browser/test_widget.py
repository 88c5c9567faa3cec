"""The customer's widget on the demo shop, in Chromium against the real service."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def open_widget(new_page):
    """Return a function that opens the chat on the demo shop: (page, frame locator)."""

    def make(locale="en", **options):
        page = new_page(**options)
        page.goto(f"/demo?locale={locale}")
        page.get_by_test_id("baton-launcher").click()
        chat = page.frame_locator('[data-testid="baton-frame"]')
        expect(chat.locator("body")).to_have_attribute("data-connection", "online")
        return page, chat

    return make


def frame_of(page):
    """Return the widget's frame itself, for axe and scripts."""
    return next(frame for frame in page.frames if "/widget/frame" in frame.url)


def say(chat, text):
    """Write and send."""
    chat.get_by_test_id("composer-input").fill(text)
    chat.get_by_test_id("composer-input").press("Enter")


def own(chat, text):
    """Return the customer's message with this text."""
    return chat.locator('[data-testid="message"][data-author="customer"]').filter(has_text=text)


def test_a_question_is_answered_with_a_card_that_links_to_the_article(open_widget, axe, picture):
    page, chat = open_widget()

    say(chat, "How do I reset my password?")

    card = chat.get_by_test_id("answer-card")
    expect(card.get_by_test_id("answer-title")).to_have_text("Reset your password")
    expect(card.get_by_test_id("answer-quote").locator("li")).to_have_count(3)
    bubble = chat.locator('[data-author="bot"] [data-testid="message-text"]')
    expect(bubble).to_have_text("This article should help:")
    link = card.get_by_test_id("answer-link")
    expect(link).to_have_attribute("href", re.compile(r"/help/en/reset-password#forgot$"))
    expect(link).to_have_attribute("target", "_blank")
    expect(own(chat, "How do I")).to_have_attribute("data-delivery", "sent")
    expect(own(chat, "How do I")).to_have_count(1)
    axe(frame_of(page))
    picture(page, "widget-answer")


def test_nothing_can_be_written_before_it_could_be_sent(new_page):
    page, held = new_page(), []
    page.route("**/widget/all*.js*", lambda route: held.append(route))  # noqa: PLW0108 (it marks what it is given)
    page.goto("/demo?locale=en")
    page.get_by_test_id("baton-launcher").click()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.get_by_test_id("composer-input")).to_be_disabled()

    held[0].continue_()

    say(chat, "password")  # waits until something can be written
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)


def test_a_button_is_a_message_and_goes_when_it_was_used(open_widget):
    _, chat = open_widget()
    say(chat, "password")

    chat.get_by_test_id("quick-reply").filter(has_text="One more thing").click()

    expect(chat.get_by_test_id("message-text").last).to_have_text("Glad to hear it.")
    expect(own(chat, "One more thing")).to_have_count(1)
    expect(chat.get_by_test_id("quick-reply").locator("visible=true")).to_have_count(0)


def test_a_reload_keeps_the_conversation_and_the_draft(open_widget):
    page, chat = open_widget()
    say(chat, "first question")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    chat.get_by_test_id("composer-input").fill("a thought not yet sent")

    page.reload()

    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    expect(own(chat, "first question")).to_have_count(1)
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    expect(chat.get_by_test_id("composer-input")).to_have_value("a thought not yet sent")


def test_what_is_written_without_a_connection_arrives_once(open_widget, service, picture):
    page, chat = open_widget()
    say(chat, "before")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)

    service.kill()
    expect(chat.locator("body")).not_to_have_attribute("data-connection", "online")
    say(chat, "one, into the void")
    say(chat, "two, into the void")
    expect(own(chat, "two, into")).to_have_attribute("data-delivery", "sending")
    expect(chat.get_by_test_id("connection-banner")).to_be_visible()
    picture(page, "widget-offline")
    service.restart()

    expect(own(chat, "two, into")).to_have_attribute("data-delivery", "sent", timeout=20_000)
    page.reload()
    expect(own(chat, "two, into")).to_have_count(1)
    texts = chat.locator('[data-author="customer"] [data-testid="message-text"]')
    expect(texts).to_have_text(["before", "one, into the void", "two, into the void"])


def test_what_was_not_sent_before_a_reload_is_sent_after_it(open_widget, service):
    page, chat = open_widget()
    service.kill()
    expect(chat.locator("body")).not_to_have_attribute("data-connection", "online")
    say(chat, "kept in the outbox")
    expect(own(chat, "kept in")).to_have_attribute("data-delivery", "sending")

    service.restart()
    page.reload()

    expect(own(chat, "kept in")).to_have_attribute("data-delivery", "sent", timeout=20_000)
    expect(own(chat, "kept in")).to_have_count(1)


def test_markup_and_look_alike_links_in_a_message_do_nothing(open_widget):
    page, chat = open_widget()

    say(chat, "<b>markup</b> please")

    answer = chat.locator('[data-author="bot"] [data-testid="message-text"]').last
    expect(answer).to_contain_text("<script>")
    expect(answer.locator("img, script")).to_have_count(0)
    expect(own(chat, "<b>markup</b>")).to_have_count(1)
    links = answer.locator("a")
    expect(links).to_have_count(1)
    expect(links).to_have_text(re.compile(r"^https://xn--"))
    assert frame_of(page).evaluate("window.hacked") is None


def test_a_long_message_is_counted_and_held_back(open_widget):
    _, chat = open_widget()
    chat.get_by_test_id("composer-input").fill("한" * 1001)

    expect(chat.get_by_test_id("composer-count")).to_have_text("1 character too many")
    chat.get_by_test_id("composer-input").press("Enter")
    expect(chat.get_by_test_id("message")).to_have_count(0)

    chat.get_by_test_id("composer-input").fill("한" * 1000)
    chat.get_by_test_id("composer-input").press("Enter")
    expect(chat.locator('[data-delivery="sent"]')).to_have_count(1)


def test_shift_enter_starts_a_line(open_widget):
    _, chat = open_widget()
    field = chat.get_by_test_id("composer-input")
    field.fill("one")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    expect(field).to_have_value("one\ntwo")
    field.press("Enter")
    expect(chat.locator('[data-author="customer"] br')).to_have_count(1)


def test_with_nobody_on_duty_a_message_can_be_left(open_widget, axe, picture):
    page, chat = open_widget()
    say(chat, "my hub keeps rebooting")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)

    chat.get_by_test_id("talk-to-person").click()

    expect(chat.locator("body")).to_have_attribute("data-state", "waiting")
    expect(chat.get_by_test_id("leave-form")).to_be_visible()
    expect(chat.get_by_test_id("leave-text")).to_have_value("my hub keeps rebooting")
    axe(frame_of(page))
    picture(page, "widget-leave-message")
    chat.get_by_test_id("leave-contact").fill("kim@shop.example")
    chat.get_by_test_id("leave-send").click()

    expect(chat.locator('[data-testid="notice"][data-type="message.left"]')).to_be_visible()
    expect(chat.get_by_test_id("leave-form")).to_be_hidden()
    expect(chat.get_by_test_id("talk-to-person")).to_be_visible()


def test_a_customer_in_line_can_go_back_to_the_assistant(open_widget):
    _, chat = open_widget()
    chat.get_by_test_id("talk-to-person").click()
    expect(chat.get_by_test_id("waiting-bar")).to_be_visible()

    chat.get_by_test_id("cancel-handoff").click()

    expect(chat.locator("body")).to_have_attribute("data-state", "bot")
    expect(chat.get_by_test_id("waiting-bar")).to_be_hidden()
    say(chat, "password")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)


def test_the_widget_follows_the_language_the_customer_writes_until_they_choose(open_widget):
    page, chat = open_widget()
    say(chat, "비밀번호를 재설정하고 싶어요")
    expect(chat.locator("body")).to_have_attribute("data-locale", "ko")
    expect(page.get_by_test_id("baton-launcher")).to_have_attribute("aria-label", "채팅 상담")

    chat.get_by_test_id("menu-button").click()
    expect(chat.get_by_test_id("menu-ko")).to_have_attribute("aria-checked", "true")
    chat.get_by_test_id("menu-ru").click()
    expect(chat.get_by_test_id("talk-to-person")).to_have_text("Позвать сотрудника")
    say(chat, "다시 한국어로")
    expect(chat.get_by_test_id("answer-card")).to_have_count(2)
    expect(chat.locator("body")).to_have_attribute("data-locale", "ru")


def test_a_closed_widget_counts_what_came_in(open_widget):
    page, chat = open_widget()
    chat.get_by_test_id("composer-input").fill("password")
    frame_of(page).evaluate(
        "() => { document.getElementById('composer').requestSubmit();"
        " document.getElementById('close').click(); }"
    )

    expect(page.get_by_test_id("baton-badge")).to_have_text("1")
    page.get_by_test_id("baton-launcher").click()
    expect(page.get_by_test_id("baton-badge")).to_be_hidden()


def test_two_tabs_are_one_conversation(open_widget):
    page, chat = open_widget()
    other = page.context.new_page()
    other.goto("/demo?locale=en")
    other.get_by_test_id("baton-launcher").click()
    second = other.frame_locator('[data-testid="baton-frame"]')
    expect(second.locator("body")).to_have_attribute("data-connection", "online")

    say(chat, "from the first tab")
    expect(own(second, "from the first tab")).to_have_count(1)
    say(second, "from the second tab")
    expect(own(chat, "from the second tab")).to_have_count(1)


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant", "ru", "ko"])
def test_each_language_is_clean_on_a_small_phone_in_the_dark(open_widget, axe, picture, locale):
    page, chat = open_widget(locale=locale, dark=True, width=320, height=568)
    say(chat, "unclear")
    expect(chat.get_by_test_id("quick-reply")).to_have_count(2)

    frame = frame_of(page)
    assert frame.evaluate("document.documentElement.scrollWidth") <= 320
    expect(chat.get_by_test_id("talk-to-person")).to_be_in_viewport()
    axe(frame)
    picture(page, f"widget-{locale}-320-dark")


def test_the_keyboard_reaches_everything_and_escape_closes(open_widget):
    page, chat = open_widget()
    expect(chat.get_by_test_id("composer-input")).to_be_focused()
    reached = set()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        reached.add(frame_of(page).evaluate("document.activeElement?.id"))
    assert {"menu-button", "close", "person", "log"} <= reached

    chat.get_by_test_id("composer-input").press("Escape")
    expect(page.get_by_test_id("baton-launcher")).to_be_focused()
    expect(page.get_by_test_id("baton-launcher")).to_have_attribute("aria-expanded", "false")


def test_the_whole_widget_is_small_and_comes_from_one_origin(new_page, service):
    page = new_page()
    responses = []
    page.on("response", lambda each: responses.append(each))  # noqa: PLW0108 (it marks what it is given)
    page.goto("/demo?locale=ru")
    page.get_by_test_id("baton-launcher").wait_for()
    before = {response.url for response in responses}
    assert not [url for url in before if "/widget/frame" in url], "nothing loads before intent"
    page.get_by_test_id("baton-launcher").click()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")

    assert all(response.url.startswith(service.url) for response in responses)
    widget = {
        response.url: response.request.sizes()["responseBodySize"]
        for response in responses
        if re.search(r"/widget/|/shared/", response.url) and "/locales/demo" not in response.url
    }
    loader = next(size for url, size in widget.items() if "/widget/loader.js" in url)
    assert 0 < loader <= 3 * 1024
    assert 0 < sum(widget.values()) <= 31_500, widget
    assert page.evaluate("document.cookie") == ""
