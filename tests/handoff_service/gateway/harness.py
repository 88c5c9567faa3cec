"""A real service on a free port, with a small real server in Rasa's place."""

import asyncio
import json
import shutil
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from handoff_service.app import create_app
from handoff_service.services import SERVICES
from tests.conftest import _kinds, _program, free_port

#: Longest wait for anything, seconds; on a quiet machine everything takes milliseconds.
DEADLINE_S = 30


class TalkingBot:
    """Speaks the bot's side of a turn: echoes, or says what `answers` holds for a text."""

    def __init__(self):
        self.answers, self.seen, self.forgotten, self.healthy = {}, [], [], True
        self.released = asyncio.Event()
        self.released.set()

    def hold(self):
        """Let no answer out until `released` is set."""
        self.released.clear()

    async def webhook(self, request):
        turn = await request.json()
        self.seen.append(turn)
        await self.released.wait()
        default = {"messages": [reply(f"You said: {turn['text']}")], "language": None}
        return web.json_response(self.answers.get(turn["text"], default))

    async def forget(self, request):
        self.forgotten.append((await request.json())["sender"])
        return web.json_response({"ok": True}, status=200 if self.healthy else 503)

    async def health(self, _request):
        checks = {name: {"ok": self.healthy, "why": ""} for name in ("model", "actions")}
        return web.json_response({"ok": self.healthy, "checks": checks})


def reply(text, **more):
    return {
        "kind": "answer", "text": text, "buttons": [], "sources": [], "confidence": 0.9,
        "handoff": None, **more,
    }  # fmt: skip


def handoff(**more):
    asked = {
        "reason": "technical_issue", "topic": "hub_restarts", "language": "en",
        "triage": [{"field": "product", "question": "Which one?", "answer": "Hub 2"}],
        "tried": [
            {"article_id": "reset", "title": "Reset", "url": "/help/en/reset", "confidence": 0.4}
        ],
        "summary": "my hub restarts", **more,
    }  # fmt: skip
    return {"messages": [reply("", kind="handoff", handoff=asked)], "language": "en"}


class Socket:
    """One open WebSocket; keeps every frame that came."""

    def __init__(self, ws):
        self.ws, self.frames, self.pending = ws, [], []

    async def send(self, type, **fields):
        await self.ws.send_str(json.dumps({"type": type, **fields}))

    async def raw(self, text):
        await self.ws.send_str(text)

    async def until(self, type, **fields):
        """Return the first frame of this type with these fields that was not returned before."""
        async with asyncio.timeout(DEADLINE_S):
            while True:
                for frame in self.pending:
                    if frame["type"] == type and fields.items() <= frame.items():
                        self.pending.remove(frame)
                        return frame
                await self._receive(f"{type} {fields}")

    async def _receive(self, what):
        message = await self.ws.receive()
        assert message.type is aiohttp.WSMsgType.TEXT, (
            f"socket ended ({message.type.name} {message.data}) while waiting for {what}; "
            f"so far {self.frames[-5:]}"
        )
        self._keep(message)

    def _keep(self, message):
        frame = json.loads(message.data)
        self.frames.append(frame)
        self.pending.append(frame)

    async def event(self, type, **data):
        """Return the first event of this type with these data that was not returned before."""
        passed = []
        while True:
            frame = await self.until("event")
            event = frame["event"]
            if event["type"] == type and data.items() <= event["data"].items():
                self.pending = passed + self.pending
                return event
            passed.append(frame)

    async def closed(self):
        """Wait until the other side closes; return its code."""
        async with asyncio.timeout(DEADLINE_S):
            while True:
                message = await self.ws.receive()
                if message.type in {
                    aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED,
                    aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.ERROR,
                }:  # fmt: skip
                    return self.ws.close_code
                self._keep(message)

    async def drain(self):
        """Wait for the answer to a ping, and for the event that the last ack to a page was about.

        What was on its way before has come then; an ack overtakes its event at times.
        """
        await self.send("ping")
        await self.until("pong")
        acked = [f for f in self.frames if f["type"] == "ack" and "conversation_id" not in f]
        last = max((frame.get("seq") or 0 for frame in acked), default=0)
        async with asyncio.timeout(DEADLINE_S):
            while max((event["seq"] for event in self.events()), default=0) < last:
                await self._receive(f"event {last}")

    def events(self):
        return [frame["event"] for frame in self.frames if frame["type"] == "event"]


