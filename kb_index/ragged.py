"""Handles lists of different lengths as one array and where each of them begins."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


def expand(firsts: Rows, stops: Rows) -> tuple[Rows, Rows]:
    """Return the numbers of all ranges [first, stop), one range after the other.

    Returns:
        The numbers, int64 (total,), and where those of each range begin, int64 (ranges + 1,).
    """
    sizes = stops - firsts
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    numbers = np.arange(starts[-1], dtype=np.int64) + np.repeat(firsts - starts[:-1], sizes)
    return numbers, starts
