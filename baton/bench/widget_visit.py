"""Visits of a throttled Chromium to a page with the widget, and to the same page without it."""

import asyncio
import base64
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

from baton.launcher.system import CannotRun

if TYPE_CHECKING:
    from playwright.async_api import Browser, CDPSession, Page

#: A task longer than this blocks: what is above counts (Total Blocking Time, web.dev/tbt).
LONG_TASK_MS = 50
#: Longest wait for a mark of a visit, ms.
_PATIENCE_MS = 60_000
#: The page's name on the service's own origin, where Chromium finds it and the service does not.
_PAGE = "/baton-bench-page"
_NOTES = Path(__file__).with_suffix(".js")
_TAG = '<script async src="/widget/loader.js"></script>'
_TEXT = "<p>" + "A shop says a few words about what it sells, and how it is sent. " * 12 + "</p>"
_MARKED = """(mark) => new Promise((done) => {
  const look = () => (window.batonMarks?.[mark] ? done() : requestAnimationFrame(look));
  look();
})"""
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@dataclass(frozen=True, slots=True)
class Line:
    """A phone on a mobile network: bits a second each way, ms for a round trip, slower by `cpu`."""

    kbit_s: int = 1_600
    rtt_ms: int = 150
    cpu: float = 4.0


@asynccontextmanager
async def chromium() -> AsyncIterator["Browser"]:
    """Run a Chromium without a window.

    Raises:
        CannotRun: Playwright or Chromium is not installed, or a visit failed.
    """
    program = which("chromium") or which("chromium-browser") or which("google-chrome")
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError:
        remedy = "uv pip install --python .venv/bin/python -r requirements/dev.txt"
        raise CannotRun(f"Playwright is not installed. Remedy: {remedy}") from None
    if program is None:
        raise CannotRun("no Chromium is installed. Remedy: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        try:
            yield browser
        except Error as error:
            raise CannotRun(f"the visit failed: {error.message}") from error
        finally:
            await browser.close()


async def visit(browser: "Browser", url: str, line: Line) -> dict[str, float]:
    """Load the page with the widget in an empty browser, open it, and come back once.

    Returns:
        Milliseconds from the start of the page: `paint_ms` (its first contents), `load_ms`,
        `button_ms`; from the pointer's arrival at the button: `greeting_ms`, `online_ms`;
        `blocking_ms` before it, `opening_blocking_ms` after it; `again_` of the second visit;
        bytes over the line: `before_bytes` (before the pointer came), `bytes`, `again_bytes`.
    """
    context = await browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    try:
        await context.add_init_script(path=_NOTES)
        page = await context.new_page()
        figures = await _open(page, url, line)
        page = await context.new_page()
        again = await _open(page, url, line)
        return figures | {
            f"again_{name}": again[name] for name in ("button_ms", "greeting_ms", "bytes")
        }
    finally:
        await context.close()


async def visit_plain(browser: "Browser", url: str, line: Line) -> dict[str, float]:
    """Load the same page without the widget; return `paint_ms`, `load_ms`, `blocking_ms`."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    try:
        await context.add_init_script(path=_NOTES)
        page = await context.new_page()
        await _prepare(page, line)
        await page.goto(f"{url}{_PAGE}?plain")
        await _rest(page)
        notes = await _notes(page)
        return {
            "paint_ms": notes["paint"] - notes["began"],
            "load_ms": notes["load"] - notes["began"],
            "blocking_ms": blocking(notes["tasks"]),
        }
    finally:
        await context.close()


def blocking(
    tasks: Sequence[Sequence[float]], *, since: float = 0.0, until: float = float("inf")
) -> float:
    """Return what long tasks block (ms): of each that began in the interval, all above 50 ms.

    Args:
        tasks: when each began and how long it was, ms.
        since: beginning of the interval.
        until: its end, not included.
    """
    return sum(max(0.0, ms - LONG_TASK_MS) for at, ms in tasks if since <= at < until)


def median_of(visits: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {name: round(statistics.median(each[name] for each in visits), 1) for name in visits[0]}


async def _open(page: "Page", url: str, line: Line) -> dict[str, float]:
    heard = await _prepare(page, line)
    await page.goto(url + _PAGE)
    await _await_mark(page, "button")
    await _rest(page)
    before = sum(heard)
    box = await page.get_by_test_id("baton-launcher").bounding_box()
    if box is None:
        raise CannotRun("the button cannot be seen")
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(*at)
    await page.mouse.click(*at)
    frame = page.frame_locator('[data-testid="baton-frame"]').locator("body")
    await frame.wait_for(timeout=_PATIENCE_MS)
    for mark in ("greeting", "online"):
        await _await_mark(page.frames[-1], mark)
    await _rest(page)
    top = await _notes(page)
    inside = await _notes(page.frames[-1])
    return {
        "paint_ms": top["paint"] - top["began"],
        "load_ms": top["load"] - top["began"],
        "button_ms": top["button"] - top["began"],
        "greeting_ms": inside["greeting"] - top["intent"],
        "online_ms": inside["online"] - top["intent"],
        "blocking_ms": blocking(top["tasks"], until=top["intent"]),
        "opening_blocking_ms": blocking(top["tasks"], since=top["intent"]),
        "before_bytes": before,
        "bytes": sum(heard),
    }


async def _await_mark(page: Any, mark: str) -> None:
    # No waiting by Playwright: it would evaluate text, which the frame's policy forbids.
    await asyncio.wait_for(page.evaluate(_MARKED, mark), _PATIENCE_MS / 1000)


async def _rest(page: "Page") -> None:
    """Wait until the page is loaded and painted and has nothing left to do."""
    for mark in ("load", "paint"):
        await _await_mark(page, mark)
    await page.evaluate("new Promise((done) => requestIdleCallback(done))")


async def _notes(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = await page.evaluate(
        "({...window.batonMarks, began: performance.timeOrigin, tasks: window.batonTasks})"
    )
    return found


async def _prepare(page: "Page", line: Line) -> list[int]:
    """Make the line as slow as told; return the list that bytes of the widget's files go into.

    The page itself is answered here, by DevTools: Playwright's own way would turn the cache off.
    """
    devtools = await page.context.new_cdp_session(page)
    answers: set[asyncio.Task[None]] = set()

    def answer(event: dict[str, Any]) -> None:
        answers.add(asyncio.ensure_future(_answer(devtools, event)))

    devtools.on("Fetch.requestPaused", answer)
    await devtools.send("Fetch.enable", {"patterns": [{"urlPattern": f"*{_PAGE}*"}]})
    await devtools.send("Network.enable")
    bytes_s = line.kbit_s * 1000 // 8
    await devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": line.rtt_ms,
            "downloadThroughput": bytes_s,
            "uploadThroughput": bytes_s,
        },
    )
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": line.cpu})
    heard: list[int] = []
    ours: set[str] = set()

    def asked(event: dict[str, Any]) -> None:
        if _PAGE not in event["request"]["url"]:
            ours.add(event["requestId"])

    def ended(event: dict[str, Any]) -> None:
        if event["requestId"] in ours:
            heard.append(int(event["encodedDataLength"]))

    devtools.on("Network.requestWillBeSent", asked)
    devtools.on("Network.loadingFinished", ended)
    return heard


async def _answer(devtools: "CDPSession", event: dict[str, Any]) -> None:
    tag = "" if event["request"]["url"].endswith("?plain") else _TAG
    page = f'<!doctype html><html lang="en"><title>A shop</title>{tag}<h1>A shop</h1>{_TEXT * 30}'
    await devtools.send(
        "Fetch.fulfillRequest",
        {
            "requestId": event["requestId"],
            "responseCode": 200,
            "responseHeaders": [{"name": "Content-Type", "value": "text/html"}],
            "body": base64.b64encode(page.encode()).decode(),
        },
    )
