"""The widget and the console as people use them: by what they see, in a real Chromium."""

import os
import re
import shutil
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts" / "screenshots"
#: Chromium as a root user of a container needs it, and without any talk to its maker.
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
#: Longest wait (ms) for something to appear on a busy machine.
APPEAR_MS = 20_000

expect.set_options(timeout=APPEAR_MS)


def chromium_path():
    """Return where Chromium is; without one the test fails in CI and is skipped elsewhere."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("no chromium on the PATH. Remedy: apt-get install chromium")
    return found


@asynccontextmanager
async def open_browser():
    """A Chromium for the length of a block."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(ARGUMENTS)
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_page(browser, **options):
    """A page in a context of its own, as another person's browser; its errors fail the test."""
    context = await browser.new_context(**options)
    page = await context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if _is_fault(line) else None)
    try:
        yield page
    finally:
        await context.close()
    assert not faults


def _is_fault(line):
    # A connection lost on purpose is logged by the browser itself, not by our page.
    return line.type == "error" and not re.search(
        r"ERR_|WebSocket|Failed to load resource", line.text
    )


async def keep_picture(page, name):
    """Keep a screenshot for people to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=ARTEFACTS / f"{name}.png")


class Widget:
    """The widget on the demo page."""

    def __init__(self, page):
        self.page = page
        self.frame = page.frame_locator('[data-testid="baton-frame"]')

    @classmethod
    async def open(cls, page, url, locale):
        """Load the demo page and press the button that opens the widget."""
        await page.goto(f"{url}/demo?locale={locale}")
        widget = cls(page)
        await widget.unfold()
        return widget

    async def unfold(self):
        """Press the launcher unless the widget is open, and wait for its connection."""
        launcher = self.page.get_by_test_id("baton-launcher")
        await expect(launcher).to_be_visible()  # from then on it says whether the widget is open
        if await launcher.get_attribute("aria-expanded") != "true":
            await launcher.click()
        await expect(self.frame.locator("body")).to_have_attribute("data-connection", "online")

    def find(self, testid):
        return self.frame.get_by_test_id(testid)

    def messages(self, author):
        return self.frame.locator(f'[data-testid="message"][data-author="{author}"]')

    def notice(self, kind):
        return self.frame.locator(f'[data-testid="notice"][data-type="{kind}"]')

    async def write(self, text):
        """Type a message and press Enter."""
        await self.find("composer-input").fill(text)
        await self.find("composer-input").press("Enter")

    async def ask(self, text):
        """Write and return the bot's next message once it is there."""
        before = await self.messages("bot").count()
        await self.write(text)
        answer = self.messages("bot").nth(before)
        await expect(answer).to_be_visible()
        return answer

    async def until_state(self, state):
        await expect(self.frame.locator("body")).to_have_attribute("data-state", state)

    async def texts(self, author):
        """Return what this author said, in order."""
        return await self.messages(author).get_by_test_id("message-text").all_inner_texts()


class Console:
    """The agent's page."""

    def __init__(self, page):
        self.page = page

    @classmethod
    async def open(cls, page, url, credentials):
        """Sign in and go online."""
        await page.goto(f"{url}/console")
        console = cls(page)
        await console.find("signin-login").fill(credentials.login)
        await console.find("signin-password").fill(credentials.password)
        await console.find("signin-submit").click()
        await console.find("presence-online").click()
        await expect(console.find("presence-online")).to_have_attribute("aria-pressed", "true")
        return console

    def find(self, testid):
        return self.page.get_by_test_id(testid)

    async def open_offer(self):
        """Open the offer in the list and return its card."""
        await self.find("offer-item").first.click()
        card = self.find("offer-card")
        await expect(card).to_be_visible()
        return card

    def said(self, author):
        testid = '[data-testid="message"]'
        return self.find("conversation").locator(f'{testid}[data-author="{author}"]')

    async def write(self, text):
        """Type a message in the open conversation and press Enter."""
        await self.find("composer-input").fill(text)
        await self.find("composer-input").press("Enter")
