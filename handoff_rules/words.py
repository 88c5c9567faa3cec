"""Find words and phrases in messages of five scripts, as lists in a rules file spell them.

An entry is looked for within one sentence:

    smoke            the word; letter case, accents of typing (ё, ’) and width do not matter
    hack*            every word that begins so
    legal action     these words side by side
    cat|dog          one or the other
    hub|plug & hot   all parts joined by & in any order

A Han character is a word by itself, so 漏电 is found inside any text; Korean words carry endings,
so most Korean entries end in a star.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_HANGUL = r"\uac00-\ud7a3\u3131-\u318e"
_CYRILLIC = r"\u0400-\u04ff"
#: Words of one script: "hub에서" is two, so that Latin words are found with Korean endings.
_WORD = re.compile(
    rf"[{_HAN}]|[{_HANGUL}]+|[{_CYRILLIC}]+|[^\W_{_HAN}{_HANGUL}{_CYRILLIC}]+"
    rf"(?:'[^\W_{_HAN}{_HANGUL}{_CYRILLIC}]+)?"
)
_SENTENCE_END = re.compile(r"[.!?…;](?=\s|$)|[。！？；\n]")
_SPELLING = str.maketrans({"ё": "е", "’": "'", "‘": "'", "`": "'"})
_ENTRY_WORD = re.compile(rf"(?:{_WORD.pattern})\*?")
#: Stands where a phrase was that does not count; no word is spelt so.
_LEFT_OUT = " _ "


class BadEntry(ValueError):
    """An entry that can match nothing, or everything."""


class Words:
    """Entries to look for, and phrases that do not count although they hold such words."""

    def __init__(self, entries: Iterable[str], *, unless: Iterable[str] = ()) -> None:
        """Raises `BadEntry` for the first entry that cannot be read."""
        self._entries = [_parts(entry) for entry in entries]
        self._unless = [_parts(entry) for entry in unless]
        if any(len(parts) > 1 for parts in self._unless):
            raise BadEntry("a phrase under `unless` cannot be joined by &")

    def stand_in(self, message: Iterable[str]) -> bool:
        """Tell whether any entry stands in a message, given as its `sentences`."""
        return any(self._found(sentence) for sentence in message)

    def _found(self, sentence: str) -> bool:
        if not self._holds(sentence):
            return False
        return self._left_out is None or self._holds(self._left_out.sub(_LEFT_OUT, sentence))

    def _holds(self, sentence: str) -> bool:
        if self._plain is not None and self._plain.search(sentence):
            return True
        return any(all(part.search(sentence) for part in parts) for parts in self._joined)

    @cached_property
    def _plain(self) -> re.Pattern[str] | None:
        """All entries of one part as one pattern: a message is gone through once."""
        return _any_of(parts[0] for parts in self._entries if len(parts) == 1)

    @cached_property
    def _left_out(self) -> re.Pattern[str] | None:
        return _any_of(parts[0] for parts in self._unless)

    @cached_property
    def _joined(self) -> list[list[re.Pattern[str]]]:
        joined = (parts for parts in self._entries if len(parts) > 1)
        return [[re.compile(_spaced(part)) for part in parts] for parts in joined]


def sentences(text: str) -> list[str]:
    """Return each sentence as its words, lower case, with a space before and after each word."""
    words = (_WORD.findall(sentence) for sentence in _SENTENCE_END.split(_spelt(text)))
    return [f" {' '.join(found)} " for found in words if found]


def _parts(entry: str) -> list[str]:
    """Return the pattern of each part of an entry."""
    parts = [_alternatives(part) for part in _spelt(entry).split("&")]
    if not all(parts):
        raise BadEntry(f"{entry!r} lacks a word, or has one letter before a star")
    return parts


def _alternatives(part: str) -> str:
    patterns: list[str] = []
    for phrase in part.split("|"):
        words = [match.group() for match in _ENTRY_WORD.finditer(phrase)]
        if not words or words == [words[0][0] + "*"]:  # one letter and a star: nearly everything
            return ""
        patterns.append(" ".join(_word_pattern(word) for word in words))
    return "|".join(patterns)


def _word_pattern(word: str) -> str:
    return re.escape(word[:-1]) + "[^ ]*" if word.endswith("*") else re.escape(word)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(patterns)
    return re.compile(_spaced(joined)) if joined else None


def _spaced(pattern: str) -> str:
    return f" (?:{pattern})(?= )"


def _spelt(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_SPELLING)
