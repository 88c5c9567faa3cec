"""Votes for intents by the letters of a text: a linear SVM over hashed character n-grams."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.components.vectors import Vectors

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Lengths of the n-grams, and the number of columns that they are hashed to: up to 4 letters are as
#: good as up to 5 and 6, and 2^15 columns as good as 2^16 (banking77, hwu64); single characters
#: count in Chinese (alone, 5 points more on the project's own phrases).
LENGTHS = (1, 2, 3, 4)
COLUMNS = 1 << 15
#: Characters of a text that are read: what comes later hardly changes what is wanted.
READ = 1000
#: Inverse strength of the penalty, and where the solver ends.
PENALTY = 1.0
TOLERANCE = 1e-2
MAX_STEPS = 50

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class NgramVoter:
    """`weights` float16 of shape (COLUMNS, intents), `rarity` (COLUMNS,), `bias` (intents,)."""

    weights: npt.NDArray[np.float16]
    rarity: Vectors
    bias: Vectors

    @classmethod
    def fit(cls, texts: Sequence[str], intents: npt.NDArray[np.intp]) -> NgramVoter:
        """Fit to texts and the number of each one's intent (n,)."""
        from sklearn.svm import LinearSVC  # only training needs it

        counts = _sparse([_count(text) for text in texts])
        seen = np.bincount(counts.indices, minlength=COLUMNS)
        rarity = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
        machine = LinearSVC(C=PENALTY, tol=TOLERANCE, max_iter=MAX_STEPS, random_state=0)
        machine.fit(_weighted(counts, rarity), intents)
        weights, bias = machine.coef_.T, machine.intercept_
        if weights.shape[1] == 1:  # two intents: sklearn gives one column for their difference
            weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
        return cls(weights.astype(np.float16), rarity, bias.astype(np.float32))

    def scores(self, texts: Sequence[str]) -> Vectors:
        """Return a score for each intent, shape (n, intents)."""
        return np.stack([self._score(text) for text in texts])

    def _score(self, text: str) -> Vectors:
        columns, values = _count(text)
        if not len(columns):
            return self.bias
        values = values * self.rarity[columns]
        values /= np.linalg.norm(values)
        result: Vectors = values @ self.weights[columns].astype(np.float32) + self.bias
        return result


def _count(text: str) -> tuple[npt.NDArray[np.intp], Vectors]:
    """Return the columns of the text's n-grams and 1 + log of how often each is there.

    N-grams do not cross spaces; a space is put before and after each word, as scikit-learn's
    `char_wb` does it.
    """
    counts: Counter[int] = Counter()
    for word in _SPACE.split(text[:READ].lower()):
        if word:
            padded = f" {word} "
            counts.update(
                zlib.crc32(padded[start : start + length].encode()) % COLUMNS
                for length in LENGTHS
                for start in range(max(1, len(padded) - length + 1))
            )
    columns = np.fromiter(counts.keys(), np.intp, len(counts))
    values = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
    return columns, values


def _sparse(rows: Sequence[tuple[npt.NDArray[np.intp], Vectors]]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    ends = np.concatenate([[0], np.cumsum([len(columns) for columns, _ in rows])])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, columns, ends), shape=(len(rows), COLUMNS), dtype=np.float32)


def _weighted(counts: csr_matrix, rarity: Vectors) -> csr_matrix:
    from sklearn.preprocessing import normalize

    weighted = counts.copy()
    weighted.data *= rarity[weighted.indices]
    return normalize(weighted, copy=False)
