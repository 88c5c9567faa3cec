"""A shop of another origin that shows the widget; its address may say who the customer is."""

import asyncio
import threading

from aiohttp import web

PAGE = """<!doctype html><html lang="ko"><head><title>A shop</title></head><body>
<h1>A shop</h1>
<script async src="{service}/widget/loader.js" data-identity="{identity}"></script></body></html>"""
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

    async def rogue(self, _request):
        return web.Response(text=ROGUE, content_type="text/html")

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
