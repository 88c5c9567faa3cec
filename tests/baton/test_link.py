"""The clients' socket: what is written arrives in order, whatever the connection does."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from baton.client.changes import Changes
from baton.client.errors import NotReachable, Refused
from baton.client.link import Link
from baton.client.system import looks
from baton.client.web import open_http
from baton.launcher.system import free_port


class Desk:
    """A server that greets, then treats each write as its script says: ack, error code or drop."""

    def __init__(self, script):
        self.script = list(script)
        self.got = []
        self.hellos = 0

    async def serve(self, request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.receive_json()
        self.hellos += 1
        await socket.send_json({"type": "welcome"})
        async for message in socket:
            frame = message.json()
            if frame["type"] == "ping":
                await socket.send_json({"type": "pong"})
                continue
            todo = self.script.pop(0) if self.script else "ack"
            if todo == "drop":
                break
            key = frame["message_id"]
            if todo == "ack":
                self.got.append(key)
                await socket.send_json({"type": "ack", "message_id": key, "seq": len(self.got)})
            else:
                refusal = {"type": "error", "code": todo, "message": "no", "message_id": key}
                await socket.send_json(refusal)
        return socket


@asynccontextmanager
async def unopened(desk, **options):
    """A link to a desk that listens on a free port, not opened yet."""
    app = web.Application()
    app.router.add_get("/ws", desk.serve)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()

    async def hello():
        return {"type": "hello"}

    async with open_http() as http:
        link = Link(
            http,
            f"http://127.0.0.1:{port}",
            path="/ws",
            hello=hello,
            on_frame=print,
            changes=Changes(),
            **options,
        )
        try:
            yield link
        finally:
            await link.close()
            await runner.cleanup()


@asynccontextmanager
async def linked(desk):
    """A link to such a desk, opened."""
    async with unopened(desk) as link:
        await link.open()
        yield link


def frame(key):
    return {"type": "message", "message_id": key, "text": key}


@pytest.mark.parametrize(
    "script", [[], ["drop"], ["unavailable"], ["ack", "drop", "server_error", "drop"]]
)
async def test_writes_arrive_once_and_in_order(script):
    desk, keys = Desk(script), ["a", "b", "c", "d"]
    async with linked(desk) as link:
        for key in keys:
            await link.post(key, frame(key))

        numbers = [await link.confirmed(key, deadline_s=15) for key in keys]

    assert desk.got == keys
    assert numbers == [1, 2, 3, 4]
    assert not link.outbox
    assert desk.hellos == 1 + script.count("drop")


async def test_a_refusal_is_told_to_who_wrote_and_the_next_goes_on():
    async with linked(Desk(["too_long"])) as link:
        await link.post("a", frame("a"))
        await link.post("b", frame("b"))

        with pytest.raises(Refused, match="too_long"):
            await link.confirmed("a", deadline_s=5)
        assert await link.confirmed("b", deadline_s=5) == 1


async def test_what_is_written_after_close_goes_out_at_the_next_open():
    desk = Desk([])
    async with linked(desk) as link:
        await link.close()
        await link.post("a", frame("a"))
        assert desk.got == []

        await link.open()

        assert await link.confirmed("a", deadline_s=5) == 1


async def test_nothing_listening_is_named():
    async with open_http() as http:
        url = f"http://127.0.0.1:{free_port()}"
        link = Link(
            http,
            url,
            path="/ws",
            hello=asyncio.sleep,
            on_frame=print,
            changes=Changes(),
        )

        with pytest.raises(NotReachable, match=f"nothing answers at {url}"):
            await link.open()


async def test_a_link_that_nobody_greets_does_not_go_on_by_itself():
    class Mute(Desk):
        async def serve(self, request):
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.receive_json()
            self.hellos += 1
            await socket.receive()
            return socket

    desk = Mute([])
    async with unopened(desk) as link:
        opening = asyncio.create_task(link.open())
        async for _ in looks(10, "hello"):
            if desk.hellos:
                break
        opening.cancel()

        with pytest.raises(asyncio.CancelledError):
            await opening
        assert link.away


async def test_who_opens_a_link_twice_has_one_connection():
    desk = Desk([])
    async with unopened(desk) as link:
        await asyncio.gather(link.open(), link.open())
        await link.open()

        assert desk.hellos == 1


async def test_a_server_that_cannot_just_now_is_as_good_as_not_there():
    class Full(Desk):
        async def serve(self, _request):
            raise web.HTTPServiceUnavailable

    async with unopened(Full([])) as link:
        with pytest.raises(NotReachable):
            await link.open()


async def test_a_tap_hears_of_each_write_once_however_often_it_is_sent():
    heard = []
    async with unopened(
        Desk(["drop", "ack"]), tap=lambda what, told: heard.append((what, told.get("type")))
    ) as link:
        await link.open()
        await link.post("a", frame("a"))
        await link.confirmed("a", deadline_s=10)

    assert [each for each in heard if each[0] != "got"] == [
        ("opened", None),
        ("sent", "message"),
        ("lost", None),
        ("opened", None),
        ("lost", None),
    ]
    assert heard.count(("got", "ack")) == 1
