"""How sure a share is, and whether a difference is more than chance. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from kb_index.gate import sign_test

#: Two-sided 95 %.
Z = 1.959964


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927); (0, 1) of nothing."""
    if not n:
        return 0.0, 1.0
    share, square = hits / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def chance_of(worse: int, better: int) -> float:
    """Return the one-sided p of the exact McNemar test (McNemar 1947; exact: binomial).

    `worse` and `better` count the texts on which only the old, only the new one is right; p is the
    chance of at least `worse` when either is as likely.
    """
    return sign_test(worse, better)


def area_under_risk(right: Sequence[bool], sureness: Sequence[float]) -> float | None:
    """Return the area under the risk–coverage curve (AURC), 0 the best; None of nothing.

    The mean share of wrong ones among the surest k, over all k (Geifman and El-Yaniv 2017). Equally
    sure ones count as the mean of all their orders.
    """
    if not right:
        return None
    order = sorted(range(len(right)), key=lambda i: -sureness[i])
    total, wrong, start = 0.0, 0, 0
    while start < len(order):
        end = start
        while end < len(order) and sureness[order[end]] == sureness[order[start]]:
            end += 1
        missed = sum(not right[i] for i in order[start:end])
        for k in range(start + 1, end + 1):
            total += (wrong + missed * (k - start) / (end - start)) / k
        wrong += missed
        start = end
    return total / len(order)


def median(values: Sequence[float]) -> float:
    """Return the middle value; of two the mean."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2
