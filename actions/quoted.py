"""Quoted blocks in the shape that replies carry, for pages to draw lists, tables and links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from kb_index.markdown import Block, BlockKind
from kb_index.spans import SpanKind, Words, join

#: Returns the address to write for a link's target, None to leave only its words.
Resolve = Callable[[str], str | None]
Json = dict[str, Any]

_MARK = re.compile(r"(?:(?P<number>\d{1,9})\.|•) ")
_INDENT = "   "
_FLAGS = {SpanKind.CODE: "code", SpanKind.STRONG: "strong", SpanKind.IMAGE: "image"}


def describe(blocks: Iterable[Block], *, resolve: Resolve) -> list[Json]:
    """Return each block as {"kind", …}; see docs/protocol.md, "Quoted blocks"."""
    return [shape for block in blocks for shape in _describe(block, resolve)]


def _describe(block: Block, resolve: Resolve) -> list[Json]:
    if block.kind is BlockKind.CODE:
        return [{"kind": "code", "text": block.text}]
    if block.kind is BlockKind.LIST:
        return _list_blocks([*block.words.lines()], resolve)
    if block.kind is BlockKind.TABLE and block.rows:
        header, *rows = ([_runs(cell, resolve) for cell in row] for row in block.rows)
        more = {} if block.whole else {"more": True}
        return [{"kind": "table", "header": header, "rows": rows, **more}]
    kind = BlockKind.PARAGRAPH if block.kind is BlockKind.TABLE else block.kind
    return [{"kind": kind.value, "runs": _runs(block.words, resolve)}]


def _list_blocks(lines: Sequence[Words], resolve: Resolve) -> list[Json]:
    """Read lines as lists and paragraphs; indented lines belong to the item above them."""
    blocks: list[Json] = []
    at = 0
    while at < len(lines):
        mark = _MARK.match(lines[at].text)
        end = at + 1
        if mark is None:
            while end < len(lines) and not _MARK.match(lines[end].text):
                end += 1
            blocks.append(_paragraph(join(lines[at:end], "\n"), resolve))
        else:
            while end < len(lines) and lines[end].text.startswith(_INDENT):
                end += 1
            inner = [line.cut(len(_INDENT), len(line.text)) for line in lines[at + 1 : end]]
            first = lines[at].cut(mark.end(), len(lines[at].text))
            item = [_paragraph(first, resolve), *_list_blocks(inner, resolve)]
            _add_item(blocks, item, number=mark["number"])
        at = end
    return blocks


def _add_item(blocks: list[Json], item: list[Json], *, number: str | None) -> None:
    start = None if number is None else int(number)
    last = blocks[-1] if blocks else {}
    if last.get("kind") != "list" or (last["start"] is None) != (start is None):
        blocks.append({"kind": "list", "start": start, "items": []})
    blocks[-1]["items"].append(item)


def _paragraph(words: Words, resolve: Resolve) -> Json:
    return {"kind": "paragraph", "runs": _runs(words, resolve)}


def _runs(words: Words, resolve: Resolve) -> list[Json]:
    """Cut a text where a span begins or ends; each part says what it is."""
    edges = {0, len(words.text)}
    edges.update(edge for span in words.spans for edge in (span.start, span.end))
    cuts = sorted(edges)
    return [
        {"text": words.text[start:end], **_marks(words, start, resolve)}
        for start, end in pairwise(cuts)
    ]


def _marks(words: Words, at: int, resolve: Resolve) -> Json:
    return dict(_found_marks(words, at, resolve))


def _found_marks(words: Words, at: int, resolve: Resolve) -> Iterator[tuple[str, Any]]:
    for span in words.spans:
        if span.start <= at < span.end:
            if span.kind is not SpanKind.LINK:
                yield _FLAGS[span.kind], True
            elif href := resolve(span.target):
                yield "href", href
