"""The supervisor's floor: a line that moves, agents who are helped, moved and sent away."""

import json
import re

import pytest
from playwright.sync_api import expect
from redis import Redis

from tests.browser.desk import ask_for_a_person, say

pytestmark = pytest.mark.browser


def figure(page, name):
    return page.get_by_test_id(f"figure-{name}").locator("strong")


def act(page, row, label):
    """Choose what is to be done with a row from its menu."""
    row.get_by_role("button", name=re.compile("What can be done")).last.click()
    page.get_by_role("menuitem", name=label).click()


@pytest.fixture
def hang_hint(service, redis_server):
    """Return a function that hangs a hint on the floor, as the look-out does after an hour."""
    hint = {
        "id": "h1", "question": "the app does not open", "language": "en", "words": ["app", "open"],
        "count": 12, "usual": 1.2, "minutes": 40, "conversation_ids": ["c_1", "c_2"],
    }  # fmt: skip

    def hang():
        with Redis.from_url(redis_server.url, decode_responses=True) as redis:
            redis.set(f"baton:{{{service.desk}}}:hints", json.dumps([hint]), ex=300)

    return hang


def test_a_supervisor_sees_and_moves_everything(customer, agent, axe, picture, hang_hint):
    mina = agent(name="Mina Park", capacity=1)
    supervisor = agent(name="Sue Weber", role="supervisor", presence="away", width=1440)
    chats = [customer()[1] for _ in range(3)]

    ask_for_a_person(chats[0])
    mina.get_by_test_id("offer-accept").click()
    expect(mina.get_by_test_id("conversation")).to_be_visible()
    for chat in chats[1:]:
        ask_for_a_person(chat)
    supervisor.keyboard.press("3")
    floor = supervisor.get_by_test_id("floor")

    # The whole picture: two wait since whoever fits is full, one is talking and owed an answer.
    expect(figure(floor, "waiting")).to_have_text("2")
    expect(figure(floor, "agents")).to_have_text("1")
    lines = floor.locator('[data-testid^="waiting-"]')
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("whoever fits is full")
    agents = floor.locator('[data-testid^="agent-"]')
    row = agents.filter(has_text="Mina Park")
    expect(row).to_contain_text("1/1")
    expect(row).to_contain_text("waits for an answer")
    axe(supervisor)
    picture(supervisor, "floor")

    # An answer is seen without a click; what is owed is not shown any more.
    say(mina, "One moment, please.")
    expect(row).not_to_contain_text("waits for an answer", timeout=15_000)

    # More room for now: the next customer is offered at once, and the agent is told who did it.
    act(supervisor, row, "Change the capacity")
    supervisor.get_by_test_id("floor-capacity").fill("2")
    axe(supervisor)
    supervisor.get_by_test_id("capacity-confirm").click()
    expect(mina.get_by_test_id("offer-item")).to_have_count(1)
    expect(mina.locator("#toasts")).to_contain_text("Sue Weber")
    expect(row).to_contain_text("usually 1")
    mina.get_by_test_id("offer-item").click()
    mina.get_by_test_id("offer-accept").click()
    expect(figure(floor, "waiting")).to_have_text("1")

    # By keyboard: the first row, a word to its agent.
    talks = row.locator('[data-testid^="talk-"]')
    expect(talks).to_have_count(2)
    supervisor.keyboard.press("j")
    expect(lines.first).to_be_focused()
    supervisor.keyboard.press("j")
    expect(talks.first).to_be_focused()
    supervisor.keyboard.press("w")
    supervisor.get_by_test_id("whisper-text").fill("Offer a new hub.")
    supervisor.get_by_test_id("whisper-confirm").click()
    mina.get_by_test_id("conversation-item").first.click()
    expect(mina.locator("body")).to_contain_text("Offer a new hub.")

    # Sent away, with what she has: the line has it again, before who waited already.
    act(supervisor, row.locator("> td").last, "Set to away")
    supervisor.get_by_test_id("force-back").check()
    supervisor.get_by_test_id("force-note").fill("Take a break.")
    picture(supervisor, "floor-force")
    supervisor.get_by_test_id("force-confirm").click()
    expect(mina.locator("#toasts")).to_contain_text("Take a break.")
    expect(mina.get_by_test_id("conversation-item")).to_have_count(0)
    expect(figure(floor, "waiting")).to_have_text("3")
    expect(lines.first).to_contain_text("↑")
    expect(lines.first).to_contain_text("nobody is online")
    expect(row).to_contain_text("set by a supervisor")

    # Taken over: the desk opens with it.
    act(supervisor, lines.last, "Take over")
    supervisor.get_by_test_id("take-over-confirm").click()
    expect(supervisor.get_by_test_id("conversation")).to_be_visible()
    say(supervisor, "I am Sue, I will help you.")
    expect(chats[2].get_by_test_id("transcript")).to_contain_text("I am Sue")

    # Something is unusual: what to tell all customers begins with the question.
    supervisor.keyboard.press("Escape")
    supervisor.goto("/console#/floor")
    hang_hint()
    hint = floor.get_by_test_id("hint-h1")
    expect(hint).to_contain_text("12 customers in 40 minutes ask the same", timeout=15_000)
    expect(hint).to_contain_text("(usually 1.2)")
    axe(supervisor)
    picture(supervisor, "floor-hint")
    hint.get_by_test_id("hint-notice").click()
    expect(supervisor.get_by_test_id("notice-questions")).to_have_value("the app does not open")
    supervisor.get_by_test_id("dialog-close").click()

    # On a phone, in the dark, nothing runs out of the page.
    supervisor.set_viewport_size({"width": 390, "height": 844})
    supervisor.emulate_media(color_scheme="dark")
    expect(figure(floor, "waiting")).to_have_text("2")
    wide = supervisor.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, f"{wide} px wide"
    axe(supervisor)
    picture(supervisor, "floor-phone-dark")
