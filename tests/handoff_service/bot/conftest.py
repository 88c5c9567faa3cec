"""A dialogue engine for tests: a real HTTP server that speaks the channel's protocol."""

import asyncio
import os
import sys

import aiohttp
import pytest
from aiohttp import web

from handoff_service.bot.rasa import RasaClient
from handoff_service.bot.worker import BotWorker
from handoff_service.clock import SystemClock
from handoff_service.ids import new_worker_id
from handoff_service.wording import Wording
from tests.handoff_service.desk import Desk


def says(*texts, kind="answer", language="en", intent="ask_setup", **more):
    """Return the body of an answer."""
    messages = [{"kind": kind, "text": text, "buttons": [], "sources": []} for text in texts]
    return {"messages": messages, "language": language, "intent": intent, **more}


class Engine:
    """Answers each text as `script` says; a function of the request's JSON, sync or async."""

    def __init__(self):
        self.requests, self.headers = [], []
        self.script = lambda request: says(f"answer to {request['text']}")
        self.open, self.most_open = 0, 0
        self._runner, self._port = None, 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}"

    async def start(self):
        app = web.Application()
        app.router.add_post("/webhooks/baton/webhook", self._answer)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def stop(self):
        await self._runner.cleanup()

    async def _answer(self, request):
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            answer = self.script(body)
            if asyncio.iscoroutine(answer):
                answer = await answer
        finally:
            self.open -= 1
        return answer if isinstance(answer, web.Response) else web.json_response(answer)


def fails(status, code="oops"):
    """Return an error response of the channel."""
    body = {"error": {"code": code, "message": "what the customer wrote must not be logged"}}
    return web.json_response(body, status=status)


@pytest.fixture
async def engine():
    server = await Engine().start()
    yield server
    await server.stop()


@pytest.fixture
def clock():
    """Bot turns are about processes, not rules: they run on the machine's clock."""
    return SystemClock()


@pytest.fixture
def desk(store, clock):
    return Desk(store, clock)


@pytest.fixture
async def worker_process(engine, settings):
    """Return a function that starts a bot worker in a process of its own, to be killed."""
    started = []
    environ = {
        "BATON_INTERNAL_SECRET": settings.internal_secret,
        "BATON_SIGNING_KEY": settings.signing_key,
        "BATON_RASA_TOKEN": settings.rasa_token,
        "BATON_REDIS_URL": settings.redis_url,
        "BATON_DESK": settings.desk,
        "BATON_RASA_URL": engine.url,
    }

    async def start():
        module = "tests.handoff_service.bot.worker_process"
        started.append(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", module, env=os.environ | environ
            )
        )
        return started[-1]

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
async def start_worker(store, engine, make_settings, clock):
    """Return a function that starts a bot worker on the test's desk; settings can be given."""
    tasks = []
    async with aiohttp.ClientSession() as session:

        async def start(**changes):
            settings = make_settings(**{"bot_takeover_s": 2, "bot_delay_note_s": 1, **changes})
            rasa = RasaClient(
                session,
                url=engine.url,
                token=settings.rasa_token,
                timeout_s=settings.bot_timeout_s,
            )
            worker = BotWorker(
                store,
                rasa,
                clock=clock,
                settings=settings,
                worker_id=new_worker_id(),
                wording=Wording.load(),
            )
            tasks.append(asyncio.ensure_future(worker.run()))
            return tasks[-1]

        yield start
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(result, asyncio.CancelledError), repr(result)
