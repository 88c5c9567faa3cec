"""Ranks articles from the scores of their chunks by meaning and by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb_index.fusion import fuse


@dataclass(frozen=True, slots=True)
class Scored:
    """A chunk (its number in the index) with a score of one kind."""

    chunk: int
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article with its best chunk and the evidence for it; `rank_*` count from 1, 0 = not found."""

    article: str
    chunk: int
    score: float
    cosine: float
    lexical: float
    rank_dense: int
    rank_lexical: int


def rank_articles(
    dense: Sequence[Scored], lexical: Sequence[Scored], *, article_of: Sequence[str]
) -> list[Candidate]:
    """Fuse two lists of chunks, each best first, into articles, best first.

    An article stands in each list where its best chunk does; the two lists of articles are fused by
    reciprocal rank. The chunk shown is the one that the fusion of the chunk lists puts first.
    """
    best_dense = _best_by_article(dense, article_of)
    best_lexical = _best_by_article(lexical, article_of)
    chunks = fuse([[one.chunk for one in dense], [one.chunk for one in lexical]])
    shown: dict[str, int] = {}
    for chunk, _ in chunks:
        shown.setdefault(article_of[chunk], chunk)
    ranks_dense = {article: rank for rank, article in enumerate(best_dense, start=1)}
    ranks_lexical = {article: rank for rank, article in enumerate(best_lexical, start=1)}
    return [
        Candidate(
            article=article,
            chunk=shown[article],
            score=score,
            cosine=best_dense.get(article, 0.0),
            lexical=best_lexical.get(article, 0.0),
            rank_dense=ranks_dense.get(article, 0),
            rank_lexical=ranks_lexical.get(article, 0),
        )
        for article, score in fuse([list(best_dense), list(best_lexical)])
    ]


def _best_by_article(scored: Sequence[Scored], article_of: Sequence[str]) -> dict[str, float]:
    best: dict[str, float] = {}
    for one in scored:
        best.setdefault(article_of[one.chunk], one.score)
    return best
