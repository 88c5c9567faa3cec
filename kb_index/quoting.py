"""Chooses the words of a chunk that answer: whole sentences and whole lists, never markup."""

from __future__ import annotations

from collections.abc import Sequence

from kb_index.analyzers import analyze
from kb_index.markdown import Block, BlockKind
from kb_index.sentences import split_sentences

#: Longest quote, in characters: what a chat bubble shows without scrolling on a phone.
LONGEST_QUOTE = 700


def quote(blocks: Sequence[Block], question: str, *, limit: int = LONGEST_QUOTE) -> str:
    """Return the part of `blocks` that fits the question, at most `limit` characters of plain text.

    All of it when it is short enough. Else the neighbouring pieces (sentences, lists, tables)
    around the one that shares most words with the question. A list or table is there whole or not
    at all; "" when nothing else is left. A sentence longer than the limit is cut at a space, with
    "…" in place of the rest.
    """
    pieces = [piece for block in blocks if block.whole for piece in _pieces(block, limit=limit)]
    if len("".join(pieces).strip()) <= limit:
        return "".join(pieces).strip()
    fitting = [index for index, text in enumerate(pieces) if len(text.strip()) <= limit]
    if not fitting:
        return ""
    wanted = set(analyze(question))
    best = max(fitting, key=lambda index: (len(wanted & set(analyze(pieces[index]))), -index))
    first, last = _grow(pieces, best=best, limit=limit)
    return "".join(pieces[first : last + 1]).strip()


def _pieces(block: Block, *, limit: int) -> list[str]:
    """Split a block into what may be quoted alone; joined with nothing between they read well."""
    if block.kind is BlockKind.PARAGRAPH:
        *others, last = (_shorten(one, limit=limit) for one in split_sentences(block.text))
        return [*others, last + "\n"]
    return [block.text + "\n"]


def _grow(pieces: list[str], *, best: int, limit: int) -> tuple[int, int]:
    """Widen [best, best] to what still fits, first towards the end, then towards the beginning."""
    first = last = best
    while last + 1 < len(pieces) and len("".join(pieces[first : last + 2]).strip()) <= limit:
        last += 1
    while first > 0 and len("".join(pieces[first - 1 : last + 1]).strip()) <= limit:
        first -= 1
    return first, last


def _shorten(text: str, *, limit: int) -> str:
    if len(text.rstrip()) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip() + "…"
