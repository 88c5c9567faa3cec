"""The ways of a message from a customer to an agent: Baton's, and those of its rivals."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import aiohttp

from baton.client.accounts import create_account
from baton.client.web import open_http, post_json

#: Frames larger than any of ours.
_MAX_FRAME = 4 * 1024 * 1024
#: Sockets opened at the same time: messages are to be measured, not the accept queue.
_OPENING_AT_ONCE = 16
#: Longest wait (s) until every customer talks with an agent.
_ASSIGNED_S = 60.0
_MESSAGE_ID = re.compile(r'"message_id":\s*"([^"]+)"')

Socket: TypeAlias = aiohttp.ClientWebSocketResponse
Heard: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who talks: customers and agents, spread evenly over the processes at `urls`."""

    urls: Sequence[str]
    customers: int
    agents: int
    secret: str = ""


class Road(Protocol):
    """Sockets of customers and agents."""

    #: Senders are told that a message is stored.
    acknowledges: bool

    async def open(self, *, arrived: Heard, acked: Heard) -> None:
        """Open all; tell `arrived` the id of each message an agent gets."""
        ...

    async def send(self, customer: int, message_id: str) -> None:
        """Send one message."""
        ...

    async def close(self) -> None:
        """Close all."""
        ...


class Sockets:
    """What the roads share: sockets, and tasks that read them."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.customers: list[Socket] = []
        self._stack = AsyncExitStack()
        self._readers: list[asyncio.Task[None]] = []
        self._gate = asyncio.Semaphore(_OPENING_AT_ONCE)

    def url(self, number: int) -> str:
        return self.crowd.urls[number % len(self.crowd.urls)]

    async def http(self) -> aiohttp.ClientSession:
        """Return a session for any number of sockets, with cookies of its own."""
        return await self._stack.enter_async_context(open_http(connections=0))

    async def connect(self, http: aiohttp.ClientSession, url: str, path: str) -> Socket:
        async with self._gate:
            return await self._stack.enter_async_context(
                http.ws_connect(url + path, origin=url, max_msg_size=_MAX_FRAME)
            )

    async def enter_customer(self, http: aiohttp.ClientSession, url: str) -> Socket:
        """Open a socket of Baton for a new customer."""
        async with self._gate:
            session = await post_json(
                http,
                f"{url}/api/customer/session",
                {"locale": "en"},
                headers={"Authorization": f"Bearer {self.crowd.secret}"},
            )
        socket = await self.connect(http, url, "/ws/customer")
        hello = {"type": "hello", "v": 1, "token": session["session_token"], "locale": "en"}
        await socket.send_str(json.dumps(hello))
        return socket

    def read(self, socket: Socket, take: Callable[[str], Any]) -> None:
        async def run() -> None:
            async for text in _texts(socket):
                answer = take(text)
                if answer:
                    await socket.send_str(answer)

        self._readers.append(asyncio.create_task(run()))

    async def close(self) -> None:
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        await self._stack.aclose()


class BatonRoad(Sockets):
    """Customers who were assigned to agents beforehand, through the desk's own queue."""

    acknowledges = True

    async def open(self, *, arrived: Heard, acked: Heard) -> None:
        """Open all; return once every customer talks with an agent."""
        self._assigned, self._all_assigned = 0, asyncio.Event()
        crowd = self.crowd
        capacity = min(50, -(-crowd.customers // crowd.agents) + 2)
        await asyncio.gather(
            *(self._enter_agent(n, capacity, arrived) for n in range(crowd.agents))
        )
        http = await self.http()
        self.customers = list(
            await asyncio.gather(
                *(self._enter_customer(http, n, acked) for n in range(crowd.customers))
            )
        )
        async with asyncio.timeout(_ASSIGNED_S):
            await self._all_assigned.wait()

    async def send(self, customer: int, message_id: str) -> None:
        await self.customers[customer].send_str(
            f'{{"type":"message","message_id":"{message_id}","text":"Is it on its way?"}}'
        )

    async def _enter_agent(self, number: int, capacity: int, arrived: Heard) -> None:
        url, crowd = self.url(number), self.crowd
        async with self._gate:
            account = await create_account(
                url, crowd.secret, login=f"agent{number}", name="A", capacity=capacity
            )
            http = await self.http()
            body = {"login": account.login, "password": account.password}
            await post_json(http, f"{url}/api/login", body)
        socket = await self.connect(http, url, "/ws/agent")

        def take(text: str) -> str | None:
            if text.startswith('{"type":"event"'):
                found = '"author":"customer"' in text and _MESSAGE_ID.search(text)
                if found:
                    arrived(found.group(1))
            elif text.startswith('{"type":"offer"'):
                offer = json.loads(text)["offer"]
                wanted = {name: offer[name] for name in ("conversation_id", "epoch")}
                return json.dumps({"type": "accept", **wanted})
            return None

        await socket.send_str('{"type":"hello","v":1,"conversations":{}}')
        await socket.send_str('{"type":"presence","status":"online"}')
        self.read(socket, take)

    async def _enter_customer(
        self, http: aiohttp.ClientSession, number: int, acked: Heard
    ) -> Socket:
        url = self.url(number)
        socket = await self.enter_customer(http, url)

        def take(text: str) -> None:
            if text.startswith('{"type":"ack"'):
                found = _MESSAGE_ID.search(text)
                if found:
                    acked(found.group(1))
            elif '"type":"handoff.assigned"' in text:
                self._assigned += 1
                if self._assigned >= self.crowd.customers:
                    self._all_assigned.set()

        await socket.send_str('{"type":"request_person","message_id":"person"}')
        self.read(socket, take)
        return socket


class PubSubRoad(Sockets):
    """baton/rivals/pubsub_relay.py."""

    acknowledges = False

    async def open(self, *, arrived: Heard, acked: Heard) -> None:  # noqa: ARG002 (it has no acks)
        """Open all."""
        http = await self.http()

        def take(text: str) -> None:
            arrived(json.loads(text)["message_id"])

        for number in range(self.crowd.agents):
            agent = await self.connect(http, self.url(number), f"/ws?name=agent{number}")
            self.read(agent, take)
        for number in range(self.crowd.customers):
            socket = await self.connect(http, self.url(number), f"/ws?name=customer{number}")
            self.read(socket, lambda _: None)
            self.customers.append(socket)

    async def send(self, customer: int, message_id: str) -> None:
        await self.customers[customer].send_str(json.dumps(_letter(self, customer, message_id)))


class SocketIoRoad(Sockets):
    """baton/rivals/socketio_relay.py, spoken to as its own clients do (Socket.IO 5)."""

    acknowledges = False

    async def open(self, *, arrived: Heard, acked: Heard) -> None:  # noqa: ARG002 (it has no acks)
        """Open all."""
        http = await self.http()

        def take(text: str) -> str | None:
            if text.startswith("42"):
                arrived(json.loads(text[2:])[1]["message_id"])
            return "3" if text == "2" else None  # a ping wants its pong

        for number in range(self.crowd.agents):
            self.read(await self._enter(http, number, f"agent{number}"), take)
        for number in range(self.crowd.customers):
            socket = await self._enter(http, number, f"customer{number}")
            self.read(socket, take)
            self.customers.append(socket)

    async def send(self, customer: int, message_id: str) -> None:
        event = json.dumps(["message", _letter(self, customer, message_id)])
        await self.customers[customer].send_str(f"42{event}")

    async def _enter(self, http: aiohttp.ClientSession, number: int, name: str) -> Socket:
        path = f"/socket.io/?EIO=4&transport=websocket&name={name}"
        socket = await self.connect(http, self.url(number), path)
        await socket.receive_str()  # 0{…}: the transport is open
        await socket.send_str("40")
        await socket.receive_str()  # 40{…}: so is the name space
        return socket


ROADS: dict[str, Callable[[Crowd], Road]] = {
    "baton": BatonRoad,
    "aiohttp_pubsub": PubSubRoad,
    "socketio": SocketIoRoad,
}


def _letter(road: Sockets, customer: int, message_id: str) -> dict[str, str]:
    to = f"agent{customer % road.crowd.agents}"
    return {"to": to, "message_id": message_id, "text": "Is it on its way?"}


async def _texts(socket: Socket) -> AsyncIterator[str]:
    async for message in socket:
        if message.type is aiohttp.WSMsgType.TEXT:
            yield message.data
