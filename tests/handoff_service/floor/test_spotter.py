"""The look-out reads the real history, asks a real server for vectors, and hangs hints."""

import base64
import hashlib

import numpy as np
import pytest
from aiohttp import ClientSession, web

from handoff_service.archive.database import open_database
from handoff_service.archive.models import ConversationRow, EventRow
from handoff_service.clock import ManualClock
from handoff_service.errors import BotUnavailable
from handoff_service.floor.spotter import DAY_MS, Spotter
from handoff_service.floor.vectors import Vectors

TOKEN, NOW = "t", 1_780_000_000_000
PAST = [f"what about subject{number}" for number in range(30)]


class Engine:
    """Gives vectors in which texts that share their last word are near each other."""

    def __init__(self):
        self.asked, self.broken = [], False

    async def vectors(self, request):
        if self.broken or request.headers["Authorization"] != f"Bearer {TOKEN}":
            return web.json_response({}, status=503)
        texts = (await request.json())["texts"]
        self.asked += texts
        found = {text: base64.b64encode(self._vector(text)).decode() for text in texts}
        return web.json_response({"fingerprint": "f", "texts": found})

    def _vector(self, text):
        seed = int(hashlib.sha256(text.split()[-1].encode()).hexdigest()[:8], 16)
        vector = np.random.default_rng(seed).normal(size=64)
        return (vector / np.linalg.norm(vector)).astype("<f4").tobytes()


@pytest.fixture
async def engine():
    engine, app = Engine(), web.Application()
    app.add_routes([web.post("/webhooks/baton/vectors", engine.vectors)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    engine.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield engine
    await runner.cleanup()


@pytest.fixture
async def database(tmp_path):
    opened = await open_database(f"sqlite+aiosqlite:///{tmp_path / 'history.db'}")
    yield opened
    await opened.close()


@pytest.fixture
async def spotter(store, database, engine):
    async with ClientSession() as session:
        vectors = Vectors(session, url=engine.url, token=TOKEN)
        yield Spotter(store, database, vectors, clock=ManualClock(NOW), replica="r1")


async def ask(database, texts, *, name, at_ms, **more):
    """Let one customer for each of `texts` ask the bot."""
    async with database.session() as session:
        for number, text in enumerate(texts):
            talk = f"{name}-{number}"
            session.add(ConversationRow(id=talk, language="en"))
            await session.flush()
            data = {"author": "customer", "text": text, "turn": 1} | more
            event = {"type": "message.posted", "at_ms": at_ms + number, "epoch": 1, "data": data}
            session.add(EventRow(conversation_id=talk, seq=2, **event))


async def usual_weeks(database):
    for week in (1, 2, 3, 4):
        at_ms = NOW - week * 7 * DAY_MS - 1_800_000
        await ask(database, PAST, name=f"week{week}", at_ms=at_ms)


async def test_a_spike_hangs_on_the_floor_until_it_is_over(spotter, store, database, engine):
    await usual_weeks(database)
    texts = [f"number {number} cannot login" for number in range(12)]
    await ask(database, texts, name="now", at_ms=NOW - 600_000)
    before = await store.signals.last_id()

    [hint] = await spotter.step()

    assert (hint["count"], hint["minutes"], hint["usual"]) == (12, 10, 0)
    assert hint["question"].endswith("cannot login")
    assert "login" in hint["words"]
    assert await store.hints.read() == [hint]
    assert await store.signals.last_id() != before

    await ask(database, ["me too: no login"], name="more", at_ms=NOW - 1000)
    engine.asked.clear()
    [grown] = await spotter.step()
    assert (grown["id"], grown["count"]) == (hint["id"], 13)
    assert engine.asked == ["me too: no login"], "what is known already is not asked for again"

    spotter._clock.advance(3_600_000)
    assert await spotter.step() == []
    assert await store.hints.read() == []


async def test_clicks_and_words_to_a_person_are_no_questions(spotter, database):
    await usual_weeks(database)
    texts = ["cannot login"] * 12
    await ask(database, texts, name="clicks", at_ms=NOW - 600_000, payload={"action": "a"})
    await ask(database, texts, name="bot", at_ms=NOW - 600_000, author="bot")
    await ask(database, ["hi"] * 12, name="short", at_ms=NOW - 600_000)

    assert await spotter.step() == []


async def test_without_vectors_what_hangs_stays(spotter, store, database, engine):
    await usual_weeks(database)
    await ask(database, ["cannot login"] * 12, name="now", at_ms=NOW - 600_000)
    hints = await spotter.step()
    await ask(database, ["what about a login"], name="more", at_ms=NOW - 1000)
    engine.broken = True

    with pytest.raises(BotUnavailable):
        await spotter.step()

    assert await store.hints.read() == hints
