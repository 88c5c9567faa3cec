"""Reads an article's Markdown into sections of plain-text blocks, and renders it as safe HTML.

Of raw HTML in the Markdown only the words are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from kb_index.parsing import parse, parser
from kb_index.spans import Span, SpanKind, Words, join

#: Heading levels that start a section of their own; deeper ones stay inside it.
SECTION_LEVELS = (1, 2)
_NESTED_INDENT = "   "


class BlockKind(str, Enum):
    """What a block of plain text was in the Markdown."""

    PARAGRAPH = "paragraph"  # also a quotation
    HEADING = "heading"  # a heading below the section's own
    LIST = "list"  # one line an item, "1. " or "• " in front
    TABLE = "table"  # one line a row
    CODE = "code"


#: The cells of a row, each on one line.
Row = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of plain text that reads well by itself.

    `spans` says what in `text` is a link, code, emphasis or a picture. A table has its `rows` as
    well, the header first; `text` has a line for each of the others (for the header if there are
    none).
    """

    kind: BlockKind
    text: str
    whole: bool = True  # False: some lines of a list, table or code too long to stay together
    spans: tuple[Span, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def words(self) -> Words:
        """The text with its spans."""
        return Words(self.text, self.spans)

    def part(self, start: int, end: int) -> Block:
        """Return characters `start` up to `end` as a block; whole lines, if it is a table.

        A part of a paragraph is a paragraph; a part of anything else is not `whole`.
        """
        words = self.words.cut(start, end).strip()
        rows = self.rows
        if len(rows) > 1:
            first = self.text.count("\n", 0, start)
            rows = (rows[0], *rows[1:][first : first + words.text.count("\n") + 1])
        whole = self.whole and self.kind is BlockKind.PARAGRAPH
        return Block(self.kind, words.text, whole, words.spans, rows)


def parse_block(raw: Mapping[str, Any]) -> Block:
    """Read what `dataclasses.asdict` made of a block.

    Raises:
        KeyError, TypeError, ValueError: it is something else.
    """
    rows = tuple(
        tuple(Words(cell["text"], _parse_spans(cell["spans"])) for cell in row)
        for row in raw["rows"]
    )
    spans = _parse_spans(raw["spans"])
    return Block(BlockKind(raw["kind"]), raw["text"], raw["whole"], spans, rows)


def _parse_spans(raw: Sequence[Mapping[str, Any]]) -> tuple[Span, ...]:
    return tuple(
        Span(one["start"], one["end"], SpanKind(one["kind"]), one["target"]) for one in raw
    )


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; the opening has an empty heading and anchor."""

    heading: str
    anchor: str
    blocks: tuple[Block, ...]


LinkResolver = Callable[[str], str | None]


def read_sections(text: str) -> list[Section]:
    """Split Markdown into its sections, in order; sections without a word are left out."""
    sections: list[Section] = []
    heading, blocks, anchors = "", list[Block](), _Anchors()
    anchor = ""
    for node in SyntaxTreeNode(parse(text)).children:
        if node.type == "heading" and int(node.tag[1:]) in SECTION_LEVELS:
            _add_section(sections, heading=heading, anchor=anchor, blocks=blocks)
            heading, blocks = _one_line(node).text, []
            anchor = anchors.make(heading)
        else:
            blocks.extend(_read_block(node))
    _add_section(sections, heading=heading, anchor=anchor, blocks=blocks)
    return sections


def find_links(text: str) -> list[str]:
    """Return the targets of all links and images, in order."""
    return [
        str(token.attrs.get("href") or token.attrs.get("src") or "")
        for parent in parse(text)
        for token in parent.children or ()
        if token.type in ("link_open", "image")
    ]


def render_html(text: str, *, resolve: LinkResolver) -> str:
    """Render Markdown as HTML; section headings get the anchors of `read_sections` as ids.

    `resolve` turns each link target into the address to write, or None to leave only the words.
    """
    tokens = parse(text)
    anchors = _Anchors()
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and int(token.tag[1:]) in SECTION_LEVELS:
            inline = SyntaxTreeNode(tokens[position : position + 3]).children[0]
            token.attrSet("id", anchors.make(_one_line(inline).text))
        _resolve_links(token.children or (), resolve)
    writer = parser()
    return str(writer.renderer.render(tokens, writer.options, {}))


def _resolve_links(tokens: Sequence[Token], resolve: LinkResolver) -> None:
    lost = False
    for token in tokens:
        if token.type == "link_open":
            target = resolve(str(token.attrs.get("href", "")))
            lost = target is None
            if target is None:
                token.tag, token.attrs = "span", {}
            else:
                token.attrSet("href", target)
            if target is not None and target.startswith(("http:", "https:")):
                token.attrSet("rel", "noopener noreferrer")
        elif token.type == "link_close" and lost:
            token.tag, lost = "span", False
        elif token.type == "image" and not _is_reachable(str(token.attrs.get("src", ""))):
            token.type, token.content = "text", _inline(SyntaxTreeNode([token])).text


def _is_reachable(picture: str) -> bool:
    """Tell whether a picture is on the web or in the address itself; we serve none."""
    return picture.startswith(("https:", "http:", "data:"))


class _Anchors:
    """Makes an anchor for each heading, unique in its article."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def make(self, heading: str) -> str:
        folded = unicodedata.normalize("NFKC", heading).lower()
        slug = re.sub(r"[^\w]+", "-", folded).strip("-") or "section"
        count = self._seen.get(slug, 0) + 1
        self._seen[slug] = count
        return slug if count == 1 else f"{slug}-{count}"


def _add_section(
    sections: list[Section], *, heading: str, anchor: str, blocks: list[Block]
) -> None:
    kept = tuple(block for block in blocks if block.text.strip())
    if kept or heading:
        sections.append(Section(heading, anchor, kept))


def _read_block(node: SyntaxTreeNode) -> Iterator[Block]:
    if node.type == "heading":
        yield _block(BlockKind.HEADING, _one_line(node))
    elif node.type in ("bullet_list", "ordered_list"):
        yield _block(BlockKind.LIST, join(_list_lines(node), "\n"))
    elif node.type == "table":
        rows = tuple(_table_rows(node))
        yield _block(BlockKind.TABLE, join(_table_lines(rows), "\n"), rows)
    elif node.type in ("fence", "code_block"):
        yield Block(BlockKind.CODE, node.content.rstrip("\n"))
    elif node.type == "blockquote":
        for child in node.children:
            yield from _read_block(child)
    elif node.type != "hr":
        yield _block(BlockKind.PARAGRAPH, _inline(node).strip())


def _block(kind: BlockKind, words: Words, rows: tuple[Row, ...] = ()) -> Block:
    return Block(kind, words.text, spans=words.spans, rows=rows)


def _list_lines(node: SyntaxTreeNode) -> Iterator[Words]:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    for number, item in enumerate(node.children):
        mark = "• " if first is None else f"{first + number}. "
        lines = [
            line
            for child in item.children
            for block in _read_block(child)
            for line in _item_words(block).lines()
        ]
        yield join([Words(mark), *lines[:1]])
        yield from (join([Words(_NESTED_INDENT), line]) for line in lines[1:])


def _item_words(block: Block) -> Words:
    if block.kind is not BlockKind.CODE:
        return block.words
    return join((line.marked(SpanKind.CODE) for line in block.words.lines()), "\n")


def _table_rows(node: SyntaxTreeNode) -> Iterator[Row]:
    for part in node.children:
        for row in part.children:
            yield tuple(_one_line(cell) for cell in row.children)


def _table_lines(rows: Sequence[Row]) -> Iterator[Words]:
    """Write each row as "first cell: header value, header value"; readable without columns."""
    header, *body = rows
    if not body:
        yield join((cell for cell in header if cell.text), ", ")
    for row in body:
        named = [
            join([name, value], " ") if name.text else value
            for name, value in zip(header[1:], row[1:], strict=False)
            if value.text
        ]
        yield join([row[0], join(named, ", ")], ": ") if named else row[0]


def _one_line(node: SyntaxTreeNode) -> Words:
    words = _inline(node).strip()
    return Words(words.text.replace("\n", " "), words.spans)


def _inline(node: SyntaxTreeNode) -> Words:
    """Return the words of a node without any markup; a picture becomes its description."""
    if node.type in ("softbreak", "hardbreak"):
        return Words("\n" if node.type == "hardbreak" else " ")
    if node.type in ("text", "text_special"):
        return Words(node.content)
    if node.type == "code_inline":
        return Words(node.content).marked(SpanKind.CODE)
    words = join(map(_inline, node.children))
    if node.type == "image":
        described = words.text.strip()
        shown = Words(f"[{described}]" if described else "")
        return shown.marked(SpanKind.IMAGE, str(node.attrs.get("src", "")))
    if node.type == "link":
        return words.marked(SpanKind.LINK, str(node.attrs.get("href", "")))
    return words.marked(SpanKind.STRONG) if node.type == "strong" else words
