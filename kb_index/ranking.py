"""Ranks articles by the evidence of their chunks, and chooses the chunk to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb_index.fusion import ARTICLE_WEIGHTS, PASSAGE_WEIGHTS, Evidence, Weights, fuse


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article with its strongest evidence of each kind and the number of the chunk to show."""

    article: str
    chunk: int
    score: float
    evidence: Evidence


def rank_articles(
    found: Mapping[int, Evidence],
    *,
    article_of: Sequence[str],
    weights: Weights = ARTICLE_WEIGHTS,
) -> list[Candidate]:
    """Rank articles, best first, from the evidence for chunks (by their number in the index).

    An article counts as much as the strongest evidence of each kind, even of different chunks: a
    question may name the thing in one section and be answered in another. (Means over an article's
    best three chunks were worse on every tuning set.)
    """
    best_words = max((one.words for one in found.values()), default=0.0)
    chunks_of: dict[str, list[int]] = {}
    for chunk in sorted(found):
        chunks_of.setdefault(article_of[chunk], []).append(chunk)
    candidates = []
    for article, chunks in chunks_of.items():
        strongest = Evidence(
            meaning=max(found[chunk].meaning for chunk in chunks),
            heading=max(found[chunk].heading for chunk in chunks),
            words=max(found[chunk].words for chunk in chunks),
        )
        passages = [
            (fuse(found[chunk], best_words=best_words, weights=PASSAGE_WEIGHTS), -chunk)
            for chunk in chunks
        ]
        candidates.append(
            Candidate(
                article=article,
                chunk=-max(passages)[1],
                score=fuse(strongest, best_words=best_words, weights=weights),
                evidence=strongest,
            )
        )
    return sorted(candidates, key=lambda one: (-one.score, one.article))
