"""Reads data/kb/sources.yml: which sources there are besides the folder of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from kb_index.errors import SourcesBroken
from kb_index.locales import LOCALES
from kb_index.sources.page import HtmlWishes

#: The file's name, in the folder of the articles.
SOURCES_FILE = "sources.yml"
#: PyYAML's loader of plain text, as for front matter: no value is taken for something else.
_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Kind(str, Enum):
    """What a source is."""

    FILES = "files"  # a file, or a folder with everything under it
    JSONL = "jsonl"  # a file with one article a line
    SITEMAP = "sitemap"  # the pages that a sitemap.xml names
    CRAWL = "crawl"  # a page of a website and those that it links to

    @property
    def on_the_web(self) -> bool:
        """Tell whether it is read from a website."""
        return self in (Kind.SITEMAP, Kind.CRAWL)


#: What files and pages may be.
FORMATS = ("html", "pdf", "docx", "md")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a crawl goes."""

    max_pages: int = 500
    max_depth: int = 5  # links between the start and a page; 0: only the start itself
    max_page_kb: int = 5_000
    delay_s: float = 0.25  # between two requests; a longer Crawl-delay of robots.txt counts
    timeout_s: float = 30  # for one answer, to its end
    refresh_hours: float = 24  # what was fetched is asked for again after so long


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from, and how they are read; `at` is a path or a URL."""

    name: str
    kind: Kind
    at: str
    locale: str = ""  # "": each page's own
    formats: tuple[str, ...] = ()
    include: tuple[str, ...] = ()  # patterns of paths; empty: all
    exclude: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    base_url: str = ""  # the address under which a folder's files are published
    within: str = ""  # a crawl stays under this path; "": the folder of its start
    queries: tuple[str, ...] = ()  # parameters of addresses that tell pages apart
    wishes: HtmlWishes = field(default_factory=HtmlWishes)
    limits: Limits = field(default_factory=Limits)


def read_sources(articles_dir: Path) -> list[Source]:
    """Read the sources that `sources.yml` in the folder of articles names; none without that file.

    Relative paths in it start from its folder.

    Raises:
        SourcesBroken: names every entry that cannot be used, and why.
    """
    path = articles_dir / SOURCES_FILE
    if not path.is_file():
        return []
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - text only
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" in line {line + 1}"
        raise SourcesBroken(
            [f"{path}: not YAML{where}; quote values that contain a colon"]
        ) from error
    entries = found.get("sources") if isinstance(found, dict) else None
    if found in (None, "") or entries in ("", []):
        return []
    if not isinstance(entries, list):
        raise SourcesBroken([f"{path}: no list under `sources:`; see docs/sources.md"])
    sources, reasons = list[Source](), list[str]()
    for number, entry in enumerate(entries, start=1):
        where = f"{path}, source {number}"
        fields = entry if isinstance(entry, dict) else {}
        wrong = list(_check(fields))
        if not wrong:
            source = _make(fields, folder=articles_dir)
            if source.name in {one.name for one in sources}:
                wrong = [f"the name {source.name!r} was used before; give each its own `name`"]
            else:
                sources.append(source)
        reasons += [f"{where}: {reason}" for reason in wrong]
    if reasons:
        raise SourcesBroken(reasons)
    return sources


def source_of(argument: str, *, locale: str = "") -> Source:
    """Make a source of a path or URL named on the command line, its kind told by its name.

    Raises:
        SourcesBroken: the locale is unknown.
    """
    fields = {"url" if "://" in argument else "path": argument, "locale": locale}
    wrong = list(_check(fields))
    if wrong:
        raise SourcesBroken([f"{argument}: {reason}" for reason in wrong])
    return _make(fields, folder=Path())


_TEXTS = ("name", "kind", "path", "url", "locale", "base_url", "within", "content", "title")
_LISTS = ("formats", "include", "exclude", "tags", "queries", "remove")
_NUMBERS = ("max_pages", "max_depth", "max_page_kb", "delay_s", "timeout_s", "refresh_hours")


def _check(fields: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with an entry."""
    for name in fields:
        if name not in (*_TEXTS, *_LISTS, *_NUMBERS):
            yield f"unknown setting {name!r}; see docs/sources.md"
    yield from _check_place(fields)
    if fields.get("locale") and fields["locale"] not in LOCALES:
        yield f"unknown locale {fields['locale']!r}; use one of {', '.join(LOCALES)}"
    yield from _check_lists(fields)
    for name in _NUMBERS:
        if name in fields and not re.fullmatch(r"\d{1,7}(\.\d+)?", str(fields[name])):
            yield f"{name} {fields[name]!r} is no number"


