"""Asks a website's robots.txt what may be read and how fast."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin

from protego import Protego

from kb_index.errors import SourceUnreadable
from kb_index.sources.fetching import ROBOT, Elsewhere, Fetcher, NoAnswer
from kb_index.sources.page import Unusable

#: What is read of it at least, by RFC 9309 section 2.5; a larger one is refused.
_MOST_BYTES = 512_000
#: A site that wants longer pauses between two pages does not want to be read.
_LONGEST_DELAY = 60


async def read_robots(fetcher: Fetcher, *, url: str, source: str) -> Callable[[str], bool]:
    """Read the robots.txt of a site, slow `fetcher` down as it asks; return what tells may-I-read.

    A site without one may be read. One that fails to answer may not (RFC 9309 section 2.3.1).

    Raises:
        SourceUnreadable: robots.txt cannot be read, or forbids the start itself.
    """
    try:
        fetched = await fetcher.get(urljoin(url, "/robots.txt"), most_bytes=_MOST_BYTES)
        text = fetched.answer.data.decode("utf-8", "replace")
    except NoAnswer as error:
        raise SourceUnreadable(source, f"its robots.txt: {error}; try again later") from error
    except Elsewhere as error:
        raise SourceUnreadable(source, f"its robots.txt: {error}") from error
    except Unusable:
        text = ""  # there is none
    rules = Protego.parse(text)
    delay = float(rules.crawl_delay(ROBOT) or 0)
    if delay > _LONGEST_DELAY:
        raise SourceUnreadable(source, f"its robots.txt asks for {delay:g} s between two pages")
    fetcher.delay_s = max(fetcher.delay_s, delay)
    if not rules.can_fetch(url, ROBOT):
        raise SourceUnreadable(source, f"its robots.txt forbids {url} to {ROBOT}")
    return lambda address: bool(rules.can_fetch(address, ROBOT))
