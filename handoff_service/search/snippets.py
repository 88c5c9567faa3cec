"""Cuts the piece out of a text that shows why it was found. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handoff_service.search.query import Clause, Phrase
from handoff_service.search.terms import Term, composed, terms_of

#: Length of a piece, in characters, and how much of it goes before the first hit.
CHARS = 160
BEFORE = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a snippet: a hit, or what stands beside one."""

    text: str
    hit: bool


def snippet_of(text: str, clauses: Sequence[Clause]) -> tuple[Piece, ...]:
    """Return the piece of a text around its first hit, hits marked; () when it has none."""
    text = composed(text)
    hits = sorted(set(_hits(terms_of(text), clauses)))
    if not hits:
        return ()
    start = max(0, hits[0][0] - BEFORE)
    end = min(len(text), start + CHARS)
    pieces: list[Piece] = []
    at = start
    for first, last in hits:
        if last <= at or first >= end:
            continue
        if first > at:
            pieces.append(Piece(text[at:first], hit=False))
        pieces.append(Piece(text[max(at, first) : min(last, end)], hit=True))
        at = min(last, end)
    if at < end:
        pieces.append(Piece(text[at:end], hit=False))
    if start > 0:
        pieces.insert(0, Piece("…", hit=False))
    if end < len(text):
        pieces.append(Piece("…", hit=False))
    return tuple(pieces)


def says(words: Sequence[str], clauses: Sequence[Clause]) -> bool:
    """Whether the terms of a text say any of the clauses."""
    text = f" {' '.join(words)} "
    ways = (phrase for clause in clauses if not clause.without for phrase in clause.ways)
    return any(f" {' '.join(way.terms)}{'' if way.open_end else ' '}" in text for way in ways)


def _hits(terms: Sequence[Term], clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    for clause in clauses:
        if not clause.without:
            for phrase in clause.ways:
                yield from _found(terms, phrase)


def _found(terms: Sequence[Term], phrase: Phrase) -> Iterator[tuple[int, int]]:
    length = len(phrase.terms)
    for at in range(len(terms) - length + 1):
        here = terms[at : at + length]
        if _fits(tuple(term.word for term in here), phrase):
            # An open end is a character of a pair, or the beginning of a word shown whole.
            last = here[-1]
            of_pair = phrase.open_end and last.end - last.start == 2 and len(phrase.terms[-1]) == 1
            yield here[0].start, last.start + 1 if of_pair else last.end


def _fits(words: tuple[str, ...], phrase: Phrase) -> bool:
    if not phrase.open_end:
        return words == phrase.terms
    return words[:-1] == phrase.terms[:-1] and words[-1].startswith(phrase.terms[-1])