def _check_lists(fields: dict[str, Any]) -> Iterator[str]:
    for name in _LISTS:
        if not isinstance(fields.get(name) or [], list):
            yield f"{name} is no list; write [one, two]"
    for one in _texts(fields.get("formats")):
        if one not in FORMATS:
            yield f"unknown format {one!r}; use some of {', '.join(FORMATS)}"
    for selector in (fields.get("content"), fields.get("title"), *_texts(fields.get("remove"))):
        if selector and not _is_selector(str(selector)):
            yield f"{selector!r} is no CSS selector"


def _check_place(fields: dict[str, Any]) -> Iterator[str]:
    url = str(fields.get("url") or "")
    if bool(fields.get("path")) == bool(url):
        yield "name either a `path` or a `url`"
    for name in ("url", "base_url"):
        if fields.get(name) and not _is_web_address(str(fields[name])):
            yield f"{name} {fields[name]!r} is no address; begin it with https:// or http://"
    kind = fields.get("kind") or _guess_kind(str(fields.get("path") or ""), url).value
    if kind not in tuple(Kind):
        yield f"unknown kind {kind!r}; use one of {', '.join(Kind)}"
    elif Kind(kind).on_the_web != bool(url):
        yield f"kind {kind} needs a `{'url' if Kind(kind).on_the_web else 'path'}`"


def _make(fields: dict[str, Any], *, folder: Path) -> Source:
    """Make a source of an entry that `_check` found nothing wrong with."""
    path, url = str(fields.get("path") or ""), str(fields.get("url") or "")
    kind = Kind(fields.get("kind") or _guess_kind(path, url))
    numbers = {name: float(fields[name]) for name in _NUMBERS if name in fields}
    whole = {name: int(value) for name, value in numbers.items() if name.startswith("max_")}
    base_url = str(fields.get("base_url") or "")
    return Source(
        name=str(fields.get("name") or url or path),
        kind=kind,
        at=url or str(folder / path),
        locale=str(fields.get("locale") or ""),
        formats=_texts(fields.get("formats")) or (("html",) if kind.on_the_web else FORMATS),
        include=_texts(fields.get("include")),
        exclude=_texts(fields.get("exclude")),
        tags=_texts(fields.get("tags")),
        base_url=base_url.rstrip("/") + "/" if base_url else "",
        within=str(fields.get("within") or ""),
        queries=_texts(fields.get("queries")),
        wishes=HtmlWishes(
            content=str(fields.get("content") or ""),
            title=str(fields.get("title") or ""),
            remove=_texts(fields.get("remove")),
        ),
        limits=Limits(**{**numbers, **whole}),  # type: ignore[arg-type]  # max_* are whole numbers
    )


def _guess_kind(path: str, url: str) -> Kind:
    if url:
        return Kind.SITEMAP if re.search(r"\.xml(\.gz)?$", urlsplit(url).path) else Kind.CRAWL
    return Kind.JSONL if path.endswith((".jsonl", ".ndjson")) else Kind.FILES


def _is_selector(text: str) -> bool:
    import soupsieve  # only where a source has selectors

    try:
        soupsieve.compile(text)
    except soupsieve.SelectorSyntaxError:
        return False
    return True


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
