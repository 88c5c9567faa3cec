"""Splits text where sentences end."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: A full stop with what closes a quotation and a space, unless a small letter goes on; a full-width
#: mark; a line break.
_END = re.compile(
    r"[.!?…]+[\"'”’»)\]]*[^\S\n]+(?![a-zа-яё])(?=\S)|[。！？；…]+[”’」』）]*(?=[^\s。！？；…”’」』）])|\n+"
)
#: Words that end in a full stop without ending a sentence.
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:e\.\s?g|i\.\s?e|etc|vs|no|approx|mr|mrs|ms|dr|fig|[тп]\.\s?[дпек]|напр|см|рис|стр|г|ул|[A-ZА-Я])"
    r"\.[^\S\n]+$",
    re.IGNORECASE,
)


def split_sentences(text: str) -> list[str]:
    """Split text into sentences; joined with nothing between they are the text again."""
    return list(_sentences(text)) or [text]


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(text):
        if _ABBREVIATED.search(text[max(start, end.start() - 8) : end.end()]):
            continue
        yield text[start : end.end()]
        start = end.end()
    if start < len(text):
        yield text[start:]
