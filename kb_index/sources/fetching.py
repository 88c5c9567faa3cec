"""Fetches pages of one website: one at a time, with pauses, within limits, never from elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import aiohttp

from kb_index.sources.addresses import LONGEST, same_host
from kb_index.sources.page import Unusable
from kb_index.sources.settings import Limits
from kb_index.sources.web_cache import Answer, WebCache

#: How Baton names itself to websites; robots.txt may speak to it as BatonBot.
ROBOT = "BatonBot"
USER_AGENT = f"{ROBOT}/1.0 (reads help pages for the site's own support bot)"
_MOST_REDIRECTS = 5
#: After so many pages in a row without an answer the site is taken to be down.
_PATIENCE = 3
#: The longest that a site may ask to wait before a request is tried once more, seconds.
_LONGEST_WAIT = 30
_BUSY = (429, 503)


class NoAnswer(Unusable):
    """The site did not answer, or only with an error of its own; it may answer later."""


class Elsewhere(Unusable):
    """The address leads to another host."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page: `answer.url` is where it was in the end, `stale` why it is an older copy."""

    answer: Answer
    stale: str = ""


class Fetcher:
    """Asks one website; keeps what it answered in `cache`.

    `delay_s` is the pause between two requests. `now_ms` is the time that answers are dated with.
    """

    def __init__(
        self, session: aiohttp.ClientSession, cache: WebCache, *, limits: Limits, now_ms: int
    ) -> None:
        self._session = session
        self._cache = cache
        self._limits = limits
        self._now_ms = now_ms
        self._next_at = 0.0
        self._unanswered = 0
        self.delay_s = limits.delay_s
        self.requests = 0  # that went over the network

    async def get(
        self, url: str, *, most_bytes: int, allowed: Callable[[str], bool] = bool
    ) -> Fetched:
        """Fetch a page, following redirects on its host; an older copy stands in when none comes.

        Raises:
            NoAnswer: the site does not answer, and there is no older copy.
            Elsewhere: it redirects to another host.
            Unusable: there is no such page, it is too large, or redirects in a circle.
        """
        stale = ""
        at = url
        for _ in range(_MOST_REDIRECTS + 1):
            answer, reason = await self._ask(at, most_bytes=most_bytes)
            stale = stale or reason
            if not answer.is_redirect:
                if answer.status != 200:
                    raise Unusable(f"the site answers {answer.status}")
                return Fetched(answer, stale)
            target = urljoin(at, answer.location).partition("#")[0][:LONGEST]
            if not same_host(url, target):
                raise Elsewhere(f"it redirects to another host ({target}); name that as a source")
            if not allowed(target):
                raise Unusable(f"it redirects to {target}, which robots.txt forbids")
            at = target
        raise Unusable("it redirects in a circle")

    async def _ask(self, url: str, *, most_bytes: int) -> tuple[Answer, str]:
        """Return the site's answer and, if it is an older copy, why."""
        kept = self._cache.find(url)
        fresh_ms = self._limits.refresh_hours * 3_600_000
        if kept is not None and self._now_ms - kept.fetched_ms < fresh_ms:
            return kept, ""
        try:
            if self._unanswered >= _PATIENCE:
                raise NoAnswer("the site has stopped answering")
            answer = await self._request(url, kept=kept, most_bytes=most_bytes)
        except NoAnswer as failure:
            self._unanswered += 1
            if kept is None:
                raise
            return kept, str(failure)
        self._unanswered = 0
        self._cache.keep(answer)
        return answer, ""

    async def _request(self, url: str, *, kept: Answer | None, most_bytes: int) -> Answer:
        headers = {}
        if kept is not None and kept.status == 200:
            if kept.etag:
                headers["If-None-Match"] = kept.etag
            if kept.last_modified:
                headers["If-Modified-Since"] = kept.last_modified
        for last_try in (False, True):
            await self._pause()
            try:
                async with self._session.get(
                    url, headers=headers, allow_redirects=False
                ) as response:
                    wait = response.headers.get("Retry-After", "")
                    if response.status in _BUSY and not last_try and _is_short(wait):
                        self._next_at = time.monotonic() + int(wait)
                        continue
                    if response.status >= 500 or response.status == 429:
                        raise NoAnswer(f"the site answers {response.status}")
                    if response.status == 304 and kept is not None:
                        return replace(kept, fetched_ms=self._now_ms)
                    return await self._read(response, url=url, most_bytes=most_bytes)
            except TimeoutError as error:
                raise NoAnswer(f"no answer within {self._limits.timeout_s:g} s") from error
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise NoAnswer(f"no connection ({type(error).__name__})") from error
        raise NoAnswer("the site is busy")

    async def _read(self, response: aiohttp.ClientResponse, *, url: str, most_bytes: int) -> Answer:
        data = bytearray()
        if response.status == 200:
            async for piece in response.content.iter_chunked(65_536):
                data += piece
                if len(data) > most_bytes:
                    raise Unusable(f"larger than {most_bytes:,} bytes; raise max_page_kb")
        return Answer(
            url=url,
            status=response.status,
            media_type=response.content_type,
            charset=response.charset or "",
            location=response.headers.get("Location", ""),
            etag=response.headers.get("ETag", ""),
            last_modified=response.headers.get("Last-Modified", ""),
            fetched_ms=self._now_ms,
            data=bytes(data),
        )

    async def _pause(self) -> None:
        """Wait until the next request may go out."""
        self.requests += 1
        await asyncio.sleep(max(0.0, self._next_at - time.monotonic()))
        self._next_at = time.monotonic() + self.delay_s


def open_session(limits: Limits) -> aiohttp.ClientSession:
    """Open a session that names Baton, keeps no cookies and waits no longer than the limits say."""
    return aiohttp.ClientSession(
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"},
        timeout=aiohttp.ClientTimeout(total=limits.timeout_s),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def _is_short(wait: str) -> bool:
    return wait.isdecimal() and int(wait) <= _LONGEST_WAIT
