"""Groups what says nearly the same around the densest places."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kb_index.embedding import FloatMatrix

#: Rows compared with all others at a time; bounds the memory.
BLOCK = 1024


def dense_groups(vectors: FloatMatrix, *, least: float) -> list[list[int]]:
    """Return groups of row numbers, the largest neighbourhoods first; each begins with its medoid.

    Every member is at least `least` (cosine) from the first one, so groups do not grow in chains.
    A row is in one group; most groups have one row.

    Args:
        vectors: (n, d), rows of length 1.
        least: Cosine from which on two are neighbours.
    """
    count = len(vectors)
    neighbours = np.zeros(count, dtype=np.int64)
    for start in range(0, count, BLOCK):
        near = vectors[start : start + BLOCK] @ vectors.T >= least
        neighbours[start : start + BLOCK] = near.sum(axis=1)
    free: npt.NDArray[np.bool_] = np.ones(count, dtype=np.bool_)
    groups: list[list[int]] = []
    for seed in np.argsort(-neighbours, kind="stable"):
        if not free[seed]:
            continue
        similar = vectors @ vectors[seed]
        similar[seed] = 2.0  # itself first, whatever rounding says
        members = np.flatnonzero((similar >= least) & free)
        members = members[np.argsort(-similar[members], kind="stable")]
        free[members] = False
        groups.append([int(member) for member in members])
    return groups
