"""The load generator of `baton bench sockets`: opens customers' sockets and holds them, silent."""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

import uvloop

from baton.bench.roads import Crowd, Sockets


async def run(plan: Mapping[str, Any]) -> None:
    """Open `idle` sockets of `side`; print {"open_s"}; after a line on stdin print {"still_open"}.

    `plan`: side (`baton` or `aiohttp`), urls, secret, idle.
    """
    sockets = Sockets(Crowd(plan["urls"], plan["idle"], 0, plan["secret"]))
    http = await sockets.http()

    async def enter(number: int) -> None:
        url = sockets.url(number)
        if plan["side"] == "baton":
            socket = await sockets.enter_customer(http, url)
            await socket.receive_str()  # welcome
        else:
            socket = await sockets.connect(http, url, f"/ws?name=customer{number}")
        sockets.customers.append(socket)
        sockets.read(socket, lambda _: None)  # answers pings

    begun = time.perf_counter()
    await asyncio.gather(*map(enter, range(plan["idle"])))
    _say({"open_s": time.perf_counter() - begun})
    await asyncio.to_thread(sys.stdin.readline)
    _say({"still_open": sum(not socket.closed for socket in sockets.customers)})
    await sockets.close()


def _say(figures: dict[str, float]) -> None:
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    uvloop.run(run(json.loads(sys.stdin.readline())))
