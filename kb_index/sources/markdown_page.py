"""Reads a Markdown file that was written for another tool than Baton."""

from __future__ import annotations

import re
from typing import Any

import yaml
from markdown_it import MarkdownIt

from kb_index.articles import MAX_BYTES
from kb_index.sources.dates import day_of
from kb_index.sources.html_main import level_headings
from kb_index.sources.html_page import check_size, make_absolute
from kb_index.sources.page import Page, Raw, Unusable
from kb_index.sources.soup import decode, parse_html
from kb_index.sources.to_markdown import to_markdown

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_UPDATED = ("updated", "last_updated", "lastmod", "last_modified", "modified", "date")
_LANG = ("locale", "lang", "language")


def read_markdown(raw: Raw) -> Page:
    """Read a Markdown file: front matter if there is some, its first heading as title.

    Raw HTML in it is shown as text, as in Baton's own articles.

    Raises:
        Unusable: it has no title or no text, or is no text at all.
    """
    text = decode(raw.data).replace("\r\n", "\n")
    match = _FRONT_MATTER.match(text)
    fields = _read_fields(match[1]) if match else {}
    return render_page(text[match.end() :] if match else text, fields=fields, base=raw.base)


def render_page(text: str, *, fields: dict[str, Any], base: str) -> Page:
    """Make a page of Markdown and what is stated about it.

    Raises:
        Unusable: there is no title or no text.
    """
    if len(text) > 2 * MAX_BYTES:  # with its markup; more exactly below
        raise Unusable(f"its text is longer than {MAX_BYTES:,} characters; split it")
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    soup = parse_html(html)
    heading = soup.find("h1")
    title = " ".join(str(fields.get("title") or "").split())
    if heading is not None and (not title or heading.get_text(" ", strip=True) == title):
        title = title or heading.get_text(" ", strip=True)
        heading.decompose()
    if not title:
        raise Unusable("it has no title; begin it with a heading: # Title")
    main = soup.body or soup
    check_size(main)
    make_absolute(main, base=base)
    level_headings(main)
    return Page(
        title=title,
        body=to_markdown(main),
        updated=day_of(_first(fields, _UPDATED)),
        lang=_first(fields, _LANG),
        tags=_texts(fields.get("tags")),
        answers=_texts(fields.get("answers")),
    )


def _read_fields(text: str) -> dict[str, Any]:
    """Read front matter; a file of another tool is not refused for what stands there."""
    try:
        fields = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes only text
    except yaml.YAMLError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(fields[name]) for name in names if fields.get(name)), "")


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one).strip() for one in value) if isinstance(value, list) else ()
