"""Customers' words for what the articles call otherwise, as a maintainer writes them down.

    en:
      - {articles: hub, customers: [box, dongle, little white thing]}

A question with such a word is searched twice, as asked and in the articles' words.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from kb_index.analyzers import analyze, fold_han

#: Name of the file that a version of the index keeps.
FILE_NAME = "synonyms.json"

#: Scripts that are written without spaces, or with endings joined to the word.
_JOINED = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7a3"
_UNIT = re.compile(rf"(?P<joined>[{_JOINED}])|(?:(?![{_JOINED}])[^\W_])+")
#: A unit reduced to the words that the search counts; of a joined script: the character.
Key = tuple[str, ...]
#: What may stand between two words of a phrase.
_BETWEEN = re.compile(r"[\s\-\u2010\u2011/]*")


@dataclass(frozen=True, slots=True)
class Synonym:
    """What the articles call a thing, and what customers call it."""

    articles: str
    customers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, reduced so that its forms compare equal, or a character of a joined script."""

    key: Key
    joined: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A customers' word as units; `spaced[i]`: a space may stand before unit i."""

    keys: tuple[Key, ...]
    spaced: tuple[bool, ...]
    articles: str

    @classmethod
    def of(cls, word: str, articles: str) -> Phrase:
        """Make one from the word as written."""
        units = split(word)
        spaced = [
            not (left.joined and right.joined) or left.end < right.start
            for left, right in pairwise(units)
        ]
        return cls(tuple(unit.key for unit in units), (True, *spaced), articles)

    def begins(self, units: Sequence[Unit], at: int, text: str) -> bool:
        """Whether the units of `text` hold this phrase from the one numbered `at` on."""
        if tuple(unit.key for unit in units[at : at + len(self.keys)]) != self.keys:
            return False
        gaps = (
            text[units[at + number - 1].end : units[at + number].start]
            for number in range(1, len(self.keys))
        )
        return all(
            not gap or (spaced and _BETWEEN.fullmatch(gap))
            for gap, spaced in zip(gaps, self.spaced[1:], strict=True)
        )


@dataclass(frozen=True)
class Synonyms:
    """The synonyms of each locale; safe to share between threads."""

    by_locale: Mapping[str, tuple[Synonym, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Synonyms:
        """Load what `save` wrote into the folder of a version; none without the file."""
        path = folder / FILE_NAME
        if not path.is_file():
            return cls()
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            {
                locale: tuple(Synonym(one["articles"], tuple(one["customers"])) for one in rows)
                for locale, rows in stored.items()
            }
        )

    def save(self, folder: Path) -> None:
        """Write the synonyms into the folder of a version."""
        (folder / FILE_NAME).write_text(self.as_json(), encoding="utf-8")

    def as_json(self) -> str:
        """Return the synonyms as text, equal for equal synonyms, as for a fingerprint."""
        rows = {
            locale: [{"articles": one.articles, "customers": list(one.customers)} for one in found]
            for locale, found in sorted(self.by_locale.items())
        }
        return json.dumps(rows, ensure_ascii=False, indent=1)

    def rewrite(self, question: str, locale: str) -> str | None:
        """Return the question with customers' words replaced; None when it holds none of them.

        Inflected forms are found as well; of two that begin at the same place the longer one
        counts. A word is left alone in a question that already uses the articles' word for it.
        """
        phrases = self._phrases.get(locale)
        if not phrases:
            return None
        question = unicodedata.normalize("NFC", question)
        units = split(question)
        left_alone: dict[str, bool] = {}
        parts: list[str] = []
        copied = at = 0
        while at < len(units):
            phrase = next(
                (one for one in phrases.get(units[at].key, ()) if one.begins(units, at, question)),
                None,
            )
            if phrase and phrase.articles not in left_alone:
                left_alone[phrase.articles] = _holds(units, question, phrase.articles)
            if phrase is None or left_alone[phrase.articles]:
                at += 1
                continue
            parts += [question[copied : units[at].start], phrase.articles]
            at += len(phrase.keys)
            copied = units[at - 1].end
        return "".join([*parts, question[copied:]]) if parts else None

    @cached_property
    def _phrases(self) -> dict[str, dict[Key, list[Phrase]]]:
        """The customers' words of each locale, longest first, by their first unit."""
        found: dict[str, dict[Key, list[Phrase]]] = {}
        for locale, synonyms in self.by_locale.items():
            phrases = [Phrase.of(word, one.articles) for one in synonyms for word in one.customers]
            for phrase in sorted(phrases, key=lambda one: -len(one.keys)):
                found.setdefault(locale, {}).setdefault(phrase.keys[0], []).append(phrase)
        return found


def split(text: str) -> list[Unit]:
    """Split into units; they know where they stand in `text`."""
    # folded one by one, for the places to stay
    folded = fold_han("".join(map(_fold, text)))
    return [
        Unit(
            key=(unit[0],) if unit["joined"] else tuple(analyze(unit[0])),
            joined=bool(unit["joined"]),
            start=unit.start(),
            end=unit.end(),
        )
        for unit in _UNIT.finditer(folded)
    ]


def _fold(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _holds(units: Sequence[Unit], text: str, words: str) -> bool:
    phrase = Phrase.of(words, words)
    return any(phrase.begins(units, at, text) for at in range(len(units)))
