"""In which order groups are asked about: each next one is what helps most after those before it."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from learning.reviewing.grouping import Vectors

#: How much a decision on one phrase tells of another, by their cosine: a logistic curve. Half at
#: this cosine, and so steep; chosen by scripts/measure_review_order.py.
HALF_AT, STEEP = 0.94, 70.0
#: Cosine from which a decided phrase may say what another one means: of phrases so near a sixth
#: means the same (Banking77), the likeliest of several stands first.
ALIKE = 0.90
#: Less than this is nothing.
LEAST = 0.02
#: Groups whose place is worked out; those behind are nobody's next question.
ORDERED = 3000


def ordered_scores(masses: npt.NDArray[np.float64], vectors: Vectors) -> npt.NDArray[np.float64]:
    """Return for each group what a decision changes, given those on all groups with a higher score.

    Facility location, maximised greedily, which is within 1 - 1/e of the best choice (Nemhauser,
    Wolsey, Fisher, 1978); gains only shrink, so each is worked out anew only when it comes to the
    top (Minoux, 1978).

    Args:
        masses: (n,), probably wrong turns of each group.
        vectors: (n, d) float32 of length 1, of their examples.

    Returns:
        (n,) float64, the turns that a decision touches: the group's own and a share of its
        neighbours', less what earlier decisions told of them.
    """
    neighbours = _neighbours(vectors)
    told = np.zeros(len(masses))
    scores = np.zeros(len(masses))

    def gain(group: int) -> float:
        near, how_much = neighbours[group]
        return float((masses[near] * np.maximum(how_much - told[near], 0.0)).sum())

    heap = [(-gain(group), group) for group in range(len(masses))]
    heapq.heapify(heap)
    while heap:
        _, group = heapq.heappop(heap)
        now = gain(group)
        if heap and now < -heap[0][0] - 1e-12:
            heapq.heappush(heap, (-now, group))
            continue
        scores[group] = now
        near, how_much = neighbours[group]
        told[near] = np.maximum(told[near], how_much)
    return scores


def _neighbours(
    vectors: Vectors,
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
    cosines = (vectors @ vectors.T).astype(np.float64)
    telling = 1 / (1 + np.exp(-STEEP * (cosines - HALF_AT)))
    np.fill_diagonal(telling, 1.0)
    found = []
    for row in telling:
        near = np.flatnonzero(row >= LEAST)
        found.append((near, row[near]))
    return found


def nearest_intents(
    vectors: Vectors, intents: Sequence[str], known: Vectors, *, most: int
) -> list[list[str]]:
    """Return for each row the intents of the decided phrases that are most like it, best first.

    Args:
        vectors: (n, d) float32 of length 1.
        intents: m names, one for each row of `known`.
        known: (m, d) float32 of length 1.
        most: How many are returned at the most.
    """
    if not intents:
        return [[] for _ in vectors]
    names = np.array(intents)
    found = []
    for row in vectors:
        cosines = known @ row
        order = np.argsort(-cosines, kind="stable")[: most * 20]
        told = [str(names[place]) for place in order if cosines[place] >= ALIKE]
        found.append(list(dict.fromkeys(told))[:most])
    return found
