"""Knows which articles are written in another script than the question, and is fair to them.

A locale's help centre is often translated only in part. An untranslated article shares no word with
a question; unless that is made good, a translated article wins whatever it is about.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

#: Letters that are counted together; a CJK letter says as much as 2.5 others.
_SCRIPTS = (
    (re.compile(r"[A-Za-z]"), 1.0),
    (re.compile(r"[\u0400-\u04ff]"), 1.0),
    (re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]"), 2.5),
)
#: An article is in another script if its share of the question's script differs by more than this.
_APART = 0.7
#: Fewer letters than this are no text that has a language.
_LEAST_LETTERS = 40
#: Same-script articles nearest to the question, whose words set what may be expected.
_NEIGHBOURS = 20


def script_shares(text: str) -> FloatArray:
    """Return the shares of Latin, Cyrillic and CJK letters, (3,); zeros for a short text."""
    letters = sum(character.isalpha() for character in text)
    return _shares(text) if letters >= _LEAST_LETTERS else np.zeros(len(_SCRIPTS), np.float32)


def expect_words(
    words: FloatArray, *, question: str, shares: FloatArray, meaning: FloatArray
) -> FloatArray:
    """Return the words of candidates, float32 (candidates,), those in another script made good.

    They get at least the mean of the same-script articles that are nearest in meaning. `words` and
    `meaning` are (candidates,), `shares` (candidates, 3).
    """
    asked = _shares(question)
    script = int(asked.argmax())
    known = shares.sum(axis=1) > 0
    other = known & (np.abs(asked[script] - shares[:, script]) > _APART)
    nearest = np.argsort(-meaning, kind="stable")[:_NEIGHBOURS]
    same = nearest[~other[nearest]]
    if not other.any() or not len(same):
        return words
    return np.where(other, np.maximum(words, words[same].mean()), words)


def _shares(text: str) -> FloatArray:
    counts = np.array([len(one.findall(text)) * weight for one, weight in _SCRIPTS], np.float32)
    return counts / max(float(counts.sum()), 1.0)
