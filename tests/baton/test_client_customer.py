"""A client's customer: what "everything has arrived" means where events come after their ack."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestServer

from baton.client.customer import Customer

#: How much later (s) than its acknowledgement an event comes.
LATE_S = 0.2


async def test_what_was_acknowledged_is_here_after_a_drain():
    desk = web.Application()
    desk.router.add_post("/api/customer/session", _begin)
    desk.router.add_get("/ws/customer", _talk)
    async with TestServer(desk) as server, Customer(str(server.make_url("/"))) as customer:
        await customer.send("hello")

        await customer.drain()

        assert [event.text for event in customer.transcript()] == ["hello"]


async def _begin(_request):
    session = {"visitor_token": "v", "session_token": "s", "conversation_id": "c"}
    return web.json_response(session)


async def _talk(request):
    """Acknowledge each message at once and tell of it later, as a tail that lags does."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.receive_json()
    await socket.send_json({"type": "welcome", "state": "bot", "on_duty": False})
    async with asyncio.TaskGroup() as later:
        async for message in socket:
            frame = message.json()
            if frame["type"] == "ping":
                await socket.send_json({"type": "pong"})
            else:
                await socket.send_json({"type": "ack", "message_id": frame["message_id"], "seq": 1})
                later.create_task(_tell(socket, frame["text"]))
    return socket


async def _tell(socket, text):
    await asyncio.sleep(LATE_S)
    about = {"conversation_id": "c", "seq": 1, "type": "message.posted", "at_ms": 1, "epoch": 1}
    await socket.send_json(
        {"type": "event", "event": about | {"data": {"author": "customer", "text": text}}}
    )
