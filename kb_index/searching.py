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
from kb_index.confidence import Features, probability
from kb_index.embedding import FloatVector
from kb_index.errors import IndexBroken
from kb_index.lexical import Lexical
from kb_index.manifest import read_manifest
from kb_index.model_settings import ModelSettings
from kb_index.quoting import quote
from kb_index.ranking import Candidate, Scored, rank_articles

#: How many chunks each of the two lists holds: enough that the right article is in one of them in
#: 99 % of cases on every tuning set.
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
        self, version: str, *, chunks: list[Chunk], vectors: faiss.Index, lexical: Lexical
    ) -> None:
        self.version = version
        self._chunks = chunks
        self._vectors = vectors
        self._lexical = lexical
        self._article_of = [f"{chunk.locale}/{chunk.article_id}" for chunk in chunks]
        self._ranges = _locale_ranges(chunks)

    @classmethod
    def open(cls, kb_dir: Path, version: str, *, model: ModelSettings) -> IndexVersion:
        """Open a version.

        Raises:
            IndexMismatch: it was built with another model or other settings.
            IndexBroken: a file of it is missing or damaged.
        """
        folder = versions.version_folder(kb_dir, version)
        read_manifest(folder).require_fit(folder, model=model)
        chunks, vectors = store.read_chunks(folder), store.read_vectors(folder)
        if vectors.ntotal != len(chunks):
            raise IndexBroken(str(folder), f"{vectors.ntotal} vectors for {len(chunks)} chunks")
        return cls(version, chunks=chunks, vectors=vectors, lexical=store.read_lexical(folder))

    @property
    def locales(self) -> list[str]:
        """The locales that have articles."""
        return list(self._ranges)

    @property
    def n_chunks(self) -> int:
        """How many chunks the version holds."""
        return len(self._chunks)

    def search(
        self, question: str, vector: FloatVector, *, locales: Sequence[str], k: int
    ) -> list[Hit]:
        """Find up to `k` articles of some locales, best first; `vector` is (dimension,), of length 1."""
        ranges = [self._ranges[name] for name in locales if name in self._ranges]
        words = analyze(question)
        dense = self._search_dense(vector, ranges)
        candidates = rank_articles(
            dense, self._search_lexical(words, ranges), article_of=self._article_of
        )
        confidences = self._confidences(candidates[:k], candidates, words=words)
        return [
            self._hit(candidate, question=question, confidence=confidence)
            for candidate, confidence in zip(candidates[:k], confidences, strict=True)
        ]

    def _search_dense(self, vector: FloatVector, ranges: Sequence[range]) -> list[Scored]:
        found: list[Scored] = []
        for chunks in ranges:
            chosen = faiss.SearchParameters(sel=faiss.IDSelectorRange(chunks.start, chunks.stop))
            scores, ids = self._vectors.search(
                vector[None, :], min(DEPTH, len(chunks)), params=chosen
            )
            found += [
                Scored(int(i), float(s)) for s, i in zip(scores[0], ids[0], strict=True) if i >= 0
            ]
        return sorted(found, key=lambda one: -one.score)[:DEPTH]

    def _search_lexical(self, words: list[str], ranges: Sequence[range]) -> list[Scored]:
        scores = self._lexical.score(words)
        wanted = np.zeros_like(scores)
        for chunks in ranges:
            wanted[chunks.start : chunks.stop] = scores[chunks.start : chunks.stop]
        best = np.argsort(-wanted, kind="stable")[:DEPTH]
        return [Scored(int(i), float(wanted[i])) for i in best if wanted[i] > 0]

    def _confidences(
        self, hits: Sequence[Candidate], candidates: Sequence[Candidate], *, words: list[str]
    ) -> list[float]:
        return [
            probability(features)
            for features in measure(
                hits, candidates, coverages=[self._coverage(hit, words) for hit in hits]
            )
        ]

    def _coverage(self, hit: Candidate, words: list[str]) -> float:
        """Return the share of the question's words that the passage has, weighted by their rarity."""
        rarity = {word: self._lexical.rarity(word) for word in words}
        total = sum(rarity.values())
        if not total:
            return 0.0
        present = set(analyze(self._chunks[hit.chunk].indexed_text))
        return sum(weight for word, weight in rarity.items() if word in present) / total

    def _hit(self, candidate: Candidate, *, question: str, confidence: float) -> Hit:
        chunk = self._chunks[candidate.chunk]
        return Hit(
            article_id=chunk.article_id,
            locale=chunk.locale,
            title=chunk.title,
            anchor=chunk.anchor,
            heading=chunk.heading,
            quote=quote(chunk.blocks, question),
            updated=chunk.updated,
            score=candidate.score,
            confidence=confidence,
        )


def measure(
    hits: Sequence[Candidate], candidates: Sequence[Candidate], *, coverages: Sequence[float]
) -> list[Features]:
    """Measure what speaks for each hit, given all candidates of its search."""
    cosines = sorted((one.cosine for one in candidates if one.cosine), reverse=True)
    mean = float(np.mean(cosines)) if cosines else 0.0
    best_lexical = max((one.lexical for one in candidates), default=0.0)
    measured = []
    for hit, coverage in zip(hits, coverages, strict=True):
        others = [one for one in cosines[:2] if one != hit.cosine]
        measured.append(
            Features(
                cosine=hit.cosine,
                lift=hit.cosine - mean,
                margin=hit.cosine - others[0] if others else 0.0,
                coverage=coverage,
                lexical_share=hit.lexical / best_lexical if best_lexical else 0.0,
                agreement=float(hit.rank_dense == 1 and hit.rank_lexical == 1),
            )
        )
    return measured


def _locale_ranges(chunks: Sequence[Chunk]) -> dict[str, range]:
    """Return the range of chunk numbers of each locale; chunks of a locale stand together."""
    ranges: dict[str, range] = {}
    for number, chunk in enumerate(chunks):
        start = ranges[chunk.locale].start if chunk.locale in ranges else number
        ranges[chunk.locale] = range(start, number + 1)
    return ranges
