"""Reads all sources and makes articles of what they hold."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from kb_index.articles import MAX_BYTES, Article
from kb_index.errors import SourceUnreadable
from kb_index.invisible import strip_invisible
from kb_index.locales import LOCALES
from kb_index.sources.addresses import page_key
from kb_index.sources.convert import convert_once
from kb_index.sources.files import find_files
from kb_index.sources.html_page import OnlyLinks
from kb_index.sources.ids import assign_ids
from kb_index.sources.jsonl_page import split_lines
from kb_index.sources.kept import Kept
from kb_index.sources.languages import decide_locale
from kb_index.sources.linking import Linking
from kb_index.sources.page import Draft, Page, Raw, Refused, Unusable
from kb_index.sources.results import Reading, SourceReading
from kb_index.sources.settings import Source
from kb_index.sources.to_markdown import resolve_links
from kb_index.sources.web import read_website

#: Told after each file or page: the source's name, how many are read, how many known to be left.
Progress = Callable[[str, int, int], None]
_LONGEST_TITLE = 300
#: What no build has used for so long is no longer kept.
_KEEP_DAYS = 90


def silent(name: str, done: int, left: int) -> None:
    """Show no progress."""


def read_all(
    sources: Sequence[Source],
    *,
    published: Sequence[Article],
    cache_dir: Path,
    now_ms: int,
    skip_unreadable: bool = False,
    progress: Progress = silent,
) -> Reading:
    """Read every source. `published` are the articles there are already; their ids stay theirs.

    `cache_dir` keeps what was fetched and converted. Files and pages that cannot be used are left
    out and named; so are, with `skip_unreadable`, sources that give nothing at all.

    Raises:
        SourceUnreadable: a source gives nothing at all; its articles would be dropped unnoticed.
    """
    drafts, readings = list[Draft](), list[SourceReading]()
    seen = {page_key(article.url) for article in published if article.url}
    for source in sources:
        collector = _Collector(source, cache_dir=cache_dir, seen=seen, progress=progress)
        try:
            collector.collect(now_ms=now_ms)
        except SourceUnreadable as error:
            if not skip_unreadable:
                raise
            collector.reading.refused.append(Refused(source.name, error.reason))
        drafts += collector.drafts
        readings.append(collector.reading)
    ids = assign_ids(drafts, taken={article.key for article in published})
    linking = Linking(drafts, ids, published=published)
    articles = list[Article]()
    by_name = {reading.source.name: reading for reading in readings}
    for draft, article_id in zip(drafts, ids, strict=True):
        reading = by_name[draft.source]
        try:
            article = _make_article(draft, article_id, linking, tags=reading.source.tags)
        except Unusable as error:
            reading.refused.append(Refused(draft.origin, str(error)))
        else:
            articles.append(article)
            reading.articles.append(article.key)
    for reading in () if skip_unreadable else readings:
        _require_some(reading)
    _prune(cache_dir)
    return Reading(tuple(articles), tuple(readings))


class _Collector:
    """Turns the files or pages of one source into drafts."""

    def __init__(
        self, source: Source, *, cache_dir: Path, seen: set[str], progress: Progress
    ) -> None:
        self.reading = SourceReading(source)
        self.drafts: list[Draft] = []
        self._source = source
        self._cache_dir = cache_dir
        self._kept = Kept(cache_dir / "converted")
        self._seen = seen  # addresses that an article of this or another source has
        self._progress = progress

    def collect(self, *, now_ms: int) -> None:
        """Read the source.

        Raises:
            SourceUnreadable: it cannot be read at all.
        """
        if self._source.kind.on_the_web:
            found = asyncio.run(
                read_website(
                    self._source,
                    self._cache_dir,
                    now_ms=now_ms,
                    take=self.take,
                    progress=lambda done, left, _: self._progress(self._source.name, done, left),
                )
            )
            self.reading.refused += found.refused
            self.reading.notes += found.notes
            self.reading.passed_over += found.passed_over
            self.reading.requests = found.fetched
            return
        for done, raw in enumerate(find_files(self._source), start=1):
            if isinstance(raw, Refused):
                self.reading.refused.append(raw)
            else:
                self.take(raw)
            self._progress(self._source.name, done, 0)

    def take(self, raw: Raw) -> None:
        """Make a draft of a file or page, of JSON Lines one of each line."""
        if raw.form == "jsonl":
            for origin, line in self._lines(raw):
                one = replace(raw, origin=origin, data=line.encode(), form="json")
                self._keep(origin, partial(self._draft_line, one))
        else:
            self._keep(raw.origin, partial(self._draft_page, raw))

    def _keep(self, origin: str, make: Callable[[], Draft]) -> None:
        try:
            draft = make()
        except OnlyLinks:
            self.reading.passed_over += 1
            return
        except Unusable as error:
            self.reading.refused.append(Refused(origin, str(error)))
            return
        if draft.url and page_key(draft.url) in self._seen:
            self.reading.passed_over += 1
            return
        self._seen.update(page_key(one) for one in (draft.url, *draft.aliases) if one)
        self.drafts.append(draft)

    def _lines(self, raw: Raw) -> Iterator[tuple[str, str]]:
        try:
            for number, line in split_lines(raw):
                yield f"{raw.origin}, line {number}", line
        except Unusable as error:
            self.reading.refused.append(Refused(raw.origin, str(error)))

    def _draft_page(self, raw: Raw) -> Draft:
        page = convert_once(raw, wishes=self._source.wishes, kept=self._kept)
        return Draft(
            origin=raw.origin,
            source=self._source.name,
            address=raw.address,
            url=raw.url,
            locale=self._locale(page, folder=raw.folder_locale, deliberate=raw.form == "md"),
            updated=page.updated or raw.modified,
            page=page,
            aliases=raw.aliases,
        )

    def _draft_line(self, raw: Raw) -> Draft:
        page = convert_once(raw, wishes=self._source.wishes, kept=self._kept)
        return Draft(
            origin=raw.origin,
            source=self._source.name,
            address=page.id or page_key(page.url).partition("/")[2] or page.title,
            url=page.url,
            locale=self._locale(page, folder=raw.folder_locale, deliberate=True),
            updated=page.updated,
            page=page,
        )

    def _locale(self, page: Page, *, folder: str, deliberate: bool) -> str:
        """Return the locale; `deliberate`: someone stated the page's language for it alone."""
        if self._source.locale:
            return self._source.locale
        if deliberate and page.lang in LOCALES:
            return page.lang
        words = resolve_links(page.body, resolve=lambda _: None)
        return folder or decide_locale(f"{page.title}\n{words}", lang=page.lang)


def _make_article(
    draft: Draft, article_id: str, linking: Linking, *, tags: Sequence[str]
) -> Article:
    body = resolve_links(draft.page.body, resolve=linking.resolver(draft, article_id=article_id))
    if not body.strip():
        raise Unusable("it has no text")
    if len(body.encode()) > MAX_BYTES * 4:  # bytes: four for the rarest of characters
        raise Unusable(f"its text is longer than {MAX_BYTES:,} characters; split it")
    return Article(
        id=article_id,
        locale=draft.locale,
        title=strip_invisible(draft.page.title)[:_LONGEST_TITLE],
        updated=draft.updated,
        tags=(*tags, *draft.page.tags),
        body=body,
        answers=draft.page.answers,
        url=draft.url,
    )


def _require_some(reading: SourceReading) -> None:
    if reading.articles:
        return
    first = f"; the first: {reading.refused[0]}" if reading.refused else ""
    raise SourceUnreadable(
        reading.source.name,
        f"no article in it ({len(reading.refused)} left out, "
        f"{reading.passed_over} passed over{first})",
    )


def _prune(cache_dir: Path) -> None:
    oldest = time.time() - _KEEP_DAYS * 86_400
    for path in cache_dir.rglob("*"):
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
