"""Reads sitemaps: which pages a website names itself, and when they were changed."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass

from bs4 import BeautifulSoup

from kb_index.errors import SourceUnreadable
from kb_index.sources.dates import day_of
from kb_index.sources.fetching import Fetcher
from kb_index.sources.page import Unusable

#: The most that the sitemap protocol allows in one file, unpacked.
_MOST_BYTES = 52_428_800
_MOST_SITEMAPS = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that a sitemap names; `updated` is YYYY-MM-DD or ""."""

    url: str
    updated: str


async def read_sitemap(
    fetcher: Fetcher, *, url: str, source: str, allowed: Callable[[str], bool]
) -> list[Listed]:
    """Return the pages that a sitemap, or the sitemaps of an index, name, in order.

    Raises:
        SourceUnreadable: one of them cannot be fetched or is no sitemap.
    """
    waiting, pages, seen = [url], dict[str, Listed](), {url}
    while waiting:
        at = waiting.pop(0)
        try:
            fetched = await fetcher.get(at, most_bytes=_MOST_BYTES, allowed=allowed)
            soup = _parse(fetched.answer.data)
        except Unusable as error:
            raise SourceUnreadable(source, f"sitemap {at}: {error}") from error
        for entry in soup.find_all("sitemap"):
            nested = _text(entry.find("loc"))
            if nested and nested not in seen:
                seen.add(nested)
                waiting.append(nested)
        if len(seen) > _MOST_SITEMAPS:
            raise SourceUnreadable(source, f"it has more than {_MOST_SITEMAPS} sitemaps")
        for entry in soup.find_all("url"):
            page = Listed(_text(entry.find("loc")), day_of(_text(entry.find("lastmod"))))
            if page.url:
                pages.setdefault(page.url, page)
    return list(pages.values())


def _parse(data: bytes) -> BeautifulSoup:
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(_MOST_BYTES + 1)
        except (OSError, EOFError) as error:
            raise Unusable("it is damaged") from error
    if len(data) > _MOST_BYTES:
        raise Unusable(f"it unpacks to more than {_MOST_BYTES:,} bytes")
    if b"<!DOCTYPE" in data[:2_000] or b"<!ENTITY" in data[:2_000]:
        raise Unusable("it defines XML entities, or is an HTML page; name the sitemap.xml itself")
    soup = BeautifulSoup(data, "xml")
    if soup.find(["urlset", "sitemapindex"]) is None:
        raise Unusable("it is no sitemap; name a sitemap.xml, or use kind crawl")
    return soup


def _text(tag: object) -> str:
    return str(tag.get_text()).strip() if hasattr(tag, "get_text") else ""