class Service:
    """One running process of the service, as its clients see it."""

    def __init__(self, app, settings, bot):
        self.app, self.settings, self.bot = app, settings, bot
        self.url = settings.public_url
        self.stack = AsyncExitStack()

    @property
    def parts(self):
        return self.app[SERVICES]

    async def http(self):
        """Return a browser of its own: cookies are not shared."""
        jar = aiohttp.CookieJar(unsafe=True)
        session = aiohttp.ClientSession(self.url, cookie_jar=jar)
        return await self.stack.enter_async_context(session)

    async def connect(self, path, http=None, origin=None):
        http = http or await self.http()
        ws = await self.stack.enter_async_context(
            http.ws_connect(path, origin=origin or self.url, max_msg_size=0)
        )
        return Socket(ws)

    async def session(self, **body):
        http = await self.http()
        async with http.post("/api/customer/session", json={"locale": "en", **body}) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def customer(self, session=None, last_seq=0, locale="en"):
        """Open a customer's socket and greet; return it with its session and the welcome."""
        session = session or await self.session(locale=locale)
        page = await self.connect("/ws/customer")
        await page.send(
            "hello", v=1, token=session["session_token"], last_seq=last_seq, locale=locale
        )
        page.welcome = await page.until("welcome")
        page.session, page.id = session, session["conversation_id"]
        return page

    async def account(self, login="jo", **more):
        """Make an account; return what it signs in with."""
        http = await self.http()
        headers = {"Authorization": f"Bearer {self.settings.internal_secret}"}
        body = {"login": login, "name": login.title(), **more}
        async with http.post("/internal/accounts", json=body, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            return await answer.json()

    async def signed_in(self, account):
        """Return a browser that is signed in."""
        http = await self.http()
        body = {"login": account["login"], "password": account["password"]}
        async with http.post("/api/login", json=body) as answer:
            assert answer.status == 200, await answer.text()
            http.csrf = (await answer.json())["csrf_token"]
        return http

    async def agent(self, account, http=None, online=True, seen=None):
        """Open an agent's socket, greet and go online."""
        http = http or await self.signed_in(account)
        tab = await self.connect("/ws/agent", http)
        await tab.send("hello", v=1, conversations=seen or {})
        tab.welcome = await tab.until("welcome")
        tab.http, tab.id = http, account["agent_id"]
        if online:
            await tab.send("presence", status="online")
            await tab.until("presence", status="online")
        return tab

    async def in_history(self, conversation_id, seq):
        """Wait until the archiver has written an event."""
        from handoff_service.archive.transcripts import read_events

        async with asyncio.timeout(DEADLINE_S):
            while True:
                events = await read_events(self.parts.database, conversation_id)
                if events and events[-1].seq >= seq:
                    return events
                await asyncio.sleep(0.02)  # SQL tells nobody what was written: asking is the way


@asynccontextmanager
async def run_service(settings, bot=None):
    app = create_app(settings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", settings.port).start()
    service = Service(app, settings, bot)
    try:
        async with service.stack:
            yield service
    finally:
        await runner.cleanup()


@pytest.fixture(scope="session")
def redis_program():
    """One kind of server: what differs between them is tried by the tests of the store."""
    program = _program(_kinds()[0])
    assert program, f"no {_kinds()[0]} server is installed"
    return program


@pytest.fixture
async def bot():
    """A talking bot on a free port."""
    bot, app = TalkingBot(), web.Application()
    app.add_routes(
        [
            web.post("/webhooks/baton/webhook", bot.webhook),
            web.post("/webhooks/baton/forget", bot.forget),
            web.get("/webhooks/baton/health", bot.health),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield bot
    bot.released.set()
    await runner.cleanup()


@pytest.fixture
async def start_service(make_settings, bot, tmp_path, empty_history):
    """A function that starts a service; several share the desk and the database: replicas."""
    shutil.copy(empty_history, tmp_path / "baton.db")
    keys = {"internal_secret": "i" * 32, "signing_key": "s" * 32}
    async with AsyncExitStack() as stack:

        async def start(**changes):
            port = free_port()
            given = {
                "host": "127.0.0.1", "port": port, "public_url": f"http://127.0.0.1:{port}",
                "rasa_url": bot.url, "kb_dir": tmp_path / "kb", "demo": True, **keys,
            }  # fmt: skip
            return await stack.enter_async_context(
                run_service(make_settings(**given | changes), bot)
            )

        yield start


@pytest.fixture
async def service(start_service):
    """One service with the defaults."""
    return await start_service()
