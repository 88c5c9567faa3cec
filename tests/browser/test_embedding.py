"""The widget on a shop of another origin, under a strict policy, among hostile frames."""

import asyncio
import threading

import pytest
from aiohttp import web
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="ko"><head><title>A shop</title></head><body>
<h1>A shop</h1><script async src="{service}/widget/loader.js"></script></body></html>"""
ROGUE = """<!doctype html><title>Rogue</title><script>
parent.postMessage({baton: {type: "close"}}, "*");
parent.postMessage({baton: {type: "unread", count: 99}}, "*");
</script>"""


@pytest.fixture(scope="module")
def allowed_origin():
    """Choose where the shop will be, before the service starts."""
    return ShopServer()


class ShopServer:
    """Two pages on a loopback port of their own, each with its own origin by name."""

    def __init__(self):
        """Listen at once; pages are given once the service is known."""
        self.service = ""
        app = web.Application()
        app.router.add_get("/", self.page)
        app.router.add_get("/rogue", self.rogue)
        self.loop, ready = asyncio.new_event_loop(), threading.Event()

        async def serve():
            self.runner = web.AppRunner(app)
            await self.runner.setup()
            site = web.TCPSite(self.runner, "127.0.0.1", 0)
            await site.start()
            self.port = site._server.sockets[0].getsockname()[1]
            ready.set()

        def run():
            self.loop.run_until_complete(serve())
            self.loop.run_forever()
            self.loop.run_until_complete(self.runner.cleanup())
            self.loop.close()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()
        assert ready.wait(10)
        self.origin = f"http://127.0.0.1:{self.port}"
        self.foreign_origin = f"http://localhost:{self.port}"

    async def page(self, _request):
        frames = f"{self.service} {self.foreign_origin}"
        policy = f"default-src 'none'; script-src {self.service}; frame-src {frames}"
        return web.Response(
            text=PAGE.format(service=self.service),
            content_type="text/html",
            headers={"Content-Security-Policy": policy},
        )

    async def rogue(self, _request):
        return web.Response(text=ROGUE, content_type="text/html")

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


@pytest.fixture(scope="module")
def shop(allowed_origin, service):
    """A shop that the service allows to show the widget."""
    allowed_origin.service = service.url
    yield allowed_origin
    allowed_origin.close()


def test_a_shop_of_another_origin_under_a_strict_policy_can_embed_it(new_page, shop):
    page = new_page()
    page.goto(shop.origin)
    page.get_by_test_id("baton-launcher").click()
    chat = page.frame_locator('[data-testid="baton-frame"]')

    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    expect(chat.locator("body")).to_have_attribute("data-locale", "ko")
    chat.get_by_test_id("composer-input").fill("password")
    chat.get_by_test_id("composer-input").press("Enter")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    assert page.context.cookies() == []


def test_a_site_that_is_not_allowed_sees_no_conversation(new_page, shop):
    page = new_page(expected="frame-ancestors")
    refusals = []
    page.on("console", lambda line: refusals.append(line.text))
    page.goto(shop.foreign_origin)
    page.get_by_test_id("baton-launcher").click()

    page.get_by_test_id("baton-frame").wait_for()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.get_by_test_id("composer-input")).to_have_count(0)
    assert any("frame-ancestors" in text for text in refusals)


def test_other_frames_of_the_page_cannot_steer_the_widget(new_page, shop):
    page = new_page()
    page.goto(shop.origin)
    page.get_by_test_id("baton-launcher").click()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")

    page.evaluate(
        """(address) => new Promise((done) => {
             let heard = 0;
             addEventListener("message", ({origin}) => {
               if (origin.startsWith("http://localhost") && (heard += 1) === 2) done();
             });
             const frame = document.createElement("iframe");
             frame.src = address;
             document.body.append(frame);
           })""",
        f"{shop.foreign_origin}/rogue",
    )

    expect(page.get_by_test_id("baton-launcher")).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_test_id("baton-badge")).to_be_hidden()


def test_the_shop_can_open_close_and_listen(new_page, shop):
    page = new_page()
    page.goto(shop.origin)
    page.get_by_test_id("baton-launcher").wait_for()
    page.evaluate(
        """() => {
             window.heard = [];
             for (const name of ["ready", "open", "close", "message"])
               Baton.on(name, () => heard.push(name));
             Baton.open();
           }"""
    )
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    page.evaluate("Baton.setLocale('ru')")
    expect(chat.get_by_test_id("talk-to-person")).to_have_text("Позвать сотрудника")
    chat.get_by_test_id("composer-input").fill("password")
    chat.get_by_test_id("composer-input").press("Enter")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    page.evaluate("Baton.close()")

    expect(page.get_by_test_id("baton-frame")).to_be_hidden()
    assert page.evaluate("heard") == ["open", "ready", "message", "close"]
