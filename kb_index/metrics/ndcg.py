"""Normalised discounted cumulative gain with right/wrong relevance.

DCG = Σ over right ids at rank r of 1 / log2(r + 1), divided by the DCG of the best possible order
(Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence


def ndcg_at(k: int, ranked: Sequence[str], right: Collection[str]) -> float:
    """Return nDCG of the first `k` ids, 0.0 to 1.0; 0.0 when nothing is right."""
    gained = sum(
        1 / math.log2(rank + 1) for rank, found in enumerate(ranked[:k], start=1) if found in right
    )
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(right)) + 1))
    return gained / best if best else 0.0
