"""Expected calibration error: how far stated probabilities are from what then happens.

ECE = Σ over bins of (questions in it / all questions) · |mean confidence − share that were right|
(Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, equation 3), over ten bins of
equal mass instead of equal width (Nguyen and O'Connor, "Posterior calibration and exploratory
analysis for natural language processing models", EMNLP 2015, section 3), since confidences crowd
near 0 and 1. Equal confidences are never parted, so bins may differ in mass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: How many bins there are, if there are as many different confidences.
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions with neighbouring confidences: their number, mean confidence, share right."""

    n: int
    confidence: float
    right: float


def reliability(
    confidences: Sequence[float], right: Sequence[bool], *, bins: int = BINS
) -> list[Bin]:
    """Return the bins, lowest confidences first, none of them empty.

    Args:
        confidences: probabilities, 0 to 1.
        right: for each, whether it came true.
        bins: at most so many.
    """
    if not confidences:
        return []
    order = np.argsort(confidences, kind="stable")
    stated = np.asarray(confidences, dtype=np.float64)[order]
    true = np.asarray(right, dtype=np.float64)[order]
    wanted = np.arange(1, bins) * len(stated) // bins
    starts = np.unique(np.searchsorted(stated, stated[wanted], side="left"))
    parts = zip(np.split(stated, starts), np.split(true, starts), strict=True)
    return [Bin(len(a), float(a.mean()), float(b.mean())) for a, b in parts if len(a)]


def calibration_error(
    confidences: Sequence[float], right: Sequence[bool], *, bins: int = BINS
) -> float | None:
    """Return the expected calibration error, 0.0 (perfect) to 1.0; None without questions."""
    if not confidences:
        return None
    found = reliability(confidences, right, bins=bins)
    return sum(one.n * abs(one.confidence - one.right) for one in found) / len(confidences)
