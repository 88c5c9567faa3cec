"""A shop of another origin that shows the widget; its address may say who the customer is."""

import asyncio
import threading

from aiohttp import web

PAGE = """<!doctype html><html lang="ko"><head><title>A shop</title></head><body>
<h1>A shop</h1>
<script async src="{service}/widget/loader.js" data-identity="{identity}"></script></body></html>"""
#: A page that does to ours what pages do: styles for everything, changed built-ins, text from right
#: to left, a body that is moved and clipped, calls made before the script came, the script twice.
HOSTILE = """<!doctype html><html lang="ar" dir="rtl"><head><title>A hostile shop</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/hostile.css">
<script src="/hostile.js"></script>
<script async src="{service}/widget/loader.js" data-locale="en"></script>
<script async src="{service}/widget/loader.js" data-locale="en"></script>
</head><body><h1>متجر</h1><div id="app">A page</div></body></html>"""
HOSTILE_CSS = """* {all: unset !important} div:empty {display: none !important}
button, iframe, span {display: none !important; visibility: hidden !important}
html {filter: none} body {transform: translateX(40px); overflow: hidden; height: 100px}"""
HOSTILE_JS = """
Array.prototype.last = function () { return this[this.length - 1]; };
Object.prototype.each = function () {};
Array.prototype.toJSON = function () { return "spoiled"; };
JSON.parse = JSON.stringify = () => { throw new Error("the page's own JSON"); };
window.postMessage = () => { throw new Error("the page's own postMessage"); };
window.heard = [];
window.Baton = window.Baton || [];
Baton.push(["on", "ready", () => heard.push("ready")]);
Baton.push(["open"]);
"""
#: Only our scripts and frames, no markup or address made from text.
STRICT = (
    "default-src 'none'; script-src {service}; frame-src {service};"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
ROGUE = """<!doctype html><title>Rogue</title><script>
parent.postMessage({baton: {type: "close"}}, "*");
parent.postMessage({baton: {type: "unread", count: 99}}, "*");
</script>"""


class ShopServer:
    """Two pages on a loopback port of their own, each with its own origin by name."""

    def __init__(self):
        """Listen at once; pages are given once the service is known."""
        self.service = ""
        app = web.Application()
        app.router.add_get("/", self.page)
        app.router.add_get("/rogue", self.rogue)
        app.router.add_get("/hostile", self.hostile)
        app.router.add_get("/hostile.css", self.hostile_css)
        app.router.add_get("/hostile.js", self.hostile_js)
        app.router.add_get("/strict", self.strict)
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

    async def page(self, request):
        frames = f"{self.service} {self.foreign_origin}"
        policy = f"default-src 'none'; script-src {self.service}; frame-src {frames}"
        return web.Response(
            text=PAGE.format(service=self.service, identity=request.query.get("identity", "")),
            content_type="text/html",
            headers={"Content-Security-Policy": policy},
        )

    async def hostile(self, _request):
        return web.Response(text=HOSTILE.format(service=self.service), content_type="text/html")

    async def hostile_css(self, _request):
        return web.Response(text=HOSTILE_CSS, content_type="text/css")

    async def hostile_js(self, _request):
        return web.Response(text=HOSTILE_JS, content_type="text/javascript")

    async def strict(self, _request):
        return web.Response(
            text=PAGE.format(service=self.service, identity=""),
            content_type="text/html",
            headers={"Content-Security-Policy": STRICT.format(service=self.service)},
        )

    async def rogue(self, _request):
        return web.Response(text=ROGUE, content_type="text/html")

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
