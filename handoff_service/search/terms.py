"""Turns text into the terms by which it is found, so that equal words compare equal. Pure.

The databases are given terms, never text: both find the same then, whatever their own parsers know
of a language. Words of alphabets are folded (case, accents, ё) and stemmed; Han, kana and Hangul,
which have no spaces where words end, become overlapping pairs and a last single character, so that
any piece of two characters or more is a phrase of terms, and a single one the beginning of a term.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import snowballstemmer
from opencc import OpenCC

#: Longer terms are cut: nobody types them, and PostgreSQL keeps none above 2 KB.
MAX_TERM_CHARS = 100

_HAN = (
    "\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_KANA = "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
#: Letters that stand without spaces; letters and digits of all other scripts.
_RUN = re.compile(
    rf"(?P<hangul>[{_HANGUL}]+)|(?P<han>[{_HAN}{_KANA}]+)"
    rf"|(?P<word>(?:(?![{_HANGUL}{_HAN}{_KANA}])[^\W_])+)"
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a text, and the characters that it stands for: text[start:end]."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one kind that stand together: text[start:end]."""

    kind: str  #: hangul, han or word
    text: str
    start: int


def runs_of(text: str) -> Iterator[Run]:
    """Split a text, which is `composed`, at all that is neither letter nor digit."""
    for found in _RUN.finditer(text):
        yield Run(str(found.lastgroup), found[0], found.start())


def terms_of(text: str) -> list[Term]:
    """Return the terms of a text, which is `composed`, in order."""
    terms: list[Term] = []
    for run in runs_of(text):
        if run.kind == "word":
            terms.append(Term(word_term(run.text), run.start, run.start + len(run.text)))
        else:
            terms += _pairs(run)
    return terms


def composed(text: str) -> str:
    """Put each letter into one character where there is one; offsets of terms are of this text."""
    return unicodedata.normalize("NFC", text)


def word_term(word: str) -> str:
    """Return the term of a word of an alphabet."""
    return _stem(folded(word))[:MAX_TERM_CHARS]


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """Fold case, width, accents and ё; й stays, for it is a letter of its own."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    if _CYRILLIC.search(plain):
        return plain.replace("ё", "е")
    parts = unicodedata.normalize("NFD", plain)
    return "".join(part for part in parts if not unicodedata.combining(part))[:MAX_TERM_CHARS]


@lru_cache(maxsize=50_000)
def folded_character(character: str) -> str:
    """Fold a Traditional character to the Simplified one, and width; one character stays one."""
    plain = unicodedata.normalize("NFKC", character)
    simple = str(_to_simplified().convert(plain))
    return simple if len(simple) == 1 else character


def _pairs(run: Run) -> Iterator[Term]:
    characters = [folded_character(character) for character in run.text]
    for at, (first, second) in enumerate(pairwise(characters), run.start):
        yield Term(first + second, at, at + 2)
    last = run.start + len(characters) - 1
    yield Term(characters[-1], last, last + 1)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    if not word.isalpha():
        return word
    return str(_stemmer("russian" if _CYRILLIC.search(word) else "english").stemWord(word))


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")
