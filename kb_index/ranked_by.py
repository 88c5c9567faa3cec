"""Ranks articles as other engines do, to measure what Baton's own ranking adds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from enum import Enum

from kb_index.evidence import Query
from kb_index.fusion import MEANING_ONLY, WORDS_ONLY, Weights
from kb_index.searching import IndexVersion

#: Constant of reciprocal-rank fusion, as its authors chose it.
RRF_K = 60
#: How many articles of each list are fused.
_FUSED = 100


class RankedBy(str, Enum):
    """By what articles are ranked."""

    BOTH = "both"  # as Baton does
    MEANING = "meaning"  # vectors alone
    WORDS = "words"  # BM25 alone
    RRF = "rrf"  # the ranks of these two, fused


def rank_plainly(
    index: IndexVersion, query: Query, *, by: RankedBy, locales: Sequence[str], k: int
) -> list[str]:
    """Return up to `k` article ids, best first; `by` is one of the plain ways, not BOTH."""
    if by is RankedBy.RRF:
        lists = [
            rank_plainly(index, query, by=one, locales=locales, k=_FUSED)
            for one in (RankedBy.MEANING, RankedBy.WORDS)
        ]
        return fuse_ranks(lists)[:k]
    weights: Weights = {RankedBy.MEANING: MEANING_ONLY, RankedBy.WORDS: WORDS_ONLY}[by]
    hits = index.search([query], locales=locales, k=k, weights=weights)
    # without a word in common there is no rank by words
    found = [hit.article_id for hit in hits if by is RankedBy.MEANING or hit.score > 0]
    return list(dict.fromkeys(found))


def fuse_ranks(lists: Sequence[Sequence[str]]) -> list[str]:
    """Fuse ranked lists of ids by the sum of 1 / (60 + rank), ranks from 1; equal ones by id.

    Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
    Learning Methods", SIGIR 2009.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    for ranked in lists:
        for rank, found in enumerate(ranked, start=1):
            scores[found] += 1 / (RRF_K + rank)
    return sorted(scores, key=lambda found: (-scores[found], found))
