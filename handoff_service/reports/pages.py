"""Facts as records of numbers: a day of one kind is read with one look, and counted by numpy.

A record has every column of its table but the conversation's id and `n`. Numbers that may be
missing are MISSING then; words are numbers into the page's own list.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, Boolean, Integer, SmallInteger, String
from sqlalchemy.orm import InstrumentedAttribute

from handoff_service.archive.tables.reports import FACTS

#: What stands for None: no time, no score, no duration is below zero.
MISSING = -1
#: Columns that no record has: they are for joins, and change nothing that is counted.
APART = frozenset({"conversation_id", "n", "customer_id"})
#: So many words, and lists of words of pages (three years'; 2 kB each), are kept at most.
MOST_WORDS, MOST_LISTS = 20_000, 9_000

Array: TypeAlias = npt.NDArray[Any]  # of records, numbers or truths


@dataclass(frozen=True, slots=True)
class Page:
    """The facts of one kind of one day."""

    records: Array
    words: list[str] | str  #: JSON, as the table of pages keeps it


@cache
def columns(kind: str) -> tuple[str, ...]:
    """Return the names of a record's columns, in order."""
    return tuple(c.name for c in FACTS[kind].__table__.columns if c.name not in APART)  # type: ignore[attr-defined]  # of every mapped class


@cache
def word_columns(kind: str) -> frozenset[str]:
    """Return the names of those that are words."""
    table = FACTS[kind].__table__  # type: ignore[attr-defined]  # of every mapped class
    return frozenset(name for name in columns(kind) if isinstance(table.c[name].type, String))


@cache
def record_type(kind: str) -> np.dtype[Any]:
    """Return the form of a record: little-endian wherever it was written."""
    table = FACTS[kind].__table__  # type: ignore[attr-defined]  # of every mapped class
    return np.dtype([(name, _number_type(table.c[name].type)) for name in columns(kind)])


def _number_type(column: Any) -> str:  # an SQLAlchemy type
    if isinstance(column, String):
        return "<u2"
    if isinstance(column, Boolean):
        return "?"
    for known, name in ((BigInteger, "<i8"), (SmallInteger, "<i2"), (Integer, "<i4")):
        if isinstance(column, known):
            return name
    raise TypeError(column)


def attributes(kind: str) -> list[InstrumentedAttribute[Any]]:
    """Return what to select to make records of."""
    return [getattr(FACTS[kind], name) for name in columns(kind)]


def make_page(kind: str, rows: Iterable[Sequence[Any]]) -> Page:
    """Make a page of rows as `attributes` selects them."""
    numbers: dict[str, int] = {}
    is_word = [name in word_columns(kind) for name in columns(kind)]
    made = [
        tuple(
            numbers.setdefault(value, len(numbers)) if word else MISSING if value is None else value
            for value, word in zip(row, is_word, strict=True)
        )
        for row in rows
    ]
    return Page(np.array(made, dtype=record_type(kind)), list(numbers))


def read_page(kind: str, records: bytes, words: str) -> Page:
    """Read what `make_page` made and a table kept."""
    return Page(np.frombuffer(records, dtype=record_type(kind)), words)


class Vocabulary:
    """Numbers of words, and of the words of pages that were read: the next question needs them."""

    def __init__(self) -> None:
        """Know no word."""
        self._numbers: dict[str, int] = {}
        self._lists: dict[str, Array] = {}
        self._turn = Lock()

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def words(self) -> list[str]:
        """Return every word; its number is its place."""
        return list(self._numbers)

    @property
    def full(self) -> bool:
        """Tell whether it is time to begin another one."""
        return len(self) > MOST_WORDS or len(self._lists) > MOST_LISTS

    def number_of(self, word: str) -> int:
        """Return the number of a word; -1: no page has it."""
        return self._numbers.get(word, -1)

    def numbers_of(self, words: list[str] | str) -> Array:
        """Return the numbers of the words of a page."""
        with self._turn:
            if not isinstance(words, str):
                return self._number(words)
            if words not in self._lists:
                self._lists[words] = self._number(json.loads(words))
            return self._lists[words]

    def _number(self, words: list[str]) -> Array:
        known = self._numbers
        return np.array([known.setdefault(word, len(known)) for word in words], dtype="<i4")


_vocabulary = Vocabulary()


def _current() -> Vocabulary:
    global _vocabulary  # noqa: PLW0603 (of the process, as the pages are)
    if _vocabulary.full:
        _vocabulary = Vocabulary()
    return _vocabulary


def compact(codes: Array) -> tuple[Array, Array]:
    """Return which small numbers there are, in order, and the place of each one among them.

    What np.unique returns, without putting them in order.
    """
    there = np.bincount(codes) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[codes]


class Table:
    """All pages of one kind that a question is about, as one."""

    def __init__(self, kind: str, pages: Sequence[Page]) -> None:
        """Join the pages; each column is made when it is asked for."""
        self._kind = kind
        self._pages = pages
        self._made: dict[str, Array] = {}
        self._known = _current()
        #: What the numbers of each page's own list are in it.
        self._maps: list[Array] | None = None
        self._kept: Array | None = None

    def __len__(self) -> int:
        return len(self["at_ms"])

    def __getitem__(self, name: str) -> Array:
        """Return a column of numbers or truths; of words, their numbers in `words(name)`."""
        if name not in self._made:
            column = self._codes(name) if name in word_columns(self._kind) else self._join(name)
            self._made[name] = column if self._kept is None else column[self._kept]
        return self._made[name]

    def words(self, name: str) -> list[str]:
        """Return the words that the numbers of a column stand for; not all need be there."""
        self[name]
        return self._known.words

    def present(self, name: str) -> list[str]:
        """Return the words of a column that are there, each once, in no order."""
        words = self.words(name)
        return [words[code] for code in compact(self[name])[0].tolist()]

    def keep(self, mask: Array) -> None:
        """Leave only these records."""
        self._made = {name: column[mask] for name, column in self._made.items()}
        kept = np.flatnonzero(mask)
        self._kept = kept if self._kept is None else self._kept[kept]

    def is_word(self, name: str, word: str) -> Array:
        """Tell of each record whether a column has this word."""
        codes = self[name]
        found: Array = codes == self._known.number_of(word)
        return found

    def _join(self, name: str) -> Array:
        if not self._pages:
            return np.zeros(0, dtype=record_type(self._kind)[name])
        return np.concatenate([page.records[name] for page in self._pages])

    def _codes(self, name: str) -> Array:
        if not self._pages:
            return np.zeros(0, dtype="<i4")
        if self._maps is None:
            self._maps = [self._known.numbers_of(page.words) for page in self._pages]
        return np.concatenate(
            [
                to_known[page.records[name]]
                for to_known, page in zip(self._maps, self._pages, strict=True)
            ]
        )
