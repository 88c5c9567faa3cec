"""A real website on loopback, in a thread of its own, that counts what it is asked for."""

import asyncio
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Website:
    """Pages by path: a text, or a function of the request that answers."""

    pages: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    url: str = ""

    def page(self, title, *links, words="Some words to read.", head=""):
        """Return a page of an English help centre."""
        shown = "".join(f'<li>read on in <a href="{link}">{link}</a></li>' for link in links)
        return (
            f'<html lang="en"><head>{head}</head><main><h1>{title}</h1><p>{words}</p>'
            f"<ul>{shown}</ul></main></html>"
        )

    def count(self, path):
        """Return how often a path was asked for."""
        return Counter(one.path_qs for one in self.asked)[path]

    async def answer(self, request):
        self.asked.append(request)
        found = self.pages.get(request.path_qs, self.pages.get(request.path))
        if found is None:
            return web.Response(status=404)
        if callable(found):
            made = found(request)
            made = await made if asyncio.iscoroutine(made) else made
            if isinstance(made, web.HTTPException):
                raise made
            return made
        return web.Response(text=found, content_type="text/html")


@contextmanager
def serve(site):
    """Serve a website until the block ends."""
    loop = asyncio.new_event_loop()
    ready, stop = threading.Event(), asyncio.Event()

    async def run():
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", site.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        place = web.TCPSite(runner, "127.0.0.1", 0)
        await place.start()
        site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
