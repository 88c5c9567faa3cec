"""The widget on bad networks: what a customer typed is in SQL, each line once, in order."""

import random
import sqlite3
import time
from contextlib import closing
from json import loads

import pytest
from playwright.sync_api import expect

from tests.browser.proxy import Proxy, Road

pytestmark = pytest.mark.browser

#: How long a page may take to recover from anything, milliseconds; a busy machine is slow.
RECOVERS_MS = 45_000
SEED = 6


@pytest.fixture(scope="module")
def in_between():
    """The network."""
    proxy = Proxy()
    yield proxy
    proxy.close()


@pytest.fixture
def network(in_between):
    """The network, good again after each test."""
    yield in_between
    in_between.become(Road.OPEN)


def chat_of(page):
    return page.frame_locator('[data-testid="baton-frame"]')


def open_chat(page):
    page.goto("/demo?locale=en")
    page.get_by_test_id("baton-launcher").click()
    body = chat_of(page).locator("body")
    expect(body).to_have_attribute("data-connection", "online", timeout=RECOVERS_MS)
    return chat_of(page)


def say(page, text):
    box = chat_of(page).get_by_test_id("composer-input")
    box.fill(text)
    box.press("Enter")


def own(page, text=""):
    found = chat_of(page).locator('[data-testid="message"][data-author="customer"]')
    return found.filter(has_text=text) if text else found


def written(service):
    """Return what SQL holds of every customer, by conversation, in order."""
    with closing(sqlite3.connect(service.folder / "baton.db")) as database:
        rows = database.execute(
            "SELECT conversation_id, data FROM events WHERE type = 'message.posted'"
            " ORDER BY conversation_id, seq"
        ).fetchall()
    talks = {}
    for conversation_id, data in rows:
        if (said := loads(data))["author"] == "customer":
            talks.setdefault(conversation_id, []).append(said["text"])
    return talks


def await_written(service, lines):
    """Wait until one customer's lines are exactly these."""
    deadline = time.monotonic() + RECOVERS_MS / 1000
    while lines not in (found := written(service).values()):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)  # SQL tells nobody what was written: asking is the way


