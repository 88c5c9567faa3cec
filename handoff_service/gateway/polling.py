"""Long polling: the socket of a customer whose network lets no WebSocket through, cut into answers.

Each poll says what the page has seen, brings frames and takes away those it waited for. Nothing is
kept between two of them, so that any replica may serve the next.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from aiohttp import web

from handoff_service.access import CUSTOMER
from handoff_service.addresses import client_address
from handoff_service.api.bodies import read_body
from handoff_service.api.schemas import PollRequest
from handoff_service.errors import BatonError
from handoff_service.frames import CustomerHello, CustomerWelcome
from handoff_service.gateway.customer import CustomerTalk
from handoff_service.gateway.outbox import SlowReader
from handoff_service.gateway.wire import may_be_parsed
from handoff_service.protocol import Out, dump_frame
from handoff_service.services import CONNECTIONS, SERVICES
from handoff_service.tokens import CustomerToken


class PolledWire:
    """Takes what a poll brought for what comes in, and keeps what goes out for its answer."""

    #: What was put out before the end is part of the answer.
    drains: Final = True

    def __init__(self, wanted: PollRequest) -> None:
        """Hold the poll for as long as it asks, or until there is something to say."""
        self._frames, self._hold_s = wanted.frames, wanted.hold_ms / 1000
        self._said: list[str] = []
        self._ended = asyncio.Event()
        #: Stands for what the page knows of the conversation beside its events.
        self._seen = wanted.seen

    async def texts(
        self,
        *,
        check: Callable[[], None],
        limit_bytes: int,
        refuse: Callable[[BatonError, str], None],
    ) -> AsyncIterator[str]:
        """Yield the frames that may be parsed, then wait for news."""
        for frame in self._frames:
            text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
            if may_be_parsed(text, check=check, limit_bytes=limit_bytes, refuse=refuse):
                yield text
        with suppress(TimeoutError):
            async with asyncio.timeout(self._hold_s):
                await self._ended.wait()

    async def send(self, frame: Out) -> None:
        """Keep a frame for the answer; a welcome only if it says something new."""
        if isinstance(frame, CustomerWelcome):
            lasting = dump_frame(replace(frame, server_ms=0, last_seq=0))
            known, self._seen = self._seen, hashlib.sha256(lasting.encode()).hexdigest()[:16]
            if known == self._seen:
                return
        await self.send_text(dump_frame(frame))

    async def send_text(self, text: str) -> None:
        """Keep a frame that is written already."""
        self._said.append(text)
        self._ended.set()

    def end(self) -> None:
        """Hold it no longer: the process stops."""
        self._ended.set()

    @property
    def seen(self) -> str:
        """Return what the page says in its next poll."""
        return self._seen

    @property
    def said(self) -> str:
        """Return the frames to say, as a JSON array."""
        return f"[{','.join(self._said)}]"


async def poll(request: web.Request) -> web.Response:
    """POST /api/customer/poll: frames in, frames out; held while there is nothing to say."""
    wire = await hold(request, request[CUSTOMER], await read_body(request, PollRequest))
    text = f'{{"seen":{json.dumps(wire.seen)},"frames":{wire.said}}}'
    return web.json_response(text=text, headers={"Cache-Control": "no-store"})


async def hold(request: web.Request, token: CustomerToken, wanted: PollRequest) -> PolledWire:
    """Do what a poll brought and wait for what it asks for.

    Raises:
        RateLimited: too many from this address.
        TokenInvalid, StoreUnavailable: as a socket would be closed for.
    """
    services, address = request.app[SERVICES], client_address(request)
    if not token.unlimited:
        services.limits.address.take(address, now_ms=services.clock.now_ms())
    wire = PolledWire(wanted)
    hello = CustomerHello(token="", last_seq=wanted.last_seq, locale=wanted.locale)
    talk = CustomerTalk(services, wire, token=token, address=address)
    polled = services.metrics.sockets.labels(side="customer_poll").track_inprogress
    # Too much to say at once is no fault: the next poll goes on after what is said.
    with request.app[CONNECTIONS].until_close(wire.end), polled(), suppress(SlowReader):
        await talk.run(hello)
    return wire
