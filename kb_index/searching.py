"""Searches one opened version of the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb_index import versions
from kb_index.confidence import Confidence, assess
from kb_index.evidence import Evidence, Query, gather, question_words, weigh
from kb_index.fusion import ARTICLE_WEIGHTS, Weights, fuse
from kb_index.markdown import Block
from kb_index.model_settings import ModelSettings
from kb_index.opened import Opened, open_version
from kb_index.passages import quote_chunk
from kb_index.ranking import Ranked, rank_articles
from kb_index.twins import hear_twins

#: Articles that are weighed to the end.
_SHORTLIST = 50
#: The least confidence in an article that the question is pinned to: the maintainer has decided.
_PINNED_CONFIDENCE = 0.99


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that may answer.

    `quote` is plain text of its passage, at most 700 characters; only the first hit of a search is
    quoted, others have "".
    `score` orders hits of one search; `confidence` is the probability, 0 to 1, that it answers,
    `covered` that any article does.
    `url` is the article's page elsewhere; "" when Baton shows it. `blocks` are the quote with its
    links, code and tables; it begins right below the anchor unless `at_anchor` is False.
    """

    article_id: str
    locale: str
    title: str
    anchor: str
    heading: str
    quote: str
    updated: str
    url: str
    score: float
    confidence: float
    covered: float
    blocks: tuple[Block, ...] = ()
    at_anchor: bool = True


class IndexVersion:
    """Searches one version; never changes, so threads may share it."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._more: dict[str, list[str]] = {}  # found once; a second thread finds the same

    @classmethod
    def open(cls, kb_dir: Path, version: str, *, model: ModelSettings) -> IndexVersion:
        """Open a version.

        Raises:
            IndexMismatch: it was built with another model or other settings.
            IndexBroken: a file of it is missing or damaged.
        """
        folder = versions.version_folder(kb_dir, version)
        return cls(open_version(folder, version, model=model))

    @property
    def version(self) -> str:
        """The version's name."""
        return self._opened.version

    @property
    def locales(self) -> list[str]:
        """The locales that have articles."""
        return list(self._opened.chunks.locales)

    @property
    def n_chunks(self) -> int:
        """How many chunks the version holds."""
        return len(self._opened.chunks)

    def locales_with_more_than(self, locale: str) -> list[str]:
        """The locales with an article that there is not in `locale`."""
        if locale not in self._more:
            self._more[locale] = self._opened.locales_with_more_than(locale)
        return self._more[locale]

    def rewrite(self, question: str, *, locale: str) -> str | None:
        """Return the question in the articles' words, None when it holds no known synonym."""
        return self._opened.synonyms.rewrite(question, locale)

    def search(
        self,
        queries: Sequence[Query],
        *,
        locales: Sequence[str],
        k: int,
        besides: str = "",
        weights: Weights = ARTICLE_WEIGHTS,
    ) -> list[Hit]:
        """Find up to `k` articles of some locales, best first.

        An article of several locales is found once, and one that there is in the locale `besides`
        is not found at all. `queries` are the forms of one question, as the customer put it first;
        their vectors are of length 1.
        """
        centred = self._centre(queries, weights=weights)
        evidence = gather(self._opened, centred, locales=locales)
        evidence = evidence.take(self._shortlist(evidence, besides=besides, weights=weights))
        if weights.twins:
            evidence = hear_twins(self._opened, centred, evidence)
        return self._hits(centred, evidence, weights=weights, k=k)

    def _shortlist(
        self, evidence: Evidence, *, besides: str, weights: Weights
    ) -> npt.NDArray[np.int64]:
        """Choose the best articles, each in one locale, and none that there is in `besides`."""
        order = np.argsort(-fuse(evidence, weights=weights), kind="stable")
        twins, starts = self._opened.tables.twins_of(evidence.articles)
        own = self._opened.chunks.locale_articles(besides)
        seen: set[int] = set()
        chosen: list[int] = []
        for position in order.tolist():
            if len(chosen) == _SHORTLIST:
                break
            same = twins[starts[position] : starts[position + 1]].tolist()
            if seen.isdisjoint(same) and not any(one in own for one in same):
                seen.add(int(evidence.articles[position]))
                chosen.append(position)
        return np.array(chosen, dtype=np.int64)

    def search_article(
        self, queries: Sequence[Query], *, article_id: str, locale: str
    ) -> Hit | None:
        """Find the passage of one article that fits best; None when there is no such article."""
        number = self._opened.chunks.article_number(f"{locale}/{article_id}")
        if number is None:
            return None
        centred = self._centre(queries, weights=ARTICLE_WEIGHTS)
        evidence = weigh(self._opened, centred, articles=np.array([number], dtype=np.int64))
        return self._hits(centred, evidence, weights=ARTICLE_WEIGHTS, k=1)[0]

    def _centre(self, queries: Sequence[Query], *, weights: Weights) -> list[Query]:
        space = self._opened.questions
        return [Query(one.text, space.centre(one.vector, share=weights.centre)) for one in queries]

    def _hits(
        self, queries: Sequence[Query], evidence: Evidence, *, weights: Weights, k: int
    ) -> list[Hit]:
        def names(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            return self._name_scores(queries, rows)

        question = queries[0].text
        pinned = self._opened.pinned.get(question_words(question), frozenset())
        ranked = rank_articles(evidence, weights=weights, names=names, k=k, pinned=pinned)
        hits = [self._hit(one, pinned=one.article in pinned) for one in ranked]
        if hits:
            hits[0] = self._quoted(hits[0], ranked[0], question)
        return hits

    def _name_scores(
        self, queries: Sequence[Query], rows: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float32]:
        names = self._opened.tables.name_of[rows].astype(np.int64)
        named = names >= 0
        if not named.any():
            return np.zeros(len(rows), np.float32)
        found = [self._opened.names.similarities(one.vector, names[named]) for one in queries]
        best = np.maximum.reduce(found)
        # a chunk without a name is neither better nor worse off than the others
        scores = np.full(len(rows), best.mean(), np.float32)
        scores[named] = best
        return scores

    def _hit(self, ranked: Ranked, *, pinned: bool) -> Hit:
        passage = self._opened.chunks[ranked.chunk]
        sure = assess(ranked.features)
        if pinned:
            sure = Confidence(1.0, max(sure.right, _PINNED_CONFIDENCE))
        return Hit(
            article_id=passage.article_id,
            locale=passage.locale,
            title=passage.title,
            anchor=passage.anchor,
            heading=passage.heading,
            quote="",
            updated=passage.updated,
            url=passage.url,
            score=ranked.score,
            confidence=sure.right,
            covered=sure.covered,
        )

    def _quoted(self, hit: Hit, ranked: Ranked, question: str) -> Hit:
        chunks = self._opened.chunks
        found = quote_chunk(
            chunks,
            ranked.chunk,
            question,
            article=chunks.article_rows(ranked.article),
            rarity=self._opened.chunk_words.rarity,
        )
        return replace(hit, quote=found.text, blocks=found.blocks, at_anchor=found.from_start)
