"""Lets the translations of an article speak for it.

The same article in other locales says the same in other words, so the mean of what the embedding
model thinks of all of them is less of an accident than its opinion of one. Customers' own words in
five languages to a help centre translated in part, MRR 0.59 → 0.65.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kb_index.embedding import FloatVector
from kb_index.evidence import Evidence, Query, reach
from kb_index.opened import Opened

#: How much the translations together count against the article itself. With their best instead of
#: their mean the gain is smaller.
_SHARE = np.float32(0.5)


def hear_twins(opened: Opened, queries: Sequence[Query], evidence: Evidence) -> Evidence:
    """Return the evidence with meaning and title of the articles' translations taken in."""
    twins, starts = opened.tables.twins_of(evidence.articles)
    if not len(twins):
        return evidence
    meaning, title = reach(opened, queries, articles=twins)
    sizes = np.diff(starts)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    heard = sizes > 0

    def mix(own: FloatVector, of_twins: FloatVector) -> FloatVector:
        sums = np.bincount(owner, weights=of_twins, minlength=len(own))
        means = sums[heard] / sizes[heard]
        mixed = own.copy()
        mixed[heard] = (1 - _SHARE) * own[heard] + _SHARE * means
        return mixed

    return replace(
        evidence,
        meaning=mix(evidence.meaning, meaning),
        title=mix(evidence.title, title),
    )
