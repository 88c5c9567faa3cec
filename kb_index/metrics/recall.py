"""Recall at k as a customer feels it: is a right article among the first k?"""

from __future__ import annotations

from collections.abc import Collection, Sequence


def recall_at(k: int, ranked: Sequence[str], right: Collection[str]) -> float:
    """Return 1.0 when one of the `right` ids is among the first `k` of `ranked`, else 0.0."""
    return float(any(found in right for found in ranked[:k]))
