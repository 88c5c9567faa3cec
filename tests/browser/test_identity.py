"""Customers whom the site has signed: each sees their own conversation in one browser."""

import sqlite3
import time
from contextlib import closing

import jwt
import pytest
from playwright.sync_api import expect

from tests.browser.shop import ShopServer

pytestmark = pytest.mark.browser

WORDS_OF = """SELECT 1 FROM events JOIN conversations ON conversations.id = events.conversation_id
    WHERE conversations.customer_id = ? AND events.data LIKE ?"""


@pytest.fixture(scope="module")
def allowed_origin():
    """Choose where the shop will be, before the service starts."""
    return ShopServer()


@pytest.fixture(scope="module")
def shop(allowed_origin, service):
    """A shop that the service allows to show the widget."""
    allowed_origin.service = service.url
    yield allowed_origin
    allowed_origin.close()


@pytest.fixture
def sign(service):
    """Return a function that signs who a customer is, as the shop's server does."""

    def make(customer_id, *, lifetime_s=3600):
        claims = {"sub": customer_id, "aud": "baton", "exp": int(time.time()) + lifetime_s}
        return jwt.encode(claims, service.identity_secret, "HS256")

    return make


def visit(page, shop, identity=""):
    page.goto(f"{shop.origin}/?identity={identity}")
    if page.get_by_test_id("baton-launcher").get_attribute("aria-expanded") != "true":
        page.get_by_test_id("baton-launcher").click()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    return chat


def say(chat, text):
    chat.get_by_test_id("composer-input").fill(text)
    chat.get_by_test_id("composer-input").press("Enter")
    stored = chat.locator('[data-testid="message"][data-delivery="sent"]')
    expect(stored.filter(has_text=text)).to_have_count(1)


def said(chat, text):
    return chat.get_by_test_id("message-text").filter(has_text=text)


@pytest.fixture
def until_in_history(service):
    """A way to wait for words of a customer in the history, from which earlier ones are listed."""

    def wait(customer_id, words):
        with closing(sqlite3.connect(service.folder / "baton.db")) as database:
            for _ in range(300):
                if database.execute(WORDS_OF, (customer_id, f"%{words}%")).fetchone():
                    return
                time.sleep(0.1)  # SQL tells nobody what was written: asking is the way
        raise AssertionError(f"{words!r} of {customer_id} are not in the history")

    return wait


def test_who_signs_in_takes_the_conversation_along_and_nobody_else_sees_it(
    new_page, shop, sign, until_in_history
):
    page = new_page()
    say(visit(page, shop), "asked before the sign-in")

    chat = visit(page, shop, sign("ann"))
    expect(said(chat, "asked before the sign-in")).to_have_count(1)
    say(chat, "asked by Ann")

    chat = visit(page, shop, sign("bob"))
    say(chat, "asked by Bob")
    expect(said(chat, "asked by Ann")).to_have_count(0)

    chat = visit(page, shop)
    say(chat, "asked by nobody")
    expect(said(chat, "asked by Bob")).to_have_count(0)

    until_in_history("ann", "asked by Ann")
    chat = visit(page, shop, sign("ann"))  # and takes along what was just asked
    expect(said(chat, "asked by nobody")).to_have_count(1)
    expect(said(chat, "asked by Bob")).to_have_count(0)
    expect(said(chat, "asked by Ann")).to_have_count(0)
    chat.get_by_test_id("earlier").click()
    expect(said(chat, "asked by Ann")).to_have_count(1)


def test_a_page_that_is_never_loaded_anew_signs_in_and_out_by_script(new_page, shop, sign):
    page = new_page()
    chat = visit(page, shop, sign("cho"))
    say(chat, "asked by Cho")

    page.evaluate("Baton.identify(null)")
    expect(said(chat, "asked by Cho")).to_have_count(0)
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    page.evaluate("(token) => Baton.identify(token)", sign("cho"))

    expect(said(chat, "asked by Cho")).to_have_count(1)


def test_the_sign_out_is_that_of_every_tab_and_leaves_nothing_behind(new_page, shop, sign):
    page = new_page()
    first = visit(page, shop, sign("eve"))
    say(first, "asked by Eve")
    other_tab = page.context.new_page()
    second = visit(other_tab, shop, sign("eve"))
    expect(said(second, "asked by Eve")).to_have_count(1)
    second.get_by_test_id("composer-input").fill("begun by Eve")

    page.evaluate("Baton.identify(null)")

    for chat in (first, second):
        expect(said(chat, "asked by Eve")).to_have_count(0)
        expect(chat.locator("body")).to_have_attribute("data-connection", "online")
        expect(chat.get_by_test_id("composer-input")).to_have_value("")
    frame = next(frame for frame in other_tab.frames if "/widget/frame" in frame.url)
    kept = frame.evaluate("JSON.stringify(localStorage)")
    left = frame.evaluate("""async () => {
        const open = indexedDB.open("baton-widget");
        const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
        const all = database.transaction("frames").objectStore("frames").getAll();
        return new Promise((done) => (all.onsuccess = () => done(all.result.length)));
    }""")
    assert "eve" not in kept and "Eve" not in kept
    assert left == 0


def test_earlier_conversations_are_drawn_for_whoever_had_them(
    new_page, shop, sign, until_in_history
):
    phone = visit(new_page(), shop, sign("fay"))
    say(phone, "asked long ago")
    expect(phone.get_by_test_id("earlier")).to_be_hidden()
    laptop = new_page()
    say(visit(laptop, shop), "asked today")
    until_in_history("fay", "asked long ago")
    chat = visit(laptop, shop, sign("fay"))  # takes it along: the phone's is an earlier one now

    chat.get_by_test_id("earlier").click()

    expect(said(chat, "asked long ago")).to_have_count(1)
    expect(said(chat, "asked today")).to_have_count(1)
    expect(chat.get_by_test_id("earlier")).to_be_hidden()
    laptop.evaluate("Baton.identify(null)")
    expect(said(chat, "asked long ago")).to_have_count(0)


def test_a_refused_identity_leaves_an_anonymous_customer_and_a_warning(new_page, shop, sign):
    page = new_page(expected="401")
    warnings = []
    page.on("console", lambda line: warnings.append(line.text))

    chat = visit(page, shop, sign("dan", lifetime_s=-1))
    say(chat, "may I ask all the same?")

    assert any("identity_expired" in text and "anonymous" in text for text in warnings)
