"""Fuses rankings that cannot be compared by score: reciprocal-rank fusion.

score(d) = Σ over rankings of weight / (k + rank of d), ranks from 1; k = 60 as in Cormack, Clarke and
Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

#: Damps the first ranks; the paper's value.
K = 60

Item = TypeVar("Item", bound=Hashable)


def fuse(
    rankings: Sequence[Sequence[Item]], *, weights: Sequence[float] | None = None, k: float = K
) -> list[tuple[Item, float]]:
    """Return (item, score), best first; items of equal score keep the order of first appearance."""
    scores: dict[Item, float] = {}
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + weight / (k + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])