class Faults:
    """What goes wrong while somebody types; each lasts until `mend`."""

    def __init__(self, pages, network, service):
        self.pages, self.network, self.service = pages, network, service
        self.context = pages[0].context
        self.sessions = [self.context.new_cdp_session(page) for page in pages]
        self.mend = lambda: None

    def offline(self):
        self.context.set_offline(True)
        self.mend = lambda: self.context.set_offline(False)

    def black_hole(self):
        self.network.become(Road.BLACK_HOLE)
        self.mend = lambda: self.network.become(Road.OPEN)

    def no_sockets(self):
        self.network.become(Road.NO_SOCKETS)
        self.mend = lambda: self.network.become(Road.OPEN)

    def crash(self):
        self.service.kill()
        self.mend = self.service.restart

    def slow(self):
        """As on a phone far from a mast."""
        for session in self.sessions:
            self._throttle(session, latency=400, bytes_a_second=50_000)
        self.mend = lambda: [
            self._throttle(session, latency=0, bytes_a_second=-1) for session in self.sessions
        ]

    def asleep(self):
        """Freeze the page that is not typed into, as browsers do."""
        self._lifecycle("frozen")
        self.mend = lambda: self._lifecycle("active")

    def _lifecycle(self, state):
        self.sessions[1].send("Page.setWebLifecycleState", {"state": state})

    @staticmethod
    def _throttle(session, *, latency, bytes_a_second):
        limits = {"downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
        about = {"offline": False, "latency": latency, **limits}
        session.send("Network.emulateNetworkConditions", about)


def test_whatever_happens_each_line_is_stored_once_and_in_order(new_page, service, network):
    rng = random.Random(SEED)
    left = new_page(expected="ERR_")
    right = left.context.new_page()
    pages = [left, right]
    for page in pages:
        open_chat(page)
    say(left, "line 00")
    expect(own(right, "line 00")).to_have_attribute("data-delivery", "sent", timeout=RECOVERS_MS)
    faults = Faults(pages, network, service)
    story = [
        faults.offline, faults.crash, faults.slow, faults.black_hole, faults.no_sockets,
        faults.asleep,
    ]  # fmt: skip
    rng.shuffle(story)
    lines = ["line 00"]

    def write(page):
        lines.append(f"line {len(lines):02d}")
        say(page, lines[-1])

    for fault in story:
        fault()
        awake = pages[:1] if fault == faults.asleep else pages
        for _ in range(3):
            write(rng.choice(awake))
        if fault in {faults.crash, faults.slow} and rng.random() < 0.7:
            faults.mend()
            left.reload()  # in the middle of it
            expect(own(left, lines[-1])).to_have_count(1, timeout=RECOVERS_MS)
        else:
            faults.mend()
        write(rng.choice(pages))
        for page in pages:
            expect(own(page, lines[-1])).to_have_attribute(
                "data-delivery", "sent", timeout=RECOVERS_MS
            )

    await_written(service, lines)
    for page in pages:
        texts = own(page).get_by_test_id("message-text")
        expect(texts).to_have_text(lines, timeout=RECOVERS_MS)


def test_what_a_closed_tab_could_not_send_another_one_sends(new_page, service, network):
    left = new_page(expected="ERR_")
    right = left.context.new_page()
    for page in (left, right):
        open_chat(page)
    say(left, "first")
    expect(own(right, "first")).to_have_attribute("data-delivery", "sent")

    network.become(Road.BLACK_HOLE)
    say(left, "written into the dark")
    expect(own(right, "written into the dark")).to_have_attribute("data-delivery", "sending")
    left.close()
    body = chat_of(right).locator("body")
    expect(body).not_to_have_attribute("data-connection", "online", timeout=RECOVERS_MS)
    network.become(Road.OPEN)

    delivered = own(right, "written into the dark")
    expect(delivered).to_have_attribute("data-delivery", "sent", timeout=RECOVERS_MS)
    await_written(service, ["first", "written into the dark"])


def test_where_sockets_are_blocked_the_whole_road_works_and_sockets_come_back(
    new_page, service, network
):
    network.become(Road.NO_SOCKETS)
    page = new_page(expected="ERR_")
    sockets = []
    page.on("websocket", lambda each: sockets.append(each))  # noqa: PLW0108 (it marks what it is given)
    chat = open_chat(page)
    say(page, "How do I reset my password?")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1, timeout=RECOVERS_MS)

    say(page, "a person please")
    expect(chat.locator("body")).to_have_attribute("data-state", "waiting", timeout=RECOVERS_MS)
    network.become(Road.OPEN)
    refused = len(sockets)
    with page.expect_event("websocket", timeout=RECOVERS_MS):
        pass
    say(page, "now by socket")
    expect(own(page, "now by socket")).to_have_attribute("data-delivery", "sent")
    # The shop of the demo is on our own origin: what the widget remembers can be read there.
    page.wait_for_function("() => !localStorage['baton.polls']", timeout=RECOVERS_MS)
    assert len(sockets) > refused >= 1
    lines = ["How do I reset my password?", "a person please", "now by socket"]
    await_written(service, lines)


#: Writes and leaves in one step, before the storage can have answered.
WRITE_AND_LEAVE = """(text) => {
  const box = document.querySelector('[data-testid="composer-input"]');
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.form.requestSubmit();
  location.replace("about:blank");
}"""


def test_what_is_written_in_the_moment_of_leaving_is_not_lost(new_page, service):
    page = new_page()
    open_chat(page)
    say(page, "hello")
    expect(own(page, "hello")).to_have_attribute("data-delivery", "sent")
    page.context.set_offline(True)
    expect(chat_of(page).locator("body")).to_have_attribute("data-connection", "offline")
    frame = page.query_selector('[data-testid="baton-frame"]').content_frame()

    frame.evaluate(WRITE_AND_LEAVE, "on my way out")
    page.goto("about:blank")
    page.context.set_offline(False)
    open_chat(page)

    expect(own(page, "on my way out")).to_have_attribute("data-delivery", "sent")
    await_written(service, ["hello", "on my way out"])
