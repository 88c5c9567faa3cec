"""The same relay with python-socketio and its Redis manager: a room for each receiver."""

import argparse
import asyncio
from typing import Any
from urllib.parse import parse_qs

import socketio
import uvloop
from aiohttp import web


def make_app(redis_url: str) -> web.Application:
    """Make a relay: a client enters the room ?name=NAME and sends to others {"to": NAME}."""
    manager = socketio.AsyncRedisManager(redis_url)
    server = socketio.AsyncServer(async_mode="aiohttp", client_manager=manager)

    async def connect(sid: str, environ: dict[str, Any]) -> None:
        await server.enter_room(sid, parse_qs(environ["QUERY_STRING"])["name"][0])

    async def message(_sid: str, data: dict[str, Any]) -> None:
        await server.emit("message", data, room=data["to"])

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    server.on("connect", connect)
    server.on("message", message)
    app = web.Application()
    server.attach(app)
    app.add_routes([web.get("/healthz", alive)])
    return app


async def main(port: int, redis_url: str) -> None:
    """Serve until told to stop."""
    runner = web.AppRunner(make_app(redis_url), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--redis-url", required=True)
    given = parser.parse_args()
    uvloop.run(main(given.port, given.redis_url))
