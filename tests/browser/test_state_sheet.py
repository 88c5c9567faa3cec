"""The widget in every state: by axe, for overflow, in five languages, two themes, three sizes."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.desk import say
from tests.browser.states import DESKTOP, PHONE, Sheet
from tests.browser.test_quotes import help_pages  # noqa: F401
from tests.browser.test_widget import frame_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(150)]

#: The states that the sheet must show, at least.
STATES = 24


@pytest.fixture(scope="module")
def sheet(browser):
    """The sheet of this module, drawn at its end."""
    made = Sheet()
    yield made
    page = browser.new_page()
    made.draw(page)
    page.close()


@pytest.fixture
def visit(new_page, sheet, axe):
    """Return a function that opens the widget: (page, chat, take a picture)."""

    def make(**options):
        page = new_page(**options)
        page.goto("/demo?locale=en")
        page.get_by_test_id("baton-launcher").click()
        chat = page.frame_locator('[data-testid="baton-frame"]')
        expect(chat.locator("body")).to_have_attribute("data-connection", "online")

        def take(name, **more):
            sheet.take(name, page, axe, **more)

        return page, chat, take

    yield make
    faults, sheet.faults = sheet.faults, []
    assert not faults, faults


def in_state(chat, state):
    expect(chat.locator("body")).to_have_attribute("data-state", re.compile(state))


def person_is_in_sight(chat, *, enabled):
    """The way to a person is on the page, and says whether it can be taken."""
    button = chat.get_by_test_id("talk-to-person")
    expect(button).to_be_in_viewport(ratio=1)
    expect(button).to_have_attribute("aria-disabled", str(not enabled).lower())


def test_with_the_bot(visit, help_pages):  # noqa: F811
    _, chat, take = visit()
    take("greeting")
    say(chat, "slowly")
    expect(chat.get_by_test_id("typing")).to_be_visible()
    take("the bot writes")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    take("answer")
    chat.get_by_test_id("vote-no").click()
    expect(chat.get_by_test_id("vote-next")).to_be_visible()
    take("did not help")
    person_is_in_sight(chat, enabled=True)
    say(chat, "unclear")
    expect(chat.get_by_test_id("quick-reply").locator("visible=true")).to_have_count(2)
    take("asked back")
    say(chat, "balloon: Masts? two M-2")
    expect(chat.locator(".table")).to_be_visible()
    take("a table")
    say(
        chat, "markup\nhttps://havelo.example/a/very/long/address/that/has/no/place/to/break?q=1234"
    )
    expect(chat.get_by_test_id("message-text").last).to_contain_text("onerror")
    take("hostile words")
    chat.get_by_test_id("menu-button").click()
    take("menu")
    chat.get_by_test_id("menu-leave").click()
    take("a message to leave")
    chat.get_by_test_id("leave-contact").press("Escape")
    expect(chat.get_by_test_id("leave-form")).to_be_hidden()
    chat.get_by_test_id("menu-button").click()
    chat.get_by_test_id("menu-erase").click()
    take("before everything is deleted")
    chat.get_by_test_id("data-no").click()
    chat.get_by_test_id("composer-input").fill("a long message " * 80)
    take("too long", look=("zh-Hans", False, DESKTOP))
    person_is_in_sight(chat, enabled=True)
    chat.get_by_test_id("composer-input").fill("")
    chat.get_by_test_id("emoji-button").click()
    take("emoji")


def test_nobody_on_duty(visit):
    _, chat, take = visit()
    say(chat, "my hub keeps rebooting")
    chat.get_by_test_id("talk-to-person").click()
    expect(chat.get_by_test_id("leave-form")).to_be_visible()
    take("nobody on duty")
    person_is_in_sight(chat, enabled=False)
    chat.get_by_test_id("leave-contact").fill("kim@shop.example")
    chat.get_by_test_id("leave-text").fill("Please call me")
    chat.get_by_test_id("leave-send").click()
    in_state(chat, "message_left")
    take("message left")
    person_is_in_sight(chat, enabled=False)
    chat.get_by_test_id("cancel-handoff").click()
    in_state(chat, "bot")


def test_with_a_person(visit, agent):
    desk = agent(languages=("en",), capacity=2)
    page, chat, take = visit()
    say(chat, "I want a person")
    in_state(chat, "waiting|offered")
    take("in line")
    person_is_in_sight(chat, enabled=False)
    desk.get_by_test_id("offer-accept").click()
    in_state(chat, "assigned")
    say(desk, "Hello, this is Mina. Which light is on?")
    say(chat, "The amber one")
    expect(chat.locator('[data-author="agent"]')).to_have_count(1)
    take("with a person")
    desk.get_by_test_id("composer-input").press_sequentially("I s")
    expect(chat.get_by_test_id("typing")).to_be_visible()
    take("the person writes")
    desk.get_by_test_id("composer-input").fill("")
    desk.get_by_test_id("close-conversation").click()
    desk.get_by_test_id("disposition-follow_up").check()
    desk.get_by_test_id("wrap-up-confirm").click()
    in_state(chat, "wrap_up")
    expect(chat.get_by_test_id("survey")).to_be_visible()
    take("asked for a rating")
    person_is_in_sight(chat, enabled=True)
    chat.get_by_test_id("survey-4").check()
    chat.get_by_test_id("survey-send").click()
    expect(chat.get_by_test_id("survey-thanks")).to_be_visible()

    chat.get_by_test_id("talk-to-person").click()

    in_state(chat, "assigned")
    take("back to the person", look=("zh-Hant", False, PHONE))
    say(desk, "Here I am.\n" * 30)
    expect(chat.locator('[data-author="agent"]')).to_have_count(2)
    newer = chat.get_by_test_id("newer")
    frame_of(page).evaluate("document.getElementById('main').scrollTop = 0")
    say(desk, "Is it still blinking?")
    expect(newer).to_be_visible()
    # Another language would be drawn anew, and read from its end.
    take("new messages, further down", look=("zh-Hant", True, PHONE))
    newer.click()
    expect(chat.get_by_test_id("message").last).to_be_in_viewport()
    expect(newer).to_be_hidden()
    desk.get_by_test_id("close-conversation").click()
    desk.get_by_test_id("disposition-follow_up").check()
    desk.get_by_test_id("wrap-up-confirm").click()
    desk.get_by_test_id("done").click()
    in_state(chat, "closed")
    take("closed")
    person_is_in_sight(chat, enabled=True)

    chat.get_by_test_id("talk-to-person").click()
    in_state(chat, "waiting|offered")
    page.clock.set_fixed_time(time.time() + 86_400)
    take("the day after")
    expect(chat.get_by_test_id("day")).to_have_count(1)
    page.reload()
    in_state(chat, "waiting|offered")
    take("after a reload")
    chat.get_by_test_id("cancel-handoff").click()
    in_state(chat, "bot")


def test_without_a_connection(visit, service):
    page, chat, take = visit()
    page.evaluate("Baton.setLocale('ru')")
    say(chat, "before")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    service.kill()
    say(chat, "into the void")
    expect(chat.get_by_test_id("connection-banner")).to_be_visible()
    take("offline", look=("ru", False, (390, 760)))
    person_is_in_sight(chat, enabled=True)
    chat.get_by_test_id("talk-to-person").click()
    person_is_in_sight(chat, enabled=False)
    take("a person is asked for, offline", look=("ru", True, (320, 568)))
    service.restart()
    in_state(chat, "waiting")
    take("asked for as soon as the line was back")
    chat.get_by_test_id("cancel-handoff").click()
    in_state(chat, "bot")


def test_with_a_known_problem(visit, service):
    words = {
        "title": "Some orders are late",
        "text": "The lorry from Gdańsk broke down. Orders of Monday come on Thursday.",
    }
    service.post(
        "/internal/notices", {"texts": {"en": words}, "url": "https://havelo.example/late"}
    )
    _, chat, take = visit()
    expect(chat.locator("#notices")).to_contain_text("Gdańsk")
    take("a known problem", look=("ko", True, (320, 568)))
    expect(chat.locator("#notices summary")).to_be_in_viewport(ratio=1)
    chat.locator("#notices summary").click()
    take("a known problem, folded")


def test_the_sheet_shows_every_state(sheet):
    assert len(sheet.shots) >= STATES
