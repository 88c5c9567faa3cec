"""Two agents, a supervisor and a customer in one conversation: what each sees of the others."""

import re
import sqlite3
import time
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.desk import ask_for_a_person, pressed, say, text_of

pytestmark = pytest.mark.browser


def conversation_id(desk):
    return desk.get_by_test_id("conversation").get_attribute("data-conversation-id")


class Wire:
    """An agent's socket, on which messages to the customer can be held up."""

    def __init__(self, page):
        self.holds, self.held = False, []
        page.route_web_socket(re.compile("/ws/agent"), self._open)
        page.reload()
        pressed(page, "online")

    def _open(self, socket):
        self._server = server = socket.connect_to_server()
        socket.on_message(lambda text: self._pass_on(server, text))

    def _pass_on(self, server, text):
        if self.holds and '"type":"message"' in text:
            self.held.append(text)
        else:
            server.send(text)

    def release(self):
        self.holds = False
        for text in self.held:
            self._server.send(text)


def test_colleagues_beside_one_customer(customer, agent, axe, picture, service):
    _, chat = customer()
    mina = agent()
    wire = Wire(mina)
    ask_for_a_person(chat)
    mina.get_by_test_id("offer-accept").click()
    expect(mina.get_by_test_id("conversation")).to_be_visible()
    name = conversation_id(mina)
    sofia = agent(name="Sofia Orlova", presence="offline")
    viktor = agent(name="Viktor", role="supervisor", presence="offline", locale="ru")

    # What was written too fast is mended, and the customer sees it in its place.
    say(mina, "Helo, I am Mina.")
    expect(text_of(chat, "agent", "Helo")).to_have_count(1)
    mina.get_by_test_id("composer-input").press("ArrowUp")
    expect(mina.get_by_test_id("composer-input")).to_have_value("Helo, I am Mina.")
    expect(mina.get_by_test_id("composer-hint")).to_contain_text("changing your last message")
    say(mina, "Hello, I am Mina.")
    expect(text_of(chat, "agent", "Hello, I am Mina.")).to_have_count(1)
    expect(text_of(chat, "agent", "Helo")).to_have_count(0)
    expect(chat.get_by_test_id("edited")).to_have_text("Edited")
    edited = mina.get_by_test_id("edited")
    edited.locator("summary").click()
    expect(edited).to_contain_text("Helo, I am Mina.")
    expect(mina.get_by_test_id("message-read")).to_be_visible()

    # A note names a colleague, who may read the conversation from then on.
    mina.get_by_test_id("note-mode").click()
    mina.get_by_test_id("composer-input").press_sequentially("Is it the hub, @sof")
    expect(mina.get_by_test_id("mention-item")).to_have_text("Sofia Orlova")
    axe(mina)
    picture(mina, "console-note-writing")
    mina.get_by_test_id("composer-input").press("Enter")
    mina.get_by_test_id("composer-input").press_sequentially("?")
    mina.get_by_test_id("composer-input").press("Enter")
    expect(mina.get_by_test_id("note")).to_contain_text("Is it the hub, @Sofia Orlova ?")
    expect(mina.get_by_test_id("note")).to_contain_text("Only colleagues see this")
    expect(sofia.locator("#toasts")).to_contain_text("Mina Park mentioned you")
    expect(chat.locator("body")).not_to_contain_text("Is it the hub")
    mina.get_by_test_id("composer-input").fill("Which light is on?")

    # Who else looks, and who writes.
    for page in (sofia, viktor):
        page.goto(f"{service.public_url}/console#/conversation/{name}")
        expect(page.get_by_test_id("note")).to_contain_text("Is it the hub")
    expect(mina.get_by_test_id("viewers")).to_contain_text("Sofia Orlova, Viktor")
    sofia.get_by_test_id("composer-input").fill("Yes, it is the hub.")
    expect(mina.get_by_test_id("viewers")).to_contain_text("Writing now: Sofia Orlova")
    sofia.get_by_test_id("composer-input").press("Enter")
    expect(mina.get_by_test_id("note").last).to_contain_text("Yes, it is the hub.")
    say(chat, "It blinks amber")
    expect(text_of(viktor, "customer", "It blinks amber")).to_have_count(1)
    expect(mina.get_by_test_id("composer-input")).to_have_value("Which light is on?")

    # Tags and priority are there for all of them.
    viktor.get_by_test_id("tag-input").fill("Hub 2, amber")
    viktor.get_by_test_id("tag-input").press("Enter")
    expect(mina.get_by_test_id("tag")).to_have_count(2)
    viktor.get_by_test_id("priority").select_option("9")
    expect(mina.get_by_test_id("priority")).to_have_value("9")
    axe(viktor)
    picture(viktor, "console-conversation-read-ru")

    # One key marks an answer, another one a question that had none; the last mark counts.
    answer = mina.locator('[data-testid="message"][data-author="bot"]').first
    answer.focus()
    mina.keyboard.press("w")
    expect(answer.get_by_test_id("message-mark")).to_contain_text("Mina Park: wrong answer")
    mina.keyboard.press("ArrowDown")
    asked = mina.locator('[data-testid="message"]:focus')
    expect(asked).to_have_attribute("data-author", "customer")
    mina.keyboard.press("m")
    expect(asked.get_by_test_id("message-mark")).to_contain_text("missing")
    mina.keyboard.press("u")
    expect(asked.get_by_test_id("message-mark")).to_have_count(0)
    axe(mina)
    picture(mina, "console-marks")
    expect(viktor.get_by_test_id("message-mark")).to_have_count(1)

    # Somebody else has it meanwhile: what was being written goes along, what came too late is told.
    wire.holds = True
    say(mina, "One moment, please.")
    mina.get_by_test_id("composer-input").fill("Which light is on?")
    viktor.get_by_test_id("read-take_over").click()
    viktor.get_by_test_id("take-over-confirm").click()
    expect(mina.get_by_test_id("conversation-item")).to_have_count(0)
    taken = viktor.get_by_test_id("conversation").get_by_test_id("composer-input")
    expect(taken).to_have_value("Which light is on?")
    wire.release()
    expect(mina.get_by_test_id("unsent-item")).to_contain_text("One moment, please.")
    expect(mina.get_by_test_id("unsent-item")).to_contain_text("with someone else")
    axe(mina)
    picture(mina, "console-unsent")
    mina.get_by_test_id("unsent-keep").click()
    expect(mina.get_by_test_id("unsent-item")).to_have_count(0)
    expect(viktor.get_by_test_id("conversation")).to_contain_text("One moment, please.")
    expect(text_of(chat, "agent", "One moment")).to_have_count(0)

    # The history hears of it all a moment later; who leaves has seen where they were named.
    marks = "select verdict, agent_name from answer_marks where conversation_id = ? order by 1"
    until_in_history(service, marks, name, [("right", "Mina Park"), ("wrong", "Mina Park")])
    sofia.evaluate("location.hash = '#/inbox/mine'")
    seen = "select seen_ms is not null from mentions where conversation_id = ?"
    until_in_history(service, seen, name, [(1,)])


def until_in_history(service, statement, conversation_id, wanted):
    """Wait until the history tells so, for half a minute at most."""
    end = time.monotonic() + 30
    found = None
    while found != wanted:
        assert time.monotonic() < end, found
        with closing(sqlite3.connect(service.folder / "baton.db")) as history:
            found = history.execute(statement, [conversation_id]).fetchall()
        time.sleep(0.1)  # SQL tells nobody what was written: asking is the way
