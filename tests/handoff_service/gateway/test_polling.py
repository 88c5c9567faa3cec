"""Long polling: the same talk as over a socket, cut into answers that any replica gives."""

import asyncio

import aiohttp
import pytest

from tests.handoff_service.gateway.harness import DEADLINE_S, handoff


class Poller:
    """A page that polls, one replica after the other, and keeps what it was told."""

    def __init__(self, http, session):
        self.https, self.session = [http], session
        self.last_seq, self.seen, self.frames, self.polls = 0, "", [], 0

    async def poll(self, *frames, hold_ms=0, **changes):
        """Ask once; return status and frames."""
        http = self.https[self.polls % len(self.https)]
        self.polls += 1
        body = {
            "last_seq": self.last_seq, "seen": self.seen, "locale": "en",
            "frames": list(frames), "hold_ms": hold_ms, **changes,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {self.session['session_token']}"}
        async with http.post("/api/customer/poll", json=body, headers=headers) as answer:
            if answer.status != 200:
                return answer.status, (await answer.json())["error"]["code"]
            told = await answer.json()
        self.seen = told["seen"]
        self.frames += told["frames"]
        seqs = [frame["event"]["seq"] for frame in told["frames"] if frame["type"] == "event"]
        assert seqs == sorted(set(seqs)), "in order, each once"
        assert not seqs or seqs[0] > self.last_seq, "what was told is not told again"
        self.last_seq = max([self.last_seq, *seqs])
        return 200, told["frames"]

    async def until(self, type, **fields):
        """Poll until such a frame has come."""
        async with asyncio.timeout(DEADLINE_S):
            while True:
                for frame in self.frames:
                    body = frame.get("event", frame)
                    found = body | body.get("data", {})
                    if type in {frame["type"], body["type"]} and fields.items() <= found.items():
                        return found
                await self.poll(hold_ms=5_000)


@pytest.fixture
async def poller(service):
    return Poller(await service.http(), await service.session())


def write(number, text):
    return {"type": "message", "message_id": f"m-{number}", "text": text}


def types(frames):
    return [frame["type"] for frame in frames]


async def test_a_poll_welcomes_once_then_tells_only_what_is_new(poller):
    _, first = await poller.poll()
    _, second = await poller.poll()

    assert types(first) == ["welcome", "event"]
    assert second == []


async def test_what_a_poll_brings_is_acknowledged_and_answered(poller):
    await poller.poll()
    _, told = await poller.poll(write(1, "hello"), write(2, "again"), {"type": "ping"})

    assert [frame["message_id"] for frame in told if frame["type"] == "ack"] == ["m-1", "m-2"]
    assert "pong" in types(told)
    await poller.until("message.posted", text="You said: hello")
    await poller.until("message.posted", text="You said: again")


async def test_a_message_that_comes_again_is_stored_once(poller):
    _, first = await poller.poll(write(1, "hello"))
    _, again = await poller.poll(write(1, "hello"))

    ack = [frame for frame in first if frame["type"] == "ack"]
    assert ack == [frame for frame in again if frame["type"] == "ack"]
    await poller.until("message.posted", text="You said: hello")
    texts = [f["event"]["data"].get("text") for f in poller.frames if f["type"] == "event"]
    assert texts.count("hello") == 1


async def test_a_held_poll_ends_with_the_news(poller, service):
    await poller.poll()
    page = await service.customer(poller.session)
    held = asyncio.create_task(poller.poll(hold_ms=25_000))

    await page.send(**write(1, "from the other tab"))
    async with asyncio.timeout(DEADLINE_S):
        _, told = await held

    assert told[0]["event"]["data"]["text"] == "from the other tab"


async def test_replicas_take_turns_and_nothing_is_missed_or_told_twice(start_service, bot):
    one, other = await start_service(), await start_service()
    poller = Poller(await one.http(), await one.session())
    poller.https.append(await other.http())

    for number in range(6):
        await poller.poll(write(number, f"line {number}"))
        await poller.until("message.posted", text=f"You said: line {number}")

    events = [frame["event"]["seq"] for frame in poller.frames if frame["type"] == "event"]
    assert events == list(range(1, len(events) + 1))


async def test_a_person_can_be_reached_by_polls(poller, service, bot):
    bot.answers["a person please"] = handoff()
    jo = await service.agent(await service.account())
    await poller.poll(write(1, "a person please"))
    offer = (await jo.until("offer"))["offer"]
    about = {"conversation_id": offer["conversation_id"], "epoch": offer["epoch"]}
    await jo.send("accept", **about)
    shown = (await jo.until("conversation"))["summary"]
    about["epoch"] = shown["epoch"]
    await poller.until("welcome", state="assigned")
    await jo.send("message", **about, message_id="a-1", text="Hello, I am Jo.")
    await poller.until("message.posted", author="agent")
    await jo.send("read", conversation_id=about["conversation_id"], seq=3)
    await jo.drain()

    await poller.until("welcome", read_seq=3)


async def test_a_poll_is_refused_like_a_socket(poller, service, start_service):
    good = poller.session
    poller.session = good | {"session_token": good["visitor_token"]}
    assert await poller.poll() == (401, "token_invalid")
    poller.session = good
    assert await poller.poll(hold_ms=60_000) == (400, "bad_frame")
    http = await service.http()
    async with http.post("/api/customer/poll", json={}) as answer:
        assert answer.status == 401
    headers = {"Origin": "https://elsewhere.example"}
    async with http.post("/api/customer/poll", json={}, headers=headers) as answer:
        assert answer.status == 403

    _, told = await poller.poll(write(1, " "), write(2, "x" * 17_000))
    assert [frame["code"] for frame in told if frame["type"] == "error"] == [
        "empty_message",
        "too_large",
    ]


async def test_frames_of_polls_are_counted_but_pings_are_not(start_service):
    service = await start_service(messages_burst=3, messages_per_minute=1)
    poller = Poller(await service.http(), await service.session())

    _, told = await poller.poll(*({"type": "ping"} for _ in range(10)))
    assert types(told).count("pong") == 10
    _, told = await poller.poll(*(write(number, "hello") for number in range(5)))
    codes = [frame.get("code") for frame in told if frame["type"] in {"ack", "error"}]
    assert sorted(codes, key=str) == [None, None, None, "rate_limited", "rate_limited"]


async def test_a_process_that_stops_ends_the_polls_it_holds(start_service):
    async with asyncio.timeout(DEADLINE_S):
        service = await start_service()
        poller = Poller(await service.http(), await service.session())
        await poller.poll()
        held = asyncio.create_task(poller.poll(hold_ms=25_000))
        sockets = service.parts.metrics.open_sockets
        while not sockets("customer_poll"):  # noqa: ASYNC110 - nobody tells that a poll is held
            await asyncio.sleep(0.01)
        await service.app.shutdown()

        try:
            assert await held == (200, [])
        except aiohttp.ClientConnectionError:
            pytest.fail("the poll was cut instead of answered")
