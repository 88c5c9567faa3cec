"""One WebSocket of ours: what comes in is checked before it is parsed, what goes out is bounded."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final, Protocol
from weakref import WeakSet

from aiohttp import WSCloseCode, WSMsgType, web

from handoff_service.errors import BatonError
from handoff_service.frames import ErrorFrame, Pong
from handoff_service.gateway.outbox import SlowReader
from handoff_service.protocol import Out, dump_frame
from handoff_service.refusals import Refusal, TooLarge, words_for
from handoff_service.settings import Settings

logger = logging.getLogger(__name__)

#: Frames above the limit but below this are refused with a code; above it the socket is closed
#: (1009). Sized so that a message of a megabyte, the usual accident, still gets its answer.
HARD_LIMIT_BYTES = 2 * 1024 * 1024
#: How long one frame may take to leave, in seconds; then the other side counts as gone.
SEND_TIMEOUT_S = 10.0
#: A frame of fewer characters fits into an empty write buffer (64 KiB) of a connection.
SMALL = 10_000
#: Where the id of a frame is looked for when the frame itself is not parsed, in characters.
HEAD_CHARS = 2048
MESSAGE_ID = re.compile(r'"message_id"\s*:\s*"([A-Za-z0-9_.:-]{1,64})"')
#: As pages write it: the commonest frame, so it is known without being parsed, and not counted.
PING = '{"type":"ping"}'
PONG = Pong()
CONVERSATION_ID = re.compile(r'"conversation_id"\s*:\s*"([A-Za-z0-9_.:-]{1,64})"')

#: Set once a request has become a socket: no other answer can be given to it then.
SOCKET = web.RequestKey("socket", web.WebSocketResponse)


class CustomerWire(Protocol):
    """What a talk with a customer goes over: a socket, or a poll."""

    @property
    def drains(self) -> bool:
        """Whether what is put out before the end still reaches the other side."""
        ...

    def texts(
        self,
        *,
        check: Callable[[], None],
        limit_bytes: int,
        refuse: Callable[[BatonError, str], None],
    ) -> AsyncIterator[str]:
        """Yield the frames that come in and may be parsed."""
        ...

    async def send(self, frame: Out) -> None:
        """Send one frame."""
        ...

    async def send_text(self, text: str) -> None:
        """Send a frame that is written already."""
        ...


class Wire:
    """A socket that was opened."""

    drains: Final = False

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        """Use `open_wire`."""
        self.socket = socket
        self._request = request

    async def texts(
        self,
        *,
        check: Callable[[], None],
        limit_bytes: int,
        refuse: Callable[[BatonError, str], None],
    ) -> AsyncIterator[str]:
        """Yield the frames that may be parsed.

        Args:
            check: counts one frame; raises RateLimited.
            limit_bytes: longest frame, in bytes of UTF-8.
            refuse: told of each other frame, with its text.
        """
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            text: str = message.data
            if may_be_parsed(text, check=check, limit_bytes=limit_bytes, refuse=refuse):
                yield text

    async def send(self, frame: Out) -> None:
        """Send one frame. Raises SlowReader when the other side does not take it in time."""
        await self.send_text(dump_frame(frame))

    async def send_text(self, text: str) -> None:
        """Send a frame that is written already: once for everybody who gets it."""
        transport = self._request.transport
        if transport is not None and len(text) < SMALL and not transport.get_write_buffer_size():
            await self.socket.send_str(text)  # fits into the buffer: nothing to wait for
            return
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self.socket.send_str(text)
        except TimeoutError as error:
            raise SlowReader from error

    async def part(self, error: BatonError) -> None:
        """Say why, if the other side still listens, and close."""
        refused = isinstance(error, Refusal)
        code = WSCloseCode.POLICY_VIOLATION if refused else WSCloseCode.TRY_AGAIN_LATER
        with contextlib.suppress(ConnectionError, SlowReader):
            await self.send(error_frame(error))
        await self.socket.close(code=code)

    def abort(self) -> None:
        """Drop the connection without a word: the other side does not listen anyway."""
        if self._request.transport is not None:
            self._request.transport.abort()


class Connections:
    """The open sockets and polls of this process, to be closed when it stops."""

    def __init__(self) -> None:
        """Begin with none."""
        self._sockets: WeakSet[web.WebSocketResponse] = WeakSet()
        self._enders: set[Callable[[], None]] = set()

    def add(self, socket: web.WebSocketResponse) -> None:
        """Remember a socket for as long as it lives."""
        self._sockets.add(socket)

    @contextlib.contextmanager
    def until_close(self, end: Callable[[], None]) -> Iterator[None]:
        """Call `end` should the process stop meanwhile."""
        self._enders.add(end)
        try:
            yield
        finally:
            self._enders.discard(end)

    async def close(self) -> None:
        """Tell everybody to come back, to another process or after the restart."""
        for end in tuple(self._enders):
            end()
        goodbyes = (
            socket.close(code=WSCloseCode.GOING_AWAY, message=b"restart")
            for socket in self._sockets
        )
        await asyncio.gather(*goodbyes, return_exceptions=True)


async def open_wire(request: web.Request, settings: Settings, *, connections: Connections) -> Wire:
    """Accept the upgrade to a WebSocket."""
    socket = web.WebSocketResponse(
        heartbeat=settings.heartbeat_s,
        max_msg_size=max(HARD_LIMIT_BYTES, settings.max_frame_bytes),
        timeout=2.0,
        compress=False,  # small frames, and a compressor costs some 300 KB a socket
    )
    await socket.prepare(request)
    socket.headers.clear()  # sent, and else kept for as long as the socket: a kilobyte
    request[SOCKET] = socket
    connections.add(socket)
    return Wire(socket, request)


def error_frame(error: BatonError, text: str = "") -> ErrorFrame:
    """Make the frame that tells an error; its words come from its code.

    The ids are looked for in the refused text itself, for what is too large or too much is not
    parsed, and its sender must learn all the same which frame it was.
    """
    return ErrorFrame(
        code=error.code,
        message=words_for(error.code),
        message_id=_find(MESSAGE_ID, text),
        conversation_id=_find(CONVERSATION_ID, text),
    )


def may_be_parsed(
    text: str,
    *,
    check: Callable[[], None],
    limit_bytes: int,
    refuse: Callable[[BatonError, str], None],
) -> bool:
    """Whether a frame is neither too much nor too large; `refuse` is told of one that is.

    `check` counts it and raises RateLimited; a ping is not counted: pages that see that a
    connection is dead within seconds send many.
    """
    try:
        if text != PING:
            check()
        if len(text) > limit_bytes or len(text.encode(errors="replace")) > limit_bytes:
            raise TooLarge
    except BatonError as error:
        refuse(error, text)
        return False
    return True


def give_up(error: BatonError, _text: str) -> None:
    """End a socket whose first frame is refused already."""
    raise error


def _find(name: re.Pattern[str], text: str) -> str | None:
    found = name.search(text, 0, HEAD_CHARS)
    return found.group(1) if found else None
