"""Searches one opened version of the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np

from kb_index import store, versions
from kb_index.analyzers import analyze
from kb_index.chunking import Chunk
from kb_index.confidence import USUAL_LIFT, USUAL_MARGIN, Features, probability
from kb_index.embedding import FloatVector
from kb_index.errors import IndexBroken
from kb_index.fusion import ARTICLE_WEIGHTS, Evidence, Weights
from kb_index.lexical import Lexical
from kb_index.manifest import read_manifest
from kb_index.model_settings import ModelSettings
from kb_index.quoting import quote
from kb_index.ranking import Candidate, rank_articles

#: How many chunks are taken by meaning, and as many by words, before they are weighed together.
DEPTH = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that may answer; `quote` is plain text of its passage, at most 700 characters.

    `score` orders hits of one search, `confidence` is the probability, 0 to 1, that it answers.
    """

    article_id: str
    locale: str
    title: str
    anchor: str
    heading: str
    quote: str
    updated: str
    score: float
    confidence: float


class IndexVersion:
    """One version of the index in memory; never changes, so threads may share it."""

    def __init__(
        self,
        version: str,
        *,
        chunks: list[Chunk],
        vectors: faiss.Index,
        headings: faiss.Index,
        lexical: Lexical,
    ) -> None:
        self.version = version
        self._chunks = chunks
        self._vectors = vectors
        self._headings = headings
        self._lexical = lexical
        self._article_of = [f"{chunk.locale}/{chunk.article_id}" for chunk in chunks]
        self._locales = _ranges([chunk.locale for chunk in chunks])
        self._articles = _ranges(self._article_of)

    @classmethod
    def open(cls, kb_dir: Path, version: str, *, model: ModelSettings) -> IndexVersion:
        """Open a version.

        Raises:
            IndexMismatch: it was built with another model or other settings.
            IndexBroken: a file of it is missing or damaged.
        """
        folder = versions.version_folder(kb_dir, version)
        read_manifest(folder).require_fit(folder, model=model)
        chunks = store.read_chunks(folder)
        vectors, headings = store.read_vectors(folder), store.read_headings(folder)
        if not vectors.ntotal == headings.ntotal == len(chunks):
            sizes = f"{vectors.ntotal} and {headings.ntotal} vectors for {len(chunks)} chunks"
            raise IndexBroken(str(folder), sizes)
        lexical = store.read_lexical(folder)
        return cls(version, chunks=chunks, vectors=vectors, headings=headings, lexical=lexical)

    @property
    def locales(self) -> list[str]:
        """The locales that have articles."""
        return list(self._locales)

    @property
    def n_chunks(self) -> int:
        """How many chunks the version holds."""
        return len(self._chunks)

    def search(
        self,
        question: str,
        vector: FloatVector,
        *,
        locales: Sequence[str],
        k: int,
        weights: Weights = ARTICLE_WEIGHTS,
    ) -> list[Hit]:
        """Find up to `k` articles of some locales, best first.

        `vector` is the question's, float32 (dimension,), of length 1.
        """
        ranges = [self._locales[name] for name in locales if name in self._locales]
        return self._search(question, vector, ranges=ranges, k=k, weights=weights)

    def search_article(
        self, question: str, vector: FloatVector, *, article_id: str, locale: str
    ) -> Hit | None:
        """Find the passage of one article that fits best; None when there is no such article."""
        chunks = self._articles.get(f"{locale}/{article_id}")
        if chunks is None:
            return None
        hits = self._search(question, vector, ranges=[chunks], k=1, weights=ARTICLE_WEIGHTS)
        return hits[0]

    def _search(
        self,
        question: str,
        vector: FloatVector,
        *,
        ranges: Sequence[range],
        k: int,
        weights: Weights,
    ) -> list[Hit]:
        words = analyze(question)
        found = self._gather(vector, words, ranges)
        ranked = rank_articles(found, article_of=self._article_of, weights=weights)
        return [self._hit(one, ranked, question=question, words=words) for one in ranked[:k]]

    def _gather(
        self, vector: FloatVector, words: list[str], ranges: Sequence[range]
    ) -> dict[int, Evidence]:
        """Take the nearest chunks by meaning and the best by words, each with all its evidence."""
        scores = self._lexical.score(words)
        chosen: set[int] = set()
        for chunks in ranges:
            chosen.update(self._nearest(vector, chunks))
            part = scores[chunks.start : chunks.stop]
            best = chunks.start + np.argsort(-part, kind="stable")[:DEPTH]
            chosen.update(best[scores[best] > 0].tolist())
        numbers = np.array(sorted(chosen), dtype=np.int64)
        meaning = self._vectors.reconstruct_batch(numbers) @ vector
        heading = self._headings.reconstruct_batch(numbers) @ vector
        columns = zip(numbers, meaning, heading, scores[numbers], strict=True)
        return {int(n): Evidence(float(m), float(h), float(w)) for n, m, h, w in columns}

    def _nearest(self, vector: FloatVector, chunks: range) -> list[int]:
        selected = faiss.IDSelectorRange(chunks.start, chunks.stop)
        within = faiss.SearchParameters(sel=selected)  # type: ignore[call-arg] # added at run time
        _, ids = self._vectors.search(vector[None, :], min(DEPTH, len(chunks)), params=within)
        return [number for number in ids[0].tolist() if number >= 0]

    def _hit(
        self, candidate: Candidate, ranked: Sequence[Candidate], *, question: str, words: list[str]
    ) -> Hit:
        passage = self._chunks[candidate.chunk]
        coverage = self._coverage(words, passage.indexed_text)
        return Hit(
            article_id=passage.article_id,
            locale=passage.locale,
            title=passage.title,
            anchor=passage.anchor,
            heading=passage.heading,
            quote=self._quote(candidate, question),
            updated=passage.updated,
            score=candidate.score,
            confidence=probability(measure(candidate, ranked, coverage=coverage)),
        )

    def _quote(self, candidate: Candidate, question: str) -> str:
        """Quote the passage, or if it is only part of a long list, the article's first words."""
        chunks = [candidate.chunk, *self._articles[candidate.article]]
        quotes = (quote(self._chunks[number].blocks, question) for number in chunks)
        return next((words for words in quotes if words), self._chunks[candidate.chunk].name)

    def _coverage(self, words: list[str], text: str) -> float:
        """Return the share of the question's words that are in `text`, rare words counting more."""
        rarity = {word: self._lexical.rarity(word) for word in words}
        total = sum(rarity.values())
        present = set(analyze(text))
        return sum(rarity[word] for word in rarity if word in present) / total if total else 0.0


def measure(candidate: Candidate, ranked: Sequence[Candidate], *, coverage: float) -> Features:
    """Measure what speaks for a candidate, given all candidates of its search, best first."""
    own = candidate.evidence
    best_words = max(one.evidence.words for one in ranked)
    rivals = [one for one in ranked[:DEPTH] if one.article != candidate.article]
    lift, margin = USUAL_LIFT, USUAL_MARGIN
    if rivals:
        lift = own.meaning - sum(one.evidence.meaning for one in rivals) / len(rivals)
        margin = candidate.score - rivals[0].score
    return Features(
        meaning=own.meaning,
        lift=lift,
        margin=margin,
        coverage=coverage,
        words=own.words / best_words if best_words else 0.0,
    )


def _ranges(names: Sequence[str]) -> dict[str, range]:
    """Return the range of numbers of each name; equal names stand together."""
    ranges: dict[str, range] = {}
    for number, name in enumerate(names):
        start = ranges[name].start if name in ranges else number
        ranges[name] = range(start, number + 1)
    return ranges
