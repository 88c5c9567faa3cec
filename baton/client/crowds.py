"""Customers of a bot: of the whole system, of its bot alone, of a stock Rasa."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp

from baton.client.customer import Customer
from baton.client.errors import NotInTime, Refused
from baton.client.events import REQUESTED
from baton.client.load import Crowd
from baton.client.web import open_http

#: Sockets opened at the same time: the system is to be measured, not its accept queue.
OPENING_AT_ONCE = 16
#: A turn slower than this is an error (s).
TURN_DEADLINE_S = 20.0


class _SystemTalk:
    """A customer on the WebSocket: message out → the bot's event in."""

    def __init__(self, customer: Customer) -> None:
        self.locale = customer.locale
        self._customer = customer

    async def ask(self, text: str) -> tuple[float, str]:
        begun = time.perf_counter()
        answers = await self._customer.say(text, deadline_s=TURN_DEADLINE_S)
        seconds = self._customer.arrived[answers[0].seq] - begun
        if answers[-1].type == REQUESTED:  # nobody is there to be helped; the bot goes on
            await self._customer.cancel_handoff()
        return seconds, answers[-1].kind or "none"


def system_crowd(url: str, *, locales: Sequence[str], secret: str | None = None) -> Crowd:
    """Return customers of a whole running system, their languages by turns.

    `secret` is the operator's, which lifts the rate limits.
    """

    @asynccontextmanager
    async def opened(customers: int) -> AsyncIterator[Sequence[_SystemTalk]]:
        gate = asyncio.Semaphore(OPENING_AT_ONCE)
        async with AsyncExitStack() as stack:

            async def enter(number: int) -> _SystemTalk:
                async with gate:
                    customer = Customer(url, locale=locales[number % len(locales)], secret=secret)
                    return _SystemTalk(await stack.enter_async_context(customer))

            yield await asyncio.gather(*map(enter, range(customers)))

    return opened


class _BotTalk:
    """A conversation over the HTTP channel that the service uses itself."""

    locale = "en"

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        self._http, self._url = http, url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._sender = uuid.uuid4().hex

    async def ask(self, text: str) -> tuple[float, str]:
        body = {
            "sender": self._sender,
            "message_id": uuid.uuid4().hex,
            "text": text,
            "metadata": {"locale": self.locale},
        }
        seconds, answer = await _timed_post(self._http, self._url, body, self._headers)
        return seconds, answer["messages"][-1]["kind"]


def bot_crowd(port: int, *, token: str) -> Crowd:
    """Return English customers of a running system's bot alone, past service and queue."""

    @asynccontextmanager
    async def opened(customers: int) -> AsyncIterator[Sequence[_BotTalk]]:
        url = f"http://127.0.0.1:{port}/webhooks/baton/webhook"
        async with open_http() as http:
            yield [_BotTalk(http, url, token) for _ in range(customers)]

    return opened


class _StockTalk:
    """A conversation over Rasa's REST channel."""

    locale = "en"

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http, self._url = http, url
        self._sender = uuid.uuid4().hex

    async def ask(self, text: str) -> tuple[float, str]:
        body = {"sender": self._sender, "message": text}
        seconds, answer = await _timed_post(self._http, self._url, body, {})
        return seconds, "said" if answer else "silent"


def stock_crowd(url: str) -> Crowd:
    """Return English customers of a stock Rasa at `url`."""

    @asynccontextmanager
    async def opened(customers: int) -> AsyncIterator[Sequence[_StockTalk]]:
        async with open_http() as http:
            yield [_StockTalk(http, f"{url}/webhooks/rest/webhook") for _ in range(customers)]

    return opened


async def _timed_post(
    http: aiohttp.ClientSession, url: str, body: dict[str, Any], headers: dict[str, str]
) -> tuple[float, Any]:
    begun = time.perf_counter()
    try:
        async with http.post(url, json=body, headers=headers) as response:
            answer = await response.json(content_type=None)
            if response.status != 200:
                raise Refused(f"http_{response.status}", str(answer), response.status)
    except TimeoutError:
        raise NotInTime("answer", TURN_DEADLINE_S) from None
    except aiohttp.ClientError as error:
        raise Refused(type(error).__name__, str(error)) from error
    return time.perf_counter() - begun, answer
