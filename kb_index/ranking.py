"""Ranks articles by their evidence, and chooses the chunk of an article to show."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb_index.confidence import Features
from kb_index.evidence import Evidence
from kb_index.fusion import PASSAGE_WEIGHTS, Weights, fuse

#: Returns the inner products of the question with the names of chunks' sections, float32 (chunks,).
NameScores = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]]
#: How many other articles an article is compared with.
_RIVALS = 5
#: Added to the score of an article that the question is pinned to; other scores stay below 3.
_PINNED = 10.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article by its number, with the number of the chunk to show and what speaks for it."""

    article: int
    chunk: int
    score: float
    features: Features


def rank_articles(
    evidence: Evidence,
    *,
    weights: Weights,
    names: NameScores,
    k: int,
    pinned: Collection[int] = (),
) -> list[Ranked]:
    """Rank articles, best first; equal ones in their order in the index.

    The articles in `pinned` (numbers) come before all others.
    """
    first = np.isin(evidence.articles, list(pinned))
    scores = fuse(evidence, weights=weights) + _PINNED * first.astype(np.float32)
    order = np.argsort(-scores, kind="stable")

    def rank(place: int, position: int) -> Ranked:
        score = float(scores[position])
        rivals = scores[np.delete(order, place)[:_RIVALS]]
        return Ranked(
            article=int(evidence.articles[position]),
            chunk=_best_chunk(evidence, position, names=names),
            score=score,
            features=Features(
                meaning=float(evidence.meaning[position]),
                length=evidence.length,
                unknown=evidence.unknown,
                margin=score - float(rivals[0]) if len(rivals) else None,
                lead=score - float(rivals.mean()) if len(rivals) else None,
            ),
        )

    return [rank(place, position) for place, position in enumerate(order[:k].tolist())]


def _best_chunk(evidence: Evidence, position: int, *, names: NameScores) -> int:
    at = evidence.chunks_of(position)
    rows = evidence.rows[at]
    weights = PASSAGE_WEIGHTS
    scores = (
        weights.meaning * evidence.chunk_meaning[at]
        + weights.title * names(rows)
        + weights.words * evidence.chunk_words[at]
    )
    return int(rows[int(np.argmax(scores))])
