"""Plain text that remembers which parts of it are links, code, emphasis or pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum


class SpanKind(str, Enum):
    """What a part of a text is."""

    LINK = "link"
    CODE = "code"
    STRONG = "strong"
    IMAGE = "image"  # its description, in square brackets


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` up to `end` of a text; `target` is a link's or picture's address."""

    start: int
    end: int
    kind: SpanKind
    target: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its spans, in order of their start; they may stand inside each other."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def cut(self, start: int, end: int) -> Words:
        """Return characters `start` up to `end`, spans shortened to them."""
        kept = tuple(
            replace(one, start=max(one.start, start) - start, end=min(one.end, end) - start)
            for one in self.spans
            if one.start < end and one.end > start
        )
        return Words(self.text[start:end], kept)

    def strip(self) -> Words:
        """Return it without white space around it."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(start, len(self.text.rstrip())))

    def lines(self) -> Iterator[Words]:
        """Yield its lines, without their ends."""
        start = 0
        for line in self.text.split("\n"):
            yield self.cut(start, start + len(line))
            start += len(line) + 1

    def marked(self, kind: SpanKind, target: str = "") -> Words:
        """Return it as one span, around those it has."""
        if not self.text:
            return self
        return Words(self.text, (Span(0, len(self.text), kind, target), *self.spans))


def join(parts: Iterable[Words], between: str = "") -> Words:
    """Put texts one after the other."""
    texts: list[str] = []
    spans: list[Span] = []
    at = 0
    for number, part in enumerate(parts):
        lead = between if number else ""
        at += len(lead)
        spans.extend(replace(one, start=one.start + at, end=one.end + at) for one in part.spans)
        texts.append(lead + part.text)
        at += len(part.text)
    return Words("".join(texts), tuple(spans))
