"""Asks the action server which passages may answer a customer's message."""

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import TypeAdapter, ValidationError
from yarl import URL

from handoff_service.refusals import SuggestionsAway

#: A search takes tens of milliseconds; an agent does not wait for longer than this (s).
TIMEOUT_S = 6.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the action server describes it (actions/suggesting.py)."""

    passage_id: str
    article_id: str
    title: str
    url: str
    quote: str
    blocks: list[dict[str, Any]]
    locale: str
    updated: str
    confidence: float
    heading: str = ""
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question, best first."""

    index_version: str
    passages: list[Passage]


_FOUND = TypeAdapter(Found)


class Suggestions:
    """A client of the action server's `/passages`."""

    def __init__(self, session: aiohttp.ClientSession, *, url: str, token: str) -> None:
        """`url` is any address of the action server, `token` what it expects."""
        self._session = session
        self._url = URL(url).with_path("/passages")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)

    async def find(self, question: str, *, locale: str, limit: int) -> Found:
        """Return passages for a question. Raises SuggestionsAway: whoever writes does without."""
        body = {"question": question, "locale": locale, "limit": limit}
        try:
            async with self._session.post(
                self._url, json=body, headers=self._headers, timeout=self._timeout
            ) as response:
                if response.status != 200:
                    raise SuggestionsAway(f"HTTP {response.status}")
                return _FOUND.validate_json(await response.read())
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise SuggestionsAway(f"{type(error).__name__}") from error
        except ValidationError as error:
            raise SuggestionsAway("an answer of another shape") from error
