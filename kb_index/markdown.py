"""Reads an article's Markdown into sections of plain-text blocks, and renders it as safe HTML.

Raw HTML in the Markdown is shown as text, never passed on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

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


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of plain text that reads well by itself."""

    kind: BlockKind
    text: str
    whole: bool = True  # False: some lines of a list, table or code too long to stay together


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
    for node in SyntaxTreeNode(_parser().parse(text)).children:
        if node.type == "heading" and int(node.tag[1:]) in SECTION_LEVELS:
            _add_section(sections, heading=heading, anchor=anchor, blocks=blocks)
            heading, blocks = _inline_text(node), []
            anchor = anchors.make(heading)
        else:
            blocks.extend(_read_block(node))
    _add_section(sections, heading=heading, anchor=anchor, blocks=blocks)
    return sections


def find_links(text: str) -> list[str]:
    """Return the targets of all links and images, in order."""
    return [
        str(token.attrs.get("href") or token.attrs.get("src") or "")
        for parent in _parser().parse(text)
        for token in parent.children or ()
        if token.type in ("link_open", "image")
    ]


def render_html(text: str, *, resolve: LinkResolver) -> str:
    """Render Markdown as HTML; section headings get the anchors of `read_sections` as ids.

    `resolve` turns each link target into the address to write, or None to leave only the words.
    """
    parser = _parser()
    tokens = parser.parse(text)
    anchors = _Anchors()
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and int(token.tag[1:]) in SECTION_LEVELS:
            inline = SyntaxTreeNode(tokens[position : position + 3]).children[0]
            token.attrSet("id", anchors.make(_inline_text(inline)))
        _resolve_links(token.children or (), resolve)
    return str(parser.renderer.render(tokens, parser.options, {}))


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


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


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
        yield Block(BlockKind.HEADING, _inline_text(node))
    elif node.type in ("bullet_list", "ordered_list"):
        yield Block(BlockKind.LIST, "\n".join(_list_lines(node)))
    elif node.type == "table":
        yield Block(BlockKind.TABLE, "\n".join(_table_lines(node)))
    elif node.type in ("fence", "code_block"):
        yield Block(BlockKind.CODE, node.content.rstrip("\n"))
    elif node.type == "blockquote":
        for child in node.children:
            yield from _read_block(child)
    elif node.type != "hr":
        yield Block(BlockKind.PARAGRAPH, _inline_text(node))


def _list_lines(node: SyntaxTreeNode) -> Iterator[str]:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    for number, item in enumerate(node.children):
        mark = "• " if first is None else f"{first + number}. "
        lines = [
            line
            for child in item.children
            for block in _read_block(child)
            for line in block.text.split("\n")
        ]
        yield mark + (lines[0] if lines else "")
        yield from (_NESTED_INDENT + line for line in lines[1:])


def _table_lines(node: SyntaxTreeNode) -> Iterator[str]:
    """Write each row as "first cell: header value, header value"; readable without columns."""
    rows = [
        [_inline_text(cell) for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    header, *body = rows
    if not body:
        yield ", ".join(cell for cell in header if cell)
    for row in body:
        named = [
            f"{name} {value}".strip() if name else value
            for name, value in zip(header[1:], row[1:], strict=False)
            if value
        ]
        yield f"{row[0]}: {', '.join(named)}" if named else row[0]


def _inline_text(node: SyntaxTreeNode) -> str:
    """Return the words of a node without any markup; an image becomes its description."""
    if node.type in ("softbreak", "hardbreak"):
        return "\n" if node.type == "hardbreak" else " "
    if node.type == "image":
        return node.content
    if node.type == "inline" or node.children:
        return "".join(_inline_text(child) for child in node.children).strip(
            "" if node.type != "inline" else None
        )
    return node.content if node.type in ("text", "code_inline", "text_special") else ""
