"""Tell in which language a text in Latin letters is, by the words of its grammar.

They are few, every longer text has some, and a product name, a log line or a foreign word quoted
in one's own sentence has none. The words are in `latin_words.yml`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

#: What `judge` answers for a language that is none of the five.
OTHER = "other"

_WORDS_FILE = Path(__file__).with_name("latin_words.yml")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: Words that hold letters ASCII lacks ("contraseña") count as foreign ones; "café" and "naïve" not.
_FOREIGN_LETTERS = re.compile(r"[^\W\d_a-z'’éï]", re.IGNORECASE)
_ENGLISH_ENDING = re.compile(r"'s$|(?<=\w{3})(?:s|es|ed|ing)$")

_SYLLABLE = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|"
    r"ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|ve|er|a|o|e|i|u|v)[1-5]?)"
)
_PINYIN_WORD = re.compile(rf"{_SYLLABLE}+")
_LONGEST_PINYIN = 16
_PINYIN_SYLLABLE = re.compile(_SYLLABLE)


def judge(text: str) -> str | None:
    """Return `en`, `ru` or `zh` (spelt out in Latin letters), or `OTHER`; None if nothing tells."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    lists = _lists()
    if all(word in lists["courtesy"] for word in words):
        return None
    english = sum(_is_english(word) for word in words)
    russian = sum(word in lists["russian"] for word in words)
    other = sum(_is_other(word) for word in words)
    if russian >= 2 and russian > max(english, other) and russian * 3 >= len(words):
        return "ru"
    if _is_pinyin(words, english):
        return "zh"
    if other >= 2 and other * 3 >= len(words) and not any(map(_is_only_english, words)):
        return OTHER
    if len(words) >= 2 and english > other and english * 4 >= len(words):
        return "en"
    return None


def _is_english(word: str) -> bool:
    english = _lists()["english"]
    return word in english or _ENGLISH_ENDING.sub("", word) in english


def _is_only_english(word: str) -> bool:
    return _is_english(word) and word not in _lists()["shared"] | _lists()["other"]


def _is_other(word: str) -> bool:
    listed = word in _lists()["other"] and word not in _lists()["shared"]
    return listed or bool(_FOREIGN_LETTERS.search(word))


def _is_pinyin(words: list[str], english: int) -> bool:
    # Longer words are no syllables of ours, and could be taken apart in too many ways.
    if not all(len(word) <= _LONGEST_PINYIN and _PINYIN_WORD.fullmatch(word) for word in words):
        return False
    known = sum(word in _lists()["chinese"] for word in words)
    syllables = sum(len(_PINYIN_SYLLABLE.findall(word)) for word in words)
    return known > english and (syllables >= 3 or known == len(words))


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    content: dict[str, str] = yaml.safe_load(_WORDS_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in content.items()}
