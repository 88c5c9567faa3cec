"""The percentile that every measurement of time here uses."""

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile: the smallest value with `percent` % at or below it.

    Formula: the value at rank ceil(percent / 100 · n) of the sorted values (Hyndman & Fan 1996,
    type 1). No interpolation: what is returned was measured.

    Args:
        values: at least one.
        percent: above 0, up to 100.

    Raises:
        ValueError: no values, or a percentage out of range.
    """
    if not values:
        raise ValueError("a percentile needs at least one value")
    if not 0 < percent <= 100:
        raise ValueError(f"{percent} is not above 0 and up to 100")
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]
