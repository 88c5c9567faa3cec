"""Near-duplicates: who is like whom, phrase by phrase, for any number of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

#: Cosine from which two phrases are decided together. Of phrases so near to the example of their
#: group 97 % mean the same intent where intents are hardest to tell apart (77 of a bank:
#: Banking77), more elsewhere: scripts/measure_review_order.py.
SAME = 0.96
#: Rows that are compared at a time: 8,192 × 4,096 cosines are 128 MB.
LEADERS_AT_ONCE, PHRASES_AT_ONCE = 8192, 4096


class Leaders:
    """Examples of groups; each stands for the phrases around it. Half precision: 768 bytes each.

    Every phrase is compared with examples only, never with what joined them, so that a group cannot
    creep from one meaning to the next.
    """

    def __init__(self, vectors: Vectors, groups: Sequence[int]) -> None:
        """Begin with examples: (n, d), of length 1, and the groups that they stand for."""
        self._blocks: list[npt.NDArray[np.float16]] = []
        self._groups: list[int] = []
        self.extend(vectors, groups)

    def extend(self, vectors: Vectors, groups: Sequence[int]) -> None:
        """Add examples."""
        if len(groups):
            self._blocks.append(vectors.astype(np.float16))
            self._groups += groups

    def nearest(self, vectors: Vectors) -> tuple[list[int], npt.NDArray[np.float32]]:
        """Return for each row the group of the nearest example, -1 for none, and the cosine."""
        best = np.full(len(vectors), -1.0, np.float32)
        where = np.full(len(vectors), -1, np.int64)
        if len(self._blocks) > 1:
            self._blocks = [np.concatenate(self._blocks)]
        for block in self._blocks:
            for start in range(0, len(block), LEADERS_AT_ONCE):
                cosines = vectors @ block[start : start + LEADERS_AT_ONCE].astype(np.float32).T
                place = cosines.argmax(axis=1)
                found = cosines[np.arange(len(vectors)), place]
                nearer = found > best
                best[nearer], where[nearer] = found[nearer], place[nearer] + start
        return [self._groups[place] if place >= 0 else -1 for place in where], best


def lead(vectors: Vectors, *, same: float = SAME) -> npt.NDArray[np.int64]:
    """Return for each row the row that leads its group; rows of the same lead are one group.

    In the order of the rows: what comes first leads, so the most frequent should come first.
    (n, d) of length 1 → (n,), n up to PHRASES_AT_ONCE.
    """
    cosines = vectors @ vectors.T
    leads = np.full(len(vectors), -1, np.int64)
    best = np.full(len(vectors), -1.0, np.float32)
    for row in range(len(vectors)):
        if leads[row] < 0 or leads[row] == row:
            near = (cosines[row] >= same) & (cosines[row] > best) & (leads != np.arange(len(leads)))
            leads[near], best[near] = row, cosines[row][near]
            leads[row] = row
    return leads
