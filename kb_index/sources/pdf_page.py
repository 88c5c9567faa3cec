"""Makes an article of a PDF: tells headings, lists and paragraphs by their looks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from statistics import median

from kb_index.sources.dates import day_of_pdf
from kb_index.sources.html_main import level_headings
from kb_index.sources.html_page import check_size
from kb_index.sources.page import Page, Raw, Unusable
from kb_index.sources.pdf_lines import Grid, Line, read_pdf_text
from kb_index.sources.soup import parse_html
from kb_index.sources.to_markdown import to_markdown

#: A line this much larger than the text is a heading.
_LARGER = 1.12
_LONGEST_HEADING = 120
_BULLET = re.compile(r"[•‣▪●◦○■□–—*·-]\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3})[.)．、]\s*(?=\S)")
#: Scripts that are written without spaces between words.
_NO_SPACES = re.compile(r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60]")
_NO_TITLE = re.compile(
    r"(microsoft (word|powerpoint) - |untitled|about:blank|document\d*$)|\.(docx?|html?|indd|pdf)$",
    re.IGNORECASE,
)


def read_pdf(raw: Raw) -> Page:
    """Read a PDF that holds text.

    Raises:
        Unusable: it is encrypted, damaged, far too long, or has no text (a scan).
    """
    found = read_pdf_text(raw.data)
    lines = [one for one in found.content if isinstance(one, Line)]
    if not lines:
        raise Unusable("it has no text, only pictures of it; run text recognition (OCR) first")
    html = "\n".join(_write(found.content, lines))
    soup = parse_html(html)
    main = soup.body or soup
    heading = soup.find("h1")
    shown = heading.get_text(" ", strip=True) if heading else ""
    title = shown if not found.title or _NO_TITLE.search(found.title) else found.title
    if heading is not None and shown == title:
        heading.decompose()
    check_size(main)
    level_headings(main)
    return Page(
        title=title or raw.address.rpartition("/")[2].rpartition(".")[0],
        body=to_markdown(main),
        updated=day_of_pdf(found.modified),
    )


def _write(content: Sequence[Line | Grid], lines: Sequence[Line]) -> Iterator[str]:
    """Write the lines as HTML, block by block."""
    letters = Counter[float]()
    for line in lines:
        letters[line.size] += len(line.text)
    body = letters.most_common(1)[0][0]
    sizes = sorted({one.size for one in lines if one.size >= body * _LARGER}, reverse=True)
    level = {size: min(4, place) for place, size in enumerate(sizes, start=1)}
    held, kind, pitch, edges = list[Line](), "", _pitch(lines), _edges(lines)
    for one in content:
        now = _kind(one, level) if isinstance(one, Line) else "table"
        last = held[-1] if held else None
        if (
            isinstance(one, Line)
            and last
            and _goes_on(last, one, pitch=pitch, full=edges[_column(last)])
        ):
            follows = now == "p" and kind == "item" and one.left > held[0].left + 1
            if follows or (now == kind and now != "item"):
                held.append(one)
                continue
        if held:
            yield _write_held(held, kind)
        held, kind = ([one], now) if isinstance(one, Line) else ([], "")
        if isinstance(one, Grid):
            yield _write_table(one)
    if held:
        yield _write_held(held, kind)


def _goes_on(last: Line, line: Line, *, pitch: float, full: float) -> bool:
    """Tell whether a line stands close enough under another to be of the same block.

    A line that ends well before the others do ends its paragraph.
    """
    gap = line.top - last.bottom
    first_word = (line.right - line.left) * len(line.text.split()[0]) / len(line.text)
    room = full - last.right
    ended = room > max(first_word, 0.2 * (full - last.left)) and not last.text.endswith("-")
    return last.page == line.page and -0.5 < gap / line.size < pitch + 0.3 and not ended


def _column(line: Line) -> tuple[int, int]:
    return line.page, round(line.left / 50)


def _edges(lines: Sequence[Line]) -> dict[tuple[int, int], float]:
    """Return how far right the lines reach that begin at about the same place of a page."""
    edges = dict[tuple[int, int], float]()
    for line in lines:
        page, left = _column(line)
        for place in ((page, left - 1), (page, left), (page, left + 1)):
            edges[place] = max(edges.get(place, 0), line.right)
    return edges


def _pitch(lines: Sequence[Line]) -> float:
    """Return the usual gap between the lines of a paragraph, in units of their size."""
    gaps = [
        (below.top - line.bottom) / line.size
        for line, below in pairwise(lines)
        if line.page == below.page and line.size == below.size and abs(line.left - below.left) < 2
    ]
    close = [gap for gap in gaps if -0.5 < gap < 1.2]
    return min(0.8, median(close)) if close else 0.4


def _kind(line: Line, level: dict[float, int]) -> str:
    short = len(line.text) <= _LONGEST_HEADING
    if line.size in level and short:
        return f"h{level[line.size]}"
    if line.bold and short and line.text[-1] not in ".。,，;；:：":
        return f"h{min(6, max(level.values(), default=0) + 1)}"
    return "item" if _BULLET.match(line.text) or _NUMBER.match(line.text) else "p"


def _write_held(lines: Sequence[Line], kind: str) -> str:
    text = _join(lines)
    if kind != "item":
        return f"<{kind}>{escape(text)}</{kind}>"
    number = _NUMBER.match(text)
    if number:
        return f'<ol start="{number[1]}"><li>{escape(text[number.end() :])}</li></ol>'
    bullet = _BULLET.match(text)
    return f"<ul><li>{escape(text[bullet.end() :] if bullet else text)}</li></ul>"


def _join(lines: Sequence[Line]) -> str:
    """Join the lines of a paragraph; a word cut by a hyphen is made whole again."""
    text = ""
    for line in lines:
        if re.search(r"[^\W\d_]-$", text) and line.text[:1].islower():
            text = text[:-1] + line.text
        elif text and _NO_SPACES.match(text[-1]) and _NO_SPACES.match(line.text[:1]):
            text += line.text
        else:
            text = f"{text} {line.text}".strip()
    return text


def _write_table(grid: Grid) -> str:
    rows = [
        "".join(f"<{cell}>{escape(text)}</{cell}>" for text in row)
        for cell, row in zip(["th", *["td"] * len(grid.rows)], grid.rows, strict=False)
    ]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
