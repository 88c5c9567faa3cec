"""Cuts an article into chunks: a section, or as many whole blocks of it as fit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb_index.articles import Article
from kb_index.markdown import Block, BlockKind, Section, read_sections
from kb_index.quoting import LONGEST_QUOTE
from kb_index.sentences import split_sentences

#: Largest chunk, in size units (about one model token each, see `text_size`). Chosen by measurement
#: (docs/benchmarks.md).
MAX_SIZE = 160
#: What the manifest says about chunking; raise `rules` when the cutting itself changes.
CHUNKER = {"rules": 4, "max_size": MAX_SIZE}

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Chunk:
    """An indexed piece of an article; `heading` and `anchor` are empty in its opening."""

    id: str
    article_id: str
    locale: str
    title: str
    heading: str
    anchor: str
    updated: str
    url: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """The chunk's own words, without title and heading."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def breadcrumb(self) -> str:
        """Title and heading, the place of the chunk."""
        return f"{self.title} › {self.heading}" if self.heading else self.title

    @property
    def name(self) -> str:
        """What its section is called; the opening goes by the article's title."""
        return self.heading or self.title

    @property
    def indexed_text(self) -> str:
        """What is searched for words: the breadcrumb, then the words."""
        return f"{self.breadcrumb}\n{self.text}"


def chunk_article(article: Article, *, max_size: int = MAX_SIZE) -> list[Chunk]:
    """Cut an article into chunks, in reading order; together they hold every word of it.

    There is at least one chunk, with nothing but the title if the article says nothing.
    """
    return [
        _make_chunk(article, section, blocks)
        for section in read_sections(article.body) or [Section("", "", ())]
        for blocks in _pack(section.blocks, max_size=max_size)
    ]


def text_size(text: str) -> float:
    """Estimate the number of model tokens: two for three CJK characters, one for four others."""
    wide = len(_WIDE.findall(text))
    return wide / 1.5 + (len(text) - wide) / 4


def _make_chunk(article: Article, section: Section, blocks: tuple[Block, ...]) -> Chunk:
    # the heading is part of it: the same words under another heading are another chunk
    words = "\n".join([article.title, section.heading, *(block.text for block in blocks)])
    key = f"{article.id}\0{article.locale}\0{words}"
    return Chunk(
        id=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:20],
        article_id=article.id,
        locale=article.locale,
        title=article.title,
        heading=section.heading,
        anchor=section.anchor,
        updated=article.updated,
        url=article.url,
        blocks=blocks,
    )


def _pack(blocks: tuple[Block, ...], *, max_size: int) -> Iterator[tuple[Block, ...]]:
    """Put blocks together while they fit; a heading goes with what follows it.

    A section without blocks is a chunk too: its heading may be all that an article says.
    """
    packed: list[Block] = []
    size = 0.0
    for block in _fitting(blocks, max_size=max_size):
        more = text_size(block.text)
        if packed and size + more > max_size:
            carried = [packed.pop()] if _ends_with_heading(packed) else []
            if packed:
                yield tuple(packed)
            packed = carried
            size = sum(text_size(one.text) for one in packed)
        packed.append(block)
        size += more
    yield tuple(packed)


def _ends_with_heading(packed: list[Block]) -> bool:
    return packed[-1].kind is BlockKind.HEADING


def _fitting(blocks: tuple[Block, ...], *, max_size: int) -> Iterator[Block]:
    """Split blocks that are larger than a chunk: text by sentence, all else by line.

    Lists, tables and code stay whole while they can be quoted whole, even if the chunk gets larger.
    """
    for block in blocks:
        by_line = block.kind in (BlockKind.LIST, BlockKind.TABLE, BlockKind.CODE)
        quotable = by_line and len(block.text) <= LONGEST_QUOTE
        if quotable or text_size(block.text) <= max_size:
            yield block
            continue
        pieces = block.text.splitlines(keepends=True) if by_line else split_sentences(block.text)
        start = 0
        for text in _join_pieces(pieces, max_size=max_size):
            yield block.part(start, start + len(text))
            start += len(text)


def _join_pieces(pieces: list[str], *, max_size: int) -> Iterator[str]:
    held = ""
    for piece in (part for whole in pieces for part in _cut_hard(whole, max_size=max_size)):
        if held and text_size(held + piece) > max_size:
            yield held
            held = piece
        else:
            held += piece
    if held:
        yield held


def _cut_hard(text: str, *, max_size: int) -> Iterator[str]:
    """Cut a piece that has no end in sight, after a space if one is near."""
    longest = max(1, max_size)  # no character counts for more than one unit, none for less than 1/4
    while len(text) > 4 * longest or text_size(text) > max_size:
        space = text.rfind(" ", longest // 2, longest)
        at = space + 1 if space > 0 else longest
        yield text[:at]
        text = text[at:]
    yield text
