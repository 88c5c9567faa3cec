"""Agents and customers on sockets, as lean as they can be: many fit into one process."""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from baton.client.web import post_json

#: Sockets opened at the same time: the desk is to be measured, not its accept queue.
OPENING_AT_ONCE = 16
#: Longest wait (s) for anything that must come.
PATIENCE_S = 60.0


@dataclass(slots=True, eq=False)
class BenchAgent:
    """One agent's console; accepts every offer at once."""

    url: str
    cookie: str
    #: Called with each offer's conversation, before it is accepted.
    on_offer: Callable[["BenchAgent", str], None]
    #: Called with each conversation that is theirs from now on.
    on_held: Callable[["BenchAgent", str], None] = lambda _agent, _name: None
    #: conversation → epoch
    held: dict[str, int] = field(default_factory=dict)
    _socket: aiohttp.ClientWebSocketResponse | None = None

    async def open(self, http: aiohttp.ClientSession) -> None:
        """Open the socket and go online."""
        self._socket = await http.ws_connect(
            f"{self.url}/ws/agent",
            origin=self.url,
            headers={"Cookie": f"baton_session={self.cookie}"},
            max_msg_size=0,
        )
        await self._send(type="hello", v=1, conversations={})
        await self._send(type="presence", status="online")

    async def run(self) -> None:
        """Answer until the socket ends."""
        assert self._socket is not None  # noqa: S101 (a fault of the caller)
        async for message in self._socket:
            text = message.data
            if text.startswith('{"type":"error",'):
                sys.stderr.write(f"an agent was refused: {text}\n")
            elif text.startswith('{"type":"offer",'):
                offer = json.loads(text)["offer"]
                name, epoch = offer["conversation_id"], offer["epoch"]
                self.on_offer(self, name)
                await self._send(type="accept", conversation_id=name, epoch=epoch)
            elif text.startswith('{"type":"conversation",'):
                summary = json.loads(text)["summary"]
                if summary["state"] == "assigned":
                    self.held[summary["conversation_id"]] = summary["epoch"]
                    self.on_held(self, summary["conversation_id"])

    async def close_conversation(self, name: str) -> None:
        """End a talk at once."""
        await self._send(type="close", conversation_id=name, epoch=self.held.pop(name))

    async def _send(self, **frame: Any) -> None:
        assert self._socket is not None  # noqa: S101 (a fault of the caller)
        await self._socket.send_str(json.dumps(frame))


class BenchCustomer:
    """One customer's tab."""

    def __init__(self, url: str, secret: str) -> None:
        """`secret`: the operator's, which lifts the limits."""
        self.url = url
        self.conversation_id = ""
        self._secret = secret
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def open(self, http: aiohttp.ClientSession) -> None:
        """Begin a chat: session, socket, welcome."""
        headers = {"Authorization": f"Bearer {self._secret}"}
        path = f"{self.url}/api/customer/session"
        session = await post_json(http, path, {"locale": "en"}, headers=headers)
        self.conversation_id = session["conversation_id"]
        self._socket = await http.ws_connect(f"{self.url}/ws/customer", origin=self.url)
        await self._send(type="hello", v=1, token=session["session_token"], locale="en")
        await self._until('{"type":"welcome"')

    async def ask_for_a_person(self) -> float:
        """Send the click; return when (s)."""
        begun = time.perf_counter()
        await self._send(type="request_person", message_id="person")
        return begun

    async def until_assigned(self) -> float:
        """Wait for the agent; return when (s)."""
        await self._until('"type":"handoff.assigned"')
        return time.perf_counter()

    async def close(self) -> None:
        """Close the tab."""
        if self._socket is not None:
            await self._socket.close()

    async def _until(self, part: str) -> None:
        assert self._socket is not None  # noqa: S101 (a fault of the caller)
        async with asyncio.timeout(PATIENCE_S):
            async for message in self._socket:
                if part in message.data:
                    return
        raise ConnectionResetError

    async def _send(self, **frame: Any) -> None:
        assert self._socket is not None  # noqa: S101 (a fault of the caller)
        await self._socket.send_str(json.dumps(frame))


async def few_at_a_time(calls: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Make all the calls, OPENING_AT_ONCE at a time."""
    gate = asyncio.Semaphore(OPENING_AT_ONCE)

    async def one(call: Callable[[], Awaitable[None]]) -> None:
        async with gate:
            await call()

    await asyncio.gather(*map(one, calls))
