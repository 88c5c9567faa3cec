"""Reads a file of JSON Lines: one article a line, as help desks export them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

from kb_index.sources.dates import day_of
from kb_index.sources.html_page import read_html
from kb_index.sources.markdown_page import render_page
from kb_index.sources.page import HtmlWishes, Page, Raw, Unusable
from kb_index.sources.soup import decode


def split_lines(raw: Raw) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each line that is not empty.

    Raises:
        Unusable: the file is no text.
    """
    for number, line in enumerate(decode(raw.data).split("\n"), start=1):
        if line.strip():
            yield number, line


def read_line(raw: Raw) -> Page:
    """Read one line, one article.

    `title` and either `text` (Markdown, also called `body`) or `html` are needed; `id`, `url`,
    `updated`, `locale`, `tags` and `answers` may be there.

    Raises:
        Unusable: it is no JSON object or lacks one of these.
    """
    try:
        fields = json.loads(raw.data)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise Unusable('no JSON object; write {"title": …, "text": …}')
    for name in ("tags", "answers"):
        if not isinstance(fields.get(name) or [], list):
            raise Unusable(f'{name} is no list; write ["one", "two"]')
    url = _text(fields, "url")
    if url and not url.startswith(("https://", "http://")):
        raise Unusable(f"url {url!r} is no address; begin it with https:// or http://")
    page = _read_page(fields, base=url or raw.base)
    return replace(page, id=_text(fields, "id"), url=url)


def _read_page(fields: dict[str, Any], *, base: str) -> Page:
    markdown = _text(fields, "text") or _text(fields, "body")
    html = _text(fields, "html")
    title = " ".join(_text(fields, "title").split())
    if not (markdown or html):
        raise Unusable("no text; give each line a `text` (Markdown) or an `html`")
    if not html:
        known = {**fields, "title": title}
        return render_page(markdown, fields=known, base=base)
    heading = f"<h1>{escape(title)}</h1>"  # one that the text has too is seen as the title again
    raw = Raw("", "", (heading + html).encode("utf-8", "replace"), "html", base=base)
    page = read_html(raw, wishes=HtmlWishes())
    return replace(
        page,
        title=title or page.title,
        updated=day_of(_text(fields, "updated")) or page.updated,
        lang=_text(fields, "locale"),
        tags=tuple(map(str, fields.get("tags") or ())),
        answers=tuple(map(str, fields.get("answers") or ())),
    )


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return str(value) if isinstance(value, (str, int, float)) else ""
