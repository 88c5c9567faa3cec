"""Quotes a chunk of an article together with what its neighbours add to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from kb_index.chunking import Chunk
from kb_index.markdown import Block, BlockKind
from kb_index.quoting import Quote, quote

#: Chunks after the quoted one that are looked at: what leads to something has it next to it.
_AHEAD = 3
#: An article's first words are among so many of its chunks; those of one endless list are not.
_OPENING = 8


def quote_chunk(
    chunks: Sequence[Chunk],
    number: int,
    question: str,
    *,
    article: range,
    rarity: Callable[[str], float],
) -> Quote:
    """Quote a chunk; of one that is only part of a long list, the article's first words instead.

    Args:
        chunks: Those of the index.
        number: Of the chunk that fits the question.
        question: As the customer put it.
        article: The numbers of all chunks of its article.
        rarity: How much a word counts, see `quote`.
    """
    chunk = chunks[number]
    before: Sequence[Block] = ()
    if number > article.start:
        last = chunks[number - 1]
        before = last.blocks if _same_section(last, chunk) else ()
    ahead = chunks[number + 1 : min(number + 1 + _AHEAD, article.stop)]
    after = tuple(_following(chunk, ahead))
    found = quote(chunk.blocks, question, before=before, after=after, rarity=rarity)
    if found.blocks:
        return replace(found, from_start=found.from_start and not before)
    first = article[:_OPENING]
    others = (quote(chunks[other].blocks, question, rarity=rarity) for other in first)
    name = Block(BlockKind.PARAGRAPH, chunk.name)
    return next((one for one in others if one.blocks), Quote((name,)))


def _same_section(one: Chunk, other: Chunk) -> bool:
    return (one.anchor, one.heading) == (other.anchor, other.heading)


def _following(chunk: Chunk, ahead: Sequence[Chunk]) -> Iterator[Block]:
    """Yield what is left of the chunk's own section; after an article's opening, the next one."""
    last = chunk
    for following in ahead:
        if not _same_section(last, following):
            if last is not chunk or chunk.anchor:
                return
            yield Block(BlockKind.HEADING, following.heading)
        yield from following.blocks
        last = following
