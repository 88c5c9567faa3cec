"""Customer and agent in two browsers: from the offer to the rating."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import ask_for_a_person, pressed, say, text_of

pytestmark = pytest.mark.browser


def test_a_wrong_password_is_told_and_the_page_is_clean(new_page, axe, picture):
    page = new_page()
    page.goto("/console")
    expect(page.get_by_test_id("signin-login")).to_be_focused()
    page.get_by_test_id("signin-login").fill("nobody")
    page.get_by_test_id("signin-password").fill("not the password")
    page.get_by_test_id("signin-password").press("Enter")

    expect(page.get_by_test_id("signin-error")).to_have_text("Login or password is wrong.")
    axe(page)
    picture(page, "console-signin")


def test_from_offer_to_rating(customer, agent, axe, picture):
    customer_page, chat = customer()
    desk = agent()
    ask_for_a_person(chat)

    card = desk.get_by_test_id("offer-card")
    expect(card.get_by_test_id("offer-language")).to_have_text("English")
    expect(card.get_by_test_id("offer-topic")).to_have_text("Firmware")
    expect(card.get_by_test_id("offer-reason")).to_have_text("Technical problem")
    expect(card.get_by_test_id("offer-triage")).to_contain_text("Hub 2")
    expect(card.get_by_test_id("offer-tried").locator("a")).to_have_text("Reset your password")
    expect(card.get_by_test_id("offer-countdown")).to_contain_text("second")
    expect(text_of(card, "customer", "How do I reset")).to_have_count(1)
    confidence = card.get_by_test_id("message-confidence").first
    expect(confidence).to_have_text("Sure")
    expect(confidence).to_have_attribute("title", "93 % sure")
    assert desk.title() == "(1) Baton"
    axe(desk)
    picture(desk, "console-offer")
    picture(customer_page, "widget-waiting")

    desk.get_by_test_id("offer-accept").click()
    talk = desk.get_by_test_id("conversation")
    expect(talk).to_have_attribute("data-state", "assigned")
    expect(desk.get_by_test_id("capacity")).to_have_text("1 / 3")
    expect(chat.locator("body")).to_have_attribute("data-state", "assigned")
    expect(chat.locator('[data-type="handoff.assigned"]')).to_contain_text("Mina Park")

    say(desk, "Hello, this is Mina.\nWhich light is on?")
    expect(text_of(chat, "agent", "Which light")).to_have_count(1)
    expect(text_of(desk, "agent", "Which light")).to_have_attribute("data-delivery", "sent")
    chat.get_by_test_id("composer-input").press_sequentially("It bl")
    expect(desk.get_by_test_id("customer-typing")).to_have_text("The customer is writing…")
    say(chat, "It blinks amber")
    expect(text_of(desk, "customer", "It blinks amber")).to_have_count(1)
    expect(chat.get_by_test_id("receipt")).to_have_text("Read")
    customer_page.reload()
    expect(chat.get_by_test_id("receipt")).to_have_text("Read")
    desk.get_by_test_id("composer-input").press_sequentially("I s")
    expect(chat.get_by_test_id("typing")).to_have_text("Mina Park is writing…")
    axe(desk)
    picture(desk, "console-conversation")
    picture(customer_page, "widget-with-agent")

    desk.get_by_test_id("close-conversation").click()
    axe(desk)
    desk.get_by_test_id("disposition-follow_up").check()
    desk.get_by_test_id("wrap-up-confirm").click()
    expect(talk).to_have_attribute("data-state", "wrap_up")
    picture(desk, "console-wrap-up")
    chat.get_by_test_id("survey-4").check()
    chat.get_by_test_id("survey-comment").fill("Quick and kind")
    picture(customer_page, "widget-survey")
    chat.get_by_test_id("survey-send").click()
    expect(chat.get_by_test_id("survey-thanks")).to_be_visible()
    expect(chat.get_by_test_id("survey")).to_be_hidden()
    expect(desk.locator('[data-type="survey.answered"]')).to_contain_text("Quick and kind")

    desk.get_by_test_id("done").click()
    expect(desk.get_by_test_id("conversation-item")).to_have_count(0)
    expect(chat.locator("body")).to_have_attribute("data-state", "closed")
    expect(chat.get_by_test_id("survey")).to_be_hidden()
    expect(desk.get_by_test_id("empty-pane")).to_be_visible()

    expect(chat.get_by_test_id("talk-to-person")).to_have_text("Talk to a person")
    chat.get_by_test_id("talk-to-person").click()
    expect(desk.get_by_test_id("offer-item")).to_have_count(1)


def test_the_agent_sees_at_the_answer_whether_it_helped(customer, agent, axe, picture):
    _, chat = customer()
    desk = agent()
    ask_for_a_person(chat)
    card = desk.get_by_test_id("offer-card")
    mark = text_of(card, "bot", "This article should help").get_by_test_id("message-vote")
    expect(card.get_by_test_id("transcript")).to_be_visible()
    expect(mark).to_have_count(0)

    chat.get_by_test_id("vote-no").click()

    expect(mark).to_contain_text("it did not help")
    axe(desk)
    picture(desk, "console-vote")
    desk.get_by_test_id("offer-accept").click()
    kept = desk.get_by_test_id("conversation").get_by_test_id("message-vote")
    expect(kept).to_have_attribute("data-helpful", "false")
    chat.get_by_test_id("vote-yes").click()
    expect(kept).to_have_attribute("data-helpful", "true")
    expect(kept).to_have_count(1)


def test_keys_decline_accept_and_move(customer, agent):
    _, first = customer()
    desk = agent()
    ask_for_a_person(first)
    expect(desk.get_by_test_id("offer-item")).to_have_count(1)
    desk.keyboard.press("d")
    expect(desk.get_by_test_id("offer-item")).to_have_count(0)

    _, second = customer()
    ask_for_a_person(second)
    expect(desk.get_by_test_id("offer-item")).to_have_count(1)
    desk.keyboard.press("a")
    expect(desk.get_by_test_id("conversation-item")).to_have_count(1)
    expect(desk.get_by_test_id("composer-input")).to_be_focused()
    desk.keyboard.type("a d h e")
    expect(desk.get_by_test_id("composer-input")).to_have_value("a d h e")

    desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    expect(desk.get_by_test_id("shortcuts-dialog")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_test_id("shortcuts-dialog")).to_have_count(0)
    desk.keyboard.press("h")
    expect(desk.get_by_test_id("hand-back-dialog")).to_be_visible()
    desk.get_by_test_id("hand-back-note").fill("password was reset")
    desk.get_by_test_id("hand-back-confirm").click()

    expect(desk.get_by_test_id("conversation-item")).to_have_count(0)
    expect(second.locator("body")).to_have_attribute("data-state", "bot")
    say(second, "password")
    expect(second.get_by_test_id("answer-card")).to_have_count(2)


def test_several_conversations_keep_their_drafts_and_show_what_is_unread(customer, agent, picture):
    desk = agent(languages=("en",))
    chats = []
    for name in ("anna", "boris"):
        _, chat = customer()
        say(chat, f"{name} wants a person")
        desk.get_by_test_id("offer-item").click()
        desk.get_by_test_id("offer-accept").click()
        expect(desk.get_by_test_id("conversation")).to_be_visible()
        expect(chat.locator("body")).to_have_attribute("data-state", "assigned")
        desk.get_by_test_id("composer-input").fill(f"draft for {name}")
        chats.append(chat)
    items = desk.get_by_test_id("conversation-item")
    expect(items).to_have_count(2)

    say(chats[0], "are you there?")
    expect(desk.get_by_test_id("unread")).to_have_text("1 new")
    expect(desk).to_have_title("(1) Baton")
    picture(desk, "console-two-conversations")
    items.nth(0).click()

    expect(desk.get_by_test_id("composer-input")).to_have_value("draft for anna")
    desk.keyboard.press("Escape")
    desk.keyboard.press("j")
    expect(desk.get_by_test_id("composer-input")).to_have_value("draft for boris")


def test_what_was_begun_is_there_again_after_a_reload(customer, agent):
    console = agent()
    _, chat = customer()
    ask_for_a_person(chat)
    console.get_by_test_id("offer-accept").click()
    with console.expect_websocket() as opened:
        console.reload()
    composer = console.get_by_test_id("composer-input")

    with opened.value.expect_event("framesent", lambda sent: '"type":"draft"' in sent):
        composer.fill("Please hold the button for")
    composer.fill("Please hold the button for ten")
    with console.expect_websocket() as opened:
        console.reload()
    expect(composer).to_have_value(re.compile("^Please hold the button for"))
    say(console, "Please hold the button for ten seconds.")
    expect(text_of(chat, "agent", "ten seconds.")).to_have_count(1)
    with console.expect_websocket():
        console.reload()

    expect(text_of(console, "agent", "ten seconds.")).to_have_count(1)
    expect(composer).to_have_value("")


def test_a_reload_and_a_restart_of_the_service_lose_nothing(customer, agent, service):
    _, chat = customer()
    desk = agent()
    ask_for_a_person(chat)
    desk.get_by_test_id("offer-accept").click()
    expect(desk.get_by_test_id("conversation")).to_be_visible()
    say(desk, "before")
    expect(text_of(chat, "agent", "before")).to_have_count(1)

    desk.reload()
    expect(text_of(desk, "agent", "before")).to_have_count(1)
    expect(text_of(desk, "customer", "How do I reset")).to_have_count(1)

    service.kill()
    expect(desk.locator("body")).not_to_have_attribute("data-connection", "online")
    say(desk, "written meanwhile")
    expect(text_of(desk, "agent", "written meanwhile")).to_have_attribute(
        "data-delivery", "sending"
    )
    service.restart()
    expect(text_of(chat, "agent", "written meanwhile")).to_have_count(1, timeout=20_000)
    expect(text_of(desk, "agent", "written meanwhile")).to_have_count(1)
    expect(text_of(desk, "agent", "written meanwhile")).to_have_attribute("data-delivery", "sent")


def test_help_with_writing_that_could_not_be_had_comes_later(customer, agent):
    _, chat = customer()
    desk = agent(expected="ERR_FAILED")
    strings = "**/locales/replies/**"
    desk.route(strings, lambda route: route.abort())
    ask_for_a_person(chat)
    with desk.expect_event("requestfailed"):
        desk.get_by_test_id("offer-accept").click()
    expect(desk.get_by_test_id("composer-input")).to_be_visible()
    expect(desk.get_by_test_id("suggestions")).to_have_count(0)

    desk.unroute(strings)
    say(desk, "still here")

    expect(desk.get_by_test_id("suggestions")).to_have_count(1)


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "ru", "ko"])
def test_the_console_speaks_the_agents_language(customer, agent, axe, picture, locale):
    desk = agent(locale=locale, dark=locale in {"ru", "ko"})
    expect(desk.locator("html")).to_have_attribute("lang", locale)
    _, chat = customer()
    ask_for_a_person(chat)
    expect(desk.get_by_test_id("offer-card")).to_be_visible()
    axe(desk)
    picture(desk, f"console-offer-{locale}")
    desk.get_by_test_id("offer-accept").click()
    expect(desk.get_by_test_id("conversation")).to_be_visible()
    axe(desk)
    picture(desk, f"console-conversation-{locale}")


def test_signing_out_ends_the_session(agent):
    desk = agent()
    desk.get_by_test_id("presence-offline").click()
    pressed(desk, "offline")
    desk.get_by_test_id("sign-out").click()
    expect(desk.get_by_test_id("signin-form")).to_be_visible()
    desk.reload()
    expect(desk.get_by_test_id("signin-form")).to_be_visible()


def test_the_console_works_on_a_phone(customer, agent, axe, picture):
    _, chat = customer()
    desk = agent(width=390, height=800)
    ask_for_a_person(chat)
    desk.get_by_test_id("offer-item").click()
    expect(desk.get_by_test_id("offer-accept")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    picture(desk, "console-phone-offer")
    desk.get_by_test_id("offer-accept").click()
    expect(desk.get_by_test_id("composer-input")).to_be_visible()
    say(desk, "on my phone")
    expect(text_of(chat, "agent", "on my phone")).to_have_count(1)
    axe(desk)
    picture(desk, "console-phone-conversation")
    desk.get_by_test_id("details-toggle").click()
    expect(desk.get_by_test_id("detail-topic")).to_be_in_viewport()
    axe(desk)
    picture(desk, "console-phone-details")
