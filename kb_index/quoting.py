"""Chooses the words of a chunk that answer: whole sentences and whole lists, never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb_index.analyzers import analyze
from kb_index.markdown import Block, BlockKind

#: Longest quote, in characters: what a chat bubble shows without scrolling on a phone.
MAX_CHARACTERS = 700

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])\s*")
_WHOLE = (BlockKind.LIST, BlockKind.TABLE, BlockKind.CODE)


def quote(blocks: Sequence[Block], question: str, *, limit: int = MAX_CHARACTERS) -> str:
    """Return the part of `blocks` that fits the question, at most `limit` characters of plain text.

    All of it when it is short enough. Else the neighbouring pieces (sentences, lists, tables)
    around the one that shares most words with the question; a list or table is there whole or not
    at all. Only text without an end (one sentence longer than the limit) is cut, at a space and
    with "…".
    """
    whole = "\n".join(block.text for block in blocks)
    if len(whole) <= limit:
        return whole
    pieces = [piece for block in blocks for piece in _pieces(block)]
    fitting = [index for index, (text, _) in enumerate(pieces) if len(text) <= limit]
    if not fitting:
        return _shorten(next((text for text, _ in pieces if text), ""), limit=limit)
    wanted = set(analyze(question))
    best = max(fitting, key=lambda index: (len(wanted & set(analyze(pieces[index][0]))), -index))
    first, last = _grow(pieces, best=best, limit=limit)
    return _join(pieces[first : last + 1])


def _pieces(block: Block) -> list[tuple[str, str]]:
    """Split a block into (text, what joins it to the next piece)."""
    if block.kind in _WHOLE or block.kind is BlockKind.HEADING:
        return [(block.text, "\n")]
    sentences = [part for part in _SENTENCE_END.split(block.text) if part]
    return [(text, " ") for text in sentences[:-1]] + [(text, "\n") for text in sentences[-1:]]


def _grow(pieces: list[tuple[str, str]], *, best: int, limit: int) -> tuple[int, int]:
    """Widen [best, best] to what still fits, first towards the end, then towards the beginning."""
    first = last = best
    while last + 1 < len(pieces) and len(_join(pieces[first : last + 2])) <= limit:
        last += 1
    while first > 0 and len(_join(pieces[first - 1 : last + 1])) <= limit:
        first -= 1
    return first, last


def _join(pieces: list[tuple[str, str]]) -> str:
    text = "".join(words + joint for words, joint in pieces[:-1])
    return text + pieces[-1][0]


def _shorten(text: str, *, limit: int) -> str:
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip() + "…"
