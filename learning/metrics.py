"""Measures of intent recognition with out-of-scope texts, over plain lists."""

from __future__ import annotations

from collections.abc import Sequence

#: The label of texts that are not about anything the bot knows.
OOS = "oos"


def accuracy_in_scope(gold: Sequence[str], predicted: Sequence[str]) -> float | None:
    """Return the share of in-scope texts with the right intent (refused ones count as wrong)."""
    pairs = [(g, p) for g, p in zip(gold, predicted, strict=True) if g != OOS]
    return sum(g == p for g, p in pairs) / len(pairs) if pairs else None


def macro_f1(gold: Sequence[str], predicted: Sequence[str]) -> float | None:
    """Return the mean F1 over the in-scope intents of `gold`; each counts the same."""
    names = sorted({name for name in gold if name != OOS})
    return sum(_f1(gold, predicted, name) for name in names) / len(names) if names else None


def oos_recall(gold: Sequence[str], predicted: Sequence[str]) -> float | None:
    """Return the share of out-of-scope texts that were refused; None without any."""
    refused = [p == OOS for g, p in zip(gold, predicted, strict=True) if g == OOS]
    return sum(refused) / len(refused) if refused else None


def oos_precision(gold: Sequence[str], predicted: Sequence[str]) -> float | None:
    """Return the share of refused texts that were out of scope; None if there is none of either."""
    right = [g == OOS for g, p in zip(gold, predicted, strict=True) if p == OOS]
    return sum(right) / len(right) if right and OOS in gold else None


def oos_auroc(gold: Sequence[str], scores: Sequence[float]) -> float | None:
    """Return the area under the ROC curve of "out of scope".

    That is the chance that an out-of-scope text scores above an in-scope one (ties count half),
    by the rank-sum formula of Mann and Whitney.

    Args:
        gold: True labels.
        scores: The higher, the more likely out of scope.
    """
    outside = sum(g == OOS for g in gold)
    inside = len(gold) - outside
    if not outside or not inside:
        return None
    order = sorted(range(len(gold)), key=lambda i: scores[i])
    rank_sum, start = 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        mean_rank = (start + 1 + end) / 2
        rank_sum += mean_rank * sum(gold[order[i]] == OOS for i in range(start, end))
        start = end
    return (rank_sum - outside * (outside + 1) / 2) / (outside * inside)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` (0..1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def _f1(gold: Sequence[str], predicted: Sequence[str], name: str) -> float:
    hits = sum(g == p == name for g, p in zip(gold, predicted, strict=True))
    found, wanted = sum(p == name for p in predicted), sum(g == name for g in gold)
    return 2 * hits / (found + wanted) if hits else 0.0
