"""Area under the ROC curve: how well a number tells two groups apart.

The share of pairs (one of each group) in which the positive one has the higher number, equal ones
counting one half: U / (n₁ · n₂) of Mann and Whitney (Fawcett, "An introduction to ROC analysis",
Pattern Recognition Letters 27, 2006, section 7).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the area, 0.0 to 1.0 (0.5: by chance); None when a group is empty.

    Args:
        positive: numbers of those that should have high ones.
        negative: numbers of the others.
    """
    if not positive or not negative:
        return None
    others = np.sort(np.asarray(negative, dtype=np.float64))
    below = np.searchsorted(others, positive, side="left")
    not_above = np.searchsorted(others, positive, side="right")
    return float((below + not_above).sum() / 2 / (len(positive) * len(negative)))
