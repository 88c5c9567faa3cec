"""Keeps one WebSocket open: comes back after a loss and sends again what is unacknowledged."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import aiohttp

from baton.client.changes import Changes
from baton.client.errors import ClientError, NotReachable, Refused

Frame = dict[str, Any]
#: Is told what happens on a link, "opened", "lost", "sent" (once a write) or "got", and the frame.
Tap: TypeAlias = Callable[[str, Frame], None]

#: Seconds between pings of the transport: under the minute after which home routers forget.
HEARTBEAT_S = 20.0
#: Seconds before each try to come back; the last one repeats.
BACKOFF_S = (0.1, 0.2, 0.4, 0.8, 1.5)
#: Seconds before a write is sent again that the system could not store for now.
RETRY_S = 0.5
#: Seconds between pings that get no pong.
KNOCK_S = 1.0
#: Refusals that say "not now" instead of "no".
PASSING = frozenset({"unavailable", "server_error", "rate_limited"})


def nobody(what: str, frame: Frame) -> None:
    """Listen to nothing: the tap of a client whose doings nobody writes down."""


class Link:
    """One socket with an outbox.

    Args:
        http: session that opens the socket; its cookies go along.
        url: site, for instance http://127.0.0.1:8080.
        path: path of the socket.
        hello: makes the first frame, anew for each connection.
        on_frame: is given every frame that comes in.
        changes: is told after each frame.
        tap: is told all that happens on this link, for a ledger.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        *,
        path: str,
        hello: Callable[[], Awaitable[Frame]],
        on_frame: Callable[[Frame], None],
        changes: Changes,
        tap: Tap = nobody,
    ) -> None:
        self.outbox: dict[str, Frame] = {}
        self.refused: dict[str, Refused] = {}
        self.acked: dict[str, int | None] = {}
        self.pongs = 0
        self.connections = 0  # how often the socket was opened
        self.welcomed = False
        self._http, self._url, self._path = http, url, path
        self._hello, self._on_frame, self._changes = hello, on_frame, changes
        self._tap = tap
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._opening = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None
        self._retries: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Connect once and stay connected until `close`; nothing to do when that is so already.

        Raises:
            NotReachable: nothing answers.
            Refused: the system does not let this socket in.
            NotInTime: it answers, but does not greet.
        """
        async with self._opening:
            if self._reader is not None:
                return
            socket = await self._connect()
            self._reader = asyncio.create_task(self._stay(socket))
            try:
                await self._changes.until(
                    lambda: self.welcomed or None, what="welcome", deadline_s=15
                )
            except BaseException:
                await self.close()  # else it would go on connecting for nobody
                raise

    async def close(self) -> None:
        """Close the socket and stay away; the outbox is kept."""
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        self._reader = None

    @property
    def away(self) -> bool:
        """Tell whether the link was closed, or never opened: it does not try to come back."""
        return self._reader is None

    @property
    def last_acked(self) -> int:
        """Return the highest number of an event that an acknowledgement spoke of, 0 for none."""
        return max((seq for seq in self.acked.values() if seq), default=0)

    async def write(self, frame: Frame) -> None:
        """Send a frame that needs no acknowledgement; lost when there is no connection."""
        if self._socket is not None and self.welcomed:
            with contextlib.suppress(ConnectionError):
                await self._socket.send_json(frame)

    async def post(self, key: str, frame: Frame) -> None:
        """Send a frame until `key` is acknowledged or refused; one at a time, so in order."""
        self._tap("sent", frame)
        self.outbox[key] = frame
        self.refused.pop(key, None)
        self.acked.pop(key, None)
        if len(self.outbox) == 1:
            await self._send_first()

    async def confirmed(self, key: str, *, deadline_s: float) -> int | None:
        """Wait for the acknowledgement and return the number of the event it made.

        Raises:
            Refused: the system said no.
            NotInTime: neither came.
        """

        def outcome() -> tuple[int | None] | None:
            if key in self.refused:
                raise self.refused[key]
            return (self.acked[key],) if key in self.acked else None

        found = await self._changes.until(outcome, what="acknowledgement", deadline_s=deadline_s)
        return found[0]

    async def settled(self, *, deadline_s: float) -> None:
        """Wait until everything written was acknowledged or refused. Raises NotInTime."""
        await self._changes.until(
            lambda: not self.outbox or None, what="acknowledgement", deadline_s=deadline_s
        )

    async def drain(self, *, deadline_s: float = 10.0) -> None:
        """Wait until everything the system had sent before now has arrived (ping → pong)."""
        before = self.pongs

        async def knock() -> None:
            while True:  # a ping may be refused for its rate, or lost with the connection
                await self.write({"type": "ping"})
                await asyncio.sleep(KNOCK_S)

        knocking = asyncio.create_task(knock())
        try:
            await self._changes.until(
                lambda: self.pongs > before or None, what="pong", deadline_s=deadline_s
            )
        finally:
            knocking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await knocking

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        try:
            socket = await self._http.ws_connect(
                self._url + self._path, origin=self._url, heartbeat=HEARTBEAT_S
            )
        except aiohttp.WSServerHandshakeError as error:
            if error.status >= 500:  # it cannot just now: as good as not there
                raise NotReachable(self._url, f"{self._path} answered {error.status}") from None
            raise Refused("handshake", f"{self._path} answered {error.status}") from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NotReachable(self._url, str(error) or type(error).__name__) from None
        self.connections += 1
        self._tap("opened", {})
        await socket.send_json(await self._hello())
        return socket

    async def _stay(self, socket: aiohttp.ClientWebSocketResponse | None) -> None:
        tries = 0
        while True:
            try:
                if socket is None:
                    socket = await self._connect()
                await self._read(socket)
                tries = 0
            except (NotReachable, ConnectionError):
                tries += 1
            except ClientError as error:  # the system does not want this socket: no use to insist
                self._changes.fail(error)
                return
            finally:
                self._socket, self.welcomed = None, False
                if socket is not None:
                    self._tap("lost", {})
                    await socket.close()
                socket = None
            self._changes.notify()
            await asyncio.sleep(BACKOFF_S[min(tries, len(BACKOFF_S) - 1)])

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            frame: Frame = json.loads(message.data)
            self._tap("got", frame)
            settled = self._note(frame)
            self._on_frame(frame)
            if frame["type"] == "welcome":
                self.welcomed = True
            self._changes.notify()
            if settled or frame["type"] == "welcome":
                await self._send_first()

    async def _send_first(self) -> None:
        if self.outbox:
            await self.write(next(iter(self.outbox.values())))

    def _note(self, frame: Frame) -> bool:
        """Keep what answers our writes; tell whether one of them is settled."""
        kind, key = frame["type"], frame.get("message_id") or frame.get("conversation_id")
        if kind == "pong":
            self.pongs += 1
        elif kind == "ack" and key:
            self.acked[key] = frame.get("seq")
            return self.outbox.pop(key, None) is not None
        elif kind == "error" and key in self.outbox:
            if frame["code"] in PASSING:
                asyncio.get_running_loop().call_later(RETRY_S, self._again, key)
                return False
            self.refused[key] = Refused(frame["code"], frame["message"])
            del self.outbox[key]
            return True
        return False

    def _again(self, key: str) -> None:
        if key in self.outbox and self._socket is not None:
            task = asyncio.create_task(self._send_first())
            self._retries.add(task)
            task.add_done_callback(self._retries.discard)
