"""Reads the pages of a website: those that its sitemap names, or those that links lead to."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kb_index.errors import SourceUnreadable
from kb_index.sources.addresses import is_wanted, page_key, same_host, tidy_url
from kb_index.sources.dates import day_of_header
from kb_index.sources.fetching import Fetched, Fetcher, open_session
from kb_index.sources.html_head import OUTLINE_RULES, Outline, read_outline
from kb_index.sources.kept import Kept
from kb_index.sources.page import Raw, Refused, Unusable
from kb_index.sources.robots import read_robots
from kb_index.sources.settings import Kind, Source
from kb_index.sources.sitemap import read_sitemap
from kb_index.sources.soup import parse_html
from kb_index.sources.web_cache import Answer, WebCache

#: Told after each page: pages read so far, pages known to be left, the page.
Progress = Callable[[int, int, str], None]
_FORM_OF_MEDIA = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/markdown": "md",
}
#: Addresses that surely lead to no page to read.
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|mjs|json|xml|rss|zip|gz|tgz|rar|7z|exe|dmg|apk|"
    r"mp[34]|webm|mov|wav|woff2?|ttf|csv|xlsx?|pptx?|txt)$",
    re.IGNORECASE,
)
#: /a/b/b/b/…: a site that links to itself relative to where it is, without end.
_TRAP = re.compile(r"(/[^/]+)\1\1")


@dataclass(slots=True)
class WebReading:
    """What is to be said of a website beside the pages that were taken."""

    refused: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    passed_over: int = 0  # not wanted by the site, or copies of others
    fetched: int = 0  # requests over the network


@dataclass(frozen=True, slots=True)
class _Waiting:
    url: str
    depth: int
    updated: str = ""


async def read_website(
    source: Source,
    cache_dir: Path,
    *,
    now_ms: int,
    take: Callable[[Raw], None],
    progress: Progress,
) -> WebReading:
    """Read the pages of a source on the web; each that is wanted is handed to `take`.

    Raises:
        SourceUnreadable: its start, its sitemap or its robots.txt cannot be read, so that nothing
            can be said of any of its pages.
    """
    async with open_session(source.limits) as session:
        fetcher = Fetcher(session, WebCache(cache_dir / "web"), limits=source.limits, now_ms=now_ms)
        start = tidy_url(source.at, queries=_queries(source.at))
        allowed = await read_robots(fetcher, url=start, source=source.name)
        walk = _Walk(
            source,
            fetcher,
            Kept(cache_dir / "outlines"),
            start=start,
            allowed=allowed,
            take=take,
            progress=progress,
        )
        if source.kind is Kind.SITEMAP:
            for listed in await read_sitemap(
                fetcher, url=start, source=source.name, allowed=allowed
            ):
                walk.add(listed.url, depth=0, updated=listed.updated, must=True)
        else:
            walk.add(start, depth=0, must=True)
        await walk.run()
    walk.reading.fetched = fetcher.requests
    return walk.reading


class _Walk:
    """One walk through a website: pages to read, pages seen, and what was found."""

    def __init__(
        self,
        source: Source,
        fetcher: Fetcher,
        kept: Kept,
        *,
        start: str,
        allowed: Callable[[str], bool],
        take: Callable[[Raw], None],
        progress: Progress,
    ) -> None:
        self.reading = WebReading()
        self._source = source
        self._fetcher = fetcher
        self._kept = kept
        self._start = start
        self._allowed = allowed
        self._take = take
        self._progress = progress
        self._within = source.within or urlsplit(start).path.rpartition("/")[0] + "/"
        self._waiting = deque[_Waiting]()
        self._seen = set[str]()

    def add(self, url: str, *, depth: int, updated: str = "", must: bool = False) -> None:
        """Put a page in the queue, unless it was there; `must`: say so if it cannot be read."""
        kept = _queries(url) if url == self._start else self._source.queries
        tidy = tidy_url(url, queries=kept)
        if not tidy or page_key(tidy) in self._seen:
            return
        path = urlsplit(tidy).path
        if not same_host(tidy, self._start):
            if must:
                self._seen.add(page_key(tidy))
                self._refuse(tidy, "on another host; name that as a source of its own")
            return
        inside = self._source.kind is Kind.SITEMAP or path.startswith(self._within)
        readable = not _NO_PAGE.search(path) and not _TRAP.search(path)
        # a crawl may come through pages that it does not take
        include = self._source.include if self._source.kind is Kind.SITEMAP else ()
        wanted = is_wanted(path, include=include, exclude=self._source.exclude)
        if not (must or inside) or not readable or not wanted:
            return
        self._seen.add(page_key(tidy))
        if self._allowed(tidy):
            self._waiting.append(_Waiting(tidy, depth, updated))
        elif must:
            self._refuse(tidy, "robots.txt forbids it")
        else:
            self.reading.passed_over += 1

    async def run(self) -> None:
        """Read all that waits, and what it links to, as far as the limits let."""
        limits, read = self._source.limits, 0
        while self._waiting:
            if read >= limits.max_pages:
                left = len(self._waiting)
                self.reading.notes.append(
                    f"{self._source.name}: stopped after {read} pages, {left} more are known; "
                    "raise max_pages, or say less with include, exclude or within"
                )
                return
            page = self._waiting.popleft()
            read += 1
            try:
                await self._read(page)
            except Unusable as error:
                if self._source.kind is Kind.CRAWL and read == 1:
                    raise SourceUnreadable(self._source.name, str(error)) from error
                self._refuse(page.url, str(error))
            self._progress(read, len(self._waiting), page.url)

    async def _read(self, page: _Waiting) -> None:
        most = self._source.limits.max_page_kb * 1_000
        fetched = await self._fetcher.get(page.url, most_bytes=most, allowed=self._allowed)
        answer = fetched.answer
        if fetched.stale:
            self.reading.notes.append(f"{page.url}: {fetched.stale}; its older copy stays")
        form = _FORM_OF_MEDIA.get(answer.media_type, "")
        if page_key(answer.url) != page_key(page.url) and page_key(answer.url) in self._seen:
            self.reading.passed_over += 1  # another link leads there
            return
        self._seen.add(page_key(answer.url))
        usable = form in self._source.formats
        if form == "html":
            usable = self._follow(page, fetched) and usable
        path = urlsplit(answer.url).path
        wanted = is_wanted(path, include=self._source.include, exclude=self._source.exclude)
        if usable and wanted:
            self._take(self._make(page, fetched, form=form))
        else:
            self.reading.passed_over += 1

    def _follow(self, page: _Waiting, fetched: Fetched) -> bool:
        """Put the links of a page in the queue; tell whether the page itself is to be taken."""
        url = fetched.answer.url
        outline = self._outline(fetched.answer)
        if self._is_copy(outline, url):
            self.add(outline.canonical, depth=page.depth, updated=page.updated)
            return False
        deeper = self._source.kind is Kind.CRAWL and page.depth < self._source.limits.max_depth
        for link in outline.links if deeper and outline.follow else ():
            self.add(link, depth=page.depth + 1)
        return outline.take

    def _outline(self, answer: Answer) -> Outline:
        def make() -> dict[str, Any]:
            soup = parse_html(answer.data, charset=answer.charset)
            return asdict(read_outline(soup, url=answer.url))

        how = f"outline {OUTLINE_RULES} {answer.charset} {answer.url}"
        return Outline(**self._kept.find_or_make(answer.data, how=how, make=make))

    def _is_copy(self, outline: Outline, url: str) -> bool:
        canonical = tidy_url(outline.canonical, queries=self._source.queries)
        return (
            bool(canonical)
            and same_host(canonical, url)
            and page_key(canonical) != page_key(tidy_url(url, queries=self._source.queries))
        )

    def _make(self, page: _Waiting, fetched: Fetched, *, form: str) -> Raw:
        answer = fetched.answer
        parts = urlsplit(answer.url)
        return Raw(
            origin=answer.url,
            address=parts.path + (f"-{parts.query}" if parts.query else ""),
            data=answer.data,
            form=form,
            base=answer.url,
            url=answer.url,
            charset=answer.charset,
            modified=page.updated or day_of_header(answer.last_modified),
            aliases=(page.url,) if page.url != answer.url else (),
        )

    def _refuse(self, url: str, reason: str) -> None:
        self.reading.refused.append(Refused(url, reason))


def _queries(url: str) -> list[str]:
    """Return the names of all parameters: those of the start belong to it."""
    return re.findall(r"[?&]([^=&#]+)", url)
