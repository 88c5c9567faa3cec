"""Reciprocal rank of the first right article; its mean over questions is MRR."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def reciprocal_rank_at(k: int, ranked: Sequence[str], right: Collection[str]) -> float:
    """Return 1 / rank (from 1) of the first right id among the first `k`, 0.0 if there is none."""
    for rank, found in enumerate(ranked[:k], start=1):
        if found in right:
            return 1 / rank
    return 0.0
