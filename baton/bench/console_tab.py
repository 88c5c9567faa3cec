"""One agent's tab in a real Chromium: what many conversations cost it, how soon a word is read."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baton.bench.widget_visit import chromium
from baton.client.accounts import create_account
from baton.client.customer import Customer
from baton.client.percentile import percentile

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

Figures = dict[str, Any]

#: The page that a customer writes on: the demo shop, with the widget.
CUSTOMER_PAGE = "/demo?locale=en"
#: Longest wait for anything on a page, ms.
PATIENCE_MS = 60_000
#: Pixels of one turn of the wheel, and how many there are: some ten seconds of scrolling.
WHEEL_PX, WHEEL_TURNS = 400, 300
#: A frame that took longer than this was missed at 60 a second, ms.
MISSED_MS = 1.5 * 1000 / 60
#: Times of frames while somebody scrolls: `batonFrames` holds ms between each and the next.
_WATCH_FRAMES = """() => {
  window.batonFrames = [];
  let before;
  const note = (now) => {
    if (before !== undefined) window.batonFrames.push(now - before);
    before = now;
    window.batonWatch = requestAnimationFrame(note);
  };
  window.batonWatch = requestAnimationFrame(note);
}"""
_END_WATCH = "() => (cancelAnimationFrame(window.batonWatch), window.batonFrames)"
#: Resolves with the time (ms since the epoch) at which a message of this text is painted.
_PAINTED = """(text) => new Promise((done) => {
  const look = () => {
    const said = [...document.querySelectorAll('[data-testid="message"]')];
    if (!said.some((each) => each.textContent.includes(text))) return requestAnimationFrame(look);
    requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
  };
  look();
})"""
#: Resolves with the time at which one more conversation than so many can be written in.
_READY = """(held) => new Promise((done) => {
  const look = () => {
    const rows = document.querySelectorAll('[data-testid="conversation-item"]').length;
    const composer = document.querySelector('[data-testid="composer-input"]');
    if (rows <= held || !composer) return requestAnimationFrame(look);
    done(performance.timeOrigin + performance.now());
  };
  look();
})"""
_KEY_TIME = """() => {
  addEventListener("keydown", () => (window.batonKey = performance.timeOrigin + performance.now()),
    { capture: true });
}"""


@asynccontextmanager
async def agent_tab(
    browser: "Browser", url: str, secret: str, *, capacity: int
) -> AsyncIterator["Page"]:
    """Sign an agent in and put them on duty; yield their page."""
    who = await create_account(
        url, secret, login="bench", name="Bench", languages=["en"], capacity=capacity
    )
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", base_url=url
    )
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto("/console")
    await page.get_by_test_id("signin-login").fill(who.login)
    await page.get_by_test_id("signin-password").fill(who.password)
    await page.get_by_test_id("signin-submit").click()
    await page.locator('body[data-connection="online"]').wait_for()
    await page.get_by_test_id("presence-online").click()
    try:
        yield page
    finally:
        await context.close()


async def measure_tab(url: str, secret: str, *, conversations: int, messages: int) -> Figures:
    """Hold that many conversations of that many customer's messages in one tab.

    Returns:
        `tab_mb`: memory of the tab's process that it shares with no other (USS), `empty_tab_mb`:
        of a tab that shows an empty page, `heap_mb`: of its scripts after a collection;
        `scrolling`: `fps`, `frame_p95_ms` and `missed` (share of frames that took more than 1.5
        of 1/60 s) while the wheel turns through the longest transcript.

    Raises:
        CannotRun: no Chromium, or a page did not do as expected.
    """
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium())
        empty = await _memory(browser, await (await browser.new_context()).new_page())
        page = await stack.enter_async_context(
            agent_tab(browser, url, secret, capacity=conversations)
        )
        for number in range(conversations):
            customer = await stack.enter_async_context(Customer(url, secret=secret))
            await customer.request_person()
            await _press_accept(page)
            await customer.until_state("assigned")
            longest = 20 if number == 0 else 1  # one that is worth scrolling
            for turn in range(messages * longest):
                await customer.write(f"Line {turn} of my story: the hub restarts, all is dark.")
            await customer.settled()
        rows = page.get_by_test_id("conversation-item")
        for at in range(conversations):  # every one was looked at
            await rows.nth(at).click()
        await rows.first.click()
        return {
            "conversations": conversations,
            "messages_each": messages,
            "tab_mb": (loaded := await _memory(browser, page))["process_mb"],
            "empty_tab_mb": empty["process_mb"],
            "heap_mb": loaded["heap_mb"],
            "scrolling": await _scroll(page),
        }


async def measure_first_words(url: str, secret: str, *, customers: int) -> Figures:
    """Time agents' words into the customer's page: both in Chromium, over loopback.

    Returns:
        p50 and p95 of `seen_ms`: from the agent's Enter to the paint on the customer's page; and
        of `accept_to_seen_ms`: from the key that accepts to the paint of the first message, for an
        agent who writes in no time. The time of the test's own hand between the two is not in it.
    """
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium())
        page = await stack.enter_async_context(agent_tab(browser, url, secret, capacity=customers))
        await page.evaluate(_KEY_TIME)
        seen: list[float] = []
        whole: list[float] = []
        for number in range(customers):
            visitor = await stack.enter_async_context(
                await browser.new_context(base_url=url, locale="en-GB")
            )
            visitor.set_default_timeout(PATIENCE_MS)
            shop = await visitor.new_page()
            accepting_ms = await _accept(page, shop)
            chat = next(each for each in shop.frames if "/widget/frame" in each.url)
            text = f"Hello number {number}."
            painted = asyncio.ensure_future(chat.evaluate(_PAINTED, text))
            await page.get_by_test_id("composer-input").fill(text)
            await page.get_by_test_id("composer-input").press("Enter")
            shown_ms = await painted - await page.evaluate("() => window.batonKey")
            seen.append(shown_ms)
            whole.append(accepting_ms + shown_ms)
            await visitor.close()
        return {"customers": customers, "seen_ms": _two(seen), "accept_to_seen_ms": _two(whole)}


async def _accept(page: "Page", shop: "Page") -> float:
    """Let a customer ask for a person; return how long (ms) accepting takes to the composer."""
    await shop.goto(CUSTOMER_PAGE)
    await shop.get_by_test_id("baton-launcher").click()
    chat = shop.frame_locator('[data-testid="baton-frame"]')
    await chat.locator('body[data-connection="online"]').wait_for()
    await chat.get_by_test_id("talk-to-person").click()
    await page.get_by_test_id("offer-item").wait_for()
    held = await page.get_by_test_id("conversation-item").count()
    ready = asyncio.ensure_future(page.evaluate(_READY, held))
    await _press_accept(page)
    return float(await ready - await page.evaluate("() => window.batonKey"))


async def _press_accept(page: "Page") -> None:
    """Accept the only offer by its key."""
    await page.get_by_test_id("offer-item").wait_for()
    await page.evaluate("() => document.activeElement?.blur()")
    await page.keyboard.press("a")


async def _scroll(page: "Page") -> Figures:
    box = await page.get_by_test_id("transcript").bounding_box()
    assert box is not None  # noqa: S101 (it is on the page)
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.evaluate(_WATCH_FRAMES)
    for turn in range(WHEEL_TURNS):
        await page.mouse.wheel(0, WHEEL_PX if turn // 50 % 2 else -WHEEL_PX)
    frames = await page.evaluate(_END_WATCH)
    return {
        "fps": round(1000 * len(frames) / sum(frames), 1),
        "frame_p95_ms": round(percentile(frames, 95), 1),
        "missed": round(sum(each > MISSED_MS for each in frames) / len(frames), 3),
    }


async def _memory(browser: "Browser", page: "Page") -> dict[str, float]:
    """Return `heap_mb` of the page's scripts and `process_mb` of its process alone."""
    await page.evaluate("() => 0")
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("HeapProfiler.collectGarbage")
    heap = (await devtools.send("Runtime.getHeapUsage"))["usedSize"]
    system = await browser.new_browser_cdp_session()
    processes = (await system.send("SystemInfo.getProcessInfo"))["processInfo"]
    tabs = [each["id"] for each in processes if each["type"] == "renderer"]
    await devtools.detach()
    return {
        "heap_mb": round(heap / 1e6, 1),
        "process_mb": round(max(_own_bytes(pid) for pid in tabs) / 1e6, 1),
    }


def _own_bytes(pid: int) -> int:
    """Return what a process has in memory that no other shares, in bytes."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    return 1024 * sum(int(kb) for kb in re.findall(r"^Private_\w+: +(\d+) kB", text, re.MULTILINE))


def _two(times: list[float]) -> Figures:
    return {"p50": round(percentile(times, 50), 1), "p95": round(percentile(times, 95), 1)}
