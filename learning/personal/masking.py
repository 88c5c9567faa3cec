"""Puts marks in the place of what tells of a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from learning.personal.addresses import find_addresses
from learning.personal.names import find_given_names, find_names
from learning.personal.numbers import find_banks, find_cards, find_ids
from learning.personal.online import (
    find_accounts,
    find_emails,
    find_ips,
    find_links,
    find_secrets,
)
from learning.personal.phones import find_phones
from learning.personal.spans import PLACEHOLDER, Finder, Span, placeholder, plain


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without what tells of a person; `spans` are offsets in the text as it was."""

    text: str
    counts: Mapping[str, int]  #: by kind, in the order of the kinds' names
    spans: Sequence[Span]


def mask(text: str, *, language: str, names: Iterable[str] = ()) -> Masked:
    """Mask a text.

    Masking what is masked changes nothing: between two marks nothing more is found.

    Args:
        text: As it was written; marks that stand in it stay.
        language: Of the text, one of the five locales: it says how telephone numbers without a
            country are read, and which words introduce a name. Patterns of every language apply.
        names: Of people who are known to speak, to be found wherever they stand.
    """
    flat = plain(text)
    barriers = [Span(*found.span(), "") for found in PLACEHOLDER.finditer(text)]
    found = _search(flat, barriers, _finders(language, tuple(names)))
    spans = _joined(text, found)
    counts = Counter(span.kind for span in spans)
    return Masked(_render(text, spans), dict(sorted(counts.items())), spans)


def _finders(language: str, names: tuple[str, ...]) -> tuple[Finder, ...]:
    """Return who looks, the surest first: what one has found the next ones do not see."""
    return (
        find_links,
        find_emails,
        find_accounts,
        find_secrets,
        find_banks,
        find_cards,
        find_ids,
        find_ips,
        lambda part: find_phones(part, language),
        find_addresses,
        lambda part: find_given_names(part, names),
        find_names,
    )


def _search(flat: str, barriers: list[Span], finders: tuple[Finder, ...]) -> list[Span]:
    """Look until nothing more is found: a part that stands alone now may read otherwise."""
    found: list[Span] = []
    while True:
        before = len(found)
        for finder in finders:
            for start, end in _parts(len(flat), [*barriers, *found]):
                part = flat[start:end]
                new = _apart(finder(part))
                found += [Span(start + span.start, start + span.end, span.kind) for span in new]
        if len(found) == before:
            return sorted(found)


def _parts(length: int, taken: Iterable[Span]) -> list[tuple[int, int]]:
    parts, start = [], 0
    for span in sorted(taken):
        if span.start > start:
            parts.append((start, span.start))
        start = span.end
    if start < length:
        parts.append((start, length))
    return parts


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Return spans that do not overlap: of two the one that begins first, then the longer one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start < span.end and (not kept or span.start >= kept[-1].end):
            kept.append(span)
    return kept


def _joined(text: str, spans: Iterable[Span]) -> list[Span]:
    """Make one of neighbours of a kind with only space between; of an address, a comma too."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        gap = text[last.end : span.start] if last else ""
        nothing = " ,，、\u3000" if span.kind == "address" else " \u3000"
        if last and last.kind == span.kind and not gap.strip(nothing):
            joined[-1] = Span(last.start, span.end, span.kind)
        else:
            joined.append(span)
    return joined


def _render(text: str, spans: Iterable[Span]) -> str:
    pieces, start = [], 0
    for span in spans:
        pieces += [text[start : span.start], placeholder(span.kind)]
        start = span.end
    return "".join([*pieces, text[start:]])
