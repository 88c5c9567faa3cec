"""A bare relay: aiohttp WebSockets and Redis pub/sub, nothing stored, nothing acknowledged."""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator

import uvloop
from aiohttp import WSMsgType, web
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

#: The channel that every process listens to.
CHANNEL = "relay"


def make_app(redis: Redis) -> web.Application:
    """Make a relay: /ws?name=NAME receives what others send {"to": NAME}."""
    sockets: dict[str, web.WebSocketResponse] = {}

    async def serve(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=25, compress=False)
        await socket.prepare(request)
        sockets[request.query["name"]] = socket
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await redis.publish(CHANNEL, message.data)
        return socket

    async def listen(_: web.Application) -> AsyncIterator[None]:
        subscription = redis.pubsub(ignore_subscribe_messages=True)
        await subscription.subscribe(CHANNEL)
        task = asyncio.create_task(relay(subscription))
        yield
        task.cancel()

    async def relay(subscription: PubSub) -> None:
        async for message in subscription.listen():
            text = message["data"].decode()
            socket = sockets.get(json.loads(text)["to"])
            if socket is not None and not socket.closed:
                await socket.send_str(text)

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.add_routes([web.get("/ws", serve), web.get("/healthz", alive)])
    app.cleanup_ctx.append(listen)
    return app


async def main(port: int, redis_url: str) -> None:
    """Serve until told to stop."""
    runner = web.AppRunner(make_app(Redis.from_url(redis_url)), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--redis-url", required=True)
    given = parser.parse_args()
    uvloop.run(main(given.port, given.redis_url))
