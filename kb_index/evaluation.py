"""Measures retrieval on any corpus with questions whose right articles are known."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kb_index.analyzers import analyze
from kb_index.articles import Article
from kb_index.build import Progress, embed_chunks, silent, stack
from kb_index.chunking import chunk_article
from kb_index.embedding import Embedder
from kb_index.errors import EvaluationInputBroken
from kb_index.fusion import ARTICLE_WEIGHTS, Weights
from kb_index.lexical import Lexical
from kb_index.locales import guess_locale
from kb_index.metrics.ndcg import ndcg_at
from kb_index.metrics.recall import recall_at
from kb_index.metrics.reciprocal_rank import reciprocal_rank_at
from kb_index.searching import IndexVersion
from kb_index.store import flat_index

#: How deep MRR and nDCG look, and thus how many articles are asked for.
DEPTH = 10
#: Articles from which a corpus without a stated language is guessed.
_GUESS_FROM = 50


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the ids of the articles that answer it; none: it cannot be answered."""

    id: str
    text: str
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What the search returned for a question: article ids, best first, and how long it took."""

    question: Question
    ranked: tuple[str, ...]
    confidence: float
    ms: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All questions with what was found; times in seconds and milliseconds."""

    locale: str
    answered: tuple[Answered, ...]
    n_chunks: int
    index_s: float

    def summary(self) -> dict[str, Any]:
        """Return the measures as printed; means are over the questions that have an answer."""
        answerable = [one for one in self.answered if one.question.gold]
        times = [one.ms for one in self.answered]

        def mean(
            measure: Callable[[int, Sequence[str], frozenset[str]], float], k: int
        ) -> float | None:
            values = [measure(k, one.ranked, one.question.gold) for one in answerable]
            return round(float(np.mean(values)), 4) if values else None

        return {
            "n_queries": len(self.answered),
            "n_unanswerable": len(self.answered) - len(answerable),
            "locale": self.locale,
            "recall_at_1": mean(recall_at, 1),
            "recall_at_5": mean(recall_at, 5),
            "mrr_at_10": mean(reciprocal_rank_at, DEPTH),
            "ndcg_at_10": mean(ndcg_at, DEPTH),
            "n_chunks": self.n_chunks,
            "index_s": round(self.index_s, 2),
            "query_ms": {
                "p50": round(float(np.percentile(times, 50)), 2),
                "p95": round(float(np.percentile(times, 95)), 2),
            },
        }


def read_corpus(path: Path, *, locale: str | None) -> list[Article]:
    """Read a corpus: one {"id", "title", "text"} a line, text as Markdown; locale guessed if None.

    Raises:
        EvaluationInputBroken: the file, a line or a field is missing or wrong.
    """
    rows = list(_read_lines(path, required=("id", "text")))
    chosen = locale or guess_locale("\n".join(str(row["text"]) for _, row in rows[:_GUESS_FROM]))
    articles: dict[str, Article] = {}
    for number, row in rows:
        article_id = str(row["id"])
        if article_id in articles:
            raise EvaluationInputBroken(
                f"{path}, line {number}: the id {article_id!r} was used before"
            )
        articles[article_id] = Article(
            id=article_id,
            locale=chosen,
            title=str(row.get("title") or ""),
            updated="",
            tags=(),
            body=str(row["text"]),
        )
    return list(articles.values())


def read_questions(path: Path) -> list[Question]:
    """Read questions: one {"id", "question", "gold": [ids]} a line.

    Raises:
        EvaluationInputBroken: the file, a line or a field is missing or wrong.
    """
    questions = []
    for number, row in _read_lines(path, required=("id", "question", "gold")):
        if not isinstance(row["gold"], list):
            raise EvaluationInputBroken(f"{path}, line {number}: gold is no list of article ids")
        gold = frozenset(str(one) for one in row["gold"])
        questions.append(Question(str(row["id"]), str(row["question"]), gold))
    return questions


def evaluate(
    articles: Sequence[Article],
    questions: Sequence[Question],
    *,
    embedder: Embedder,
    weights: Weights = ARTICLE_WEIGHTS,
    progress: Progress = silent,
) -> Evaluation:
    """Index the articles in memory and ask the questions one by one; times include embedding."""
    started = time.perf_counter()
    index = index_in_memory(articles, embedder=embedder, progress=progress)
    index_s = time.perf_counter() - started
    answered = []
    for question in questions:
        started = time.perf_counter()
        vector = embedder.embed_queries([question.text])[0]
        hits = index.search(question.text, vector, locales=index.locales, k=DEPTH, weights=weights)
        ms = (time.perf_counter() - started) * 1000
        ranked = tuple(hit.article_id for hit in hits)
        answered.append(Answered(question, ranked, hits[0].confidence if hits else 0.0, ms))
    return Evaluation(articles[0].locale, tuple(answered), index.n_chunks, index_s)


def index_in_memory(
    articles: Sequence[Article],
    *,
    embedder: Embedder,
    progress: Progress = silent,
) -> IndexVersion:
    """Index articles of one locale without writing anything."""
    chunks = [chunk for article in articles for chunk in chunk_article(article)]
    pairs = embed_chunks(chunks, embedder, progress=progress)
    vectors = stack([pairs[chunk.id] for chunk in chunks])
    return IndexVersion(
        "memory",
        chunks=chunks,
        vectors=flat_index(vectors.passages),
        headings=flat_index(vectors.headings),
        lexical=Lexical.build([analyze(chunk.indexed_text) for chunk in chunks]),
    )


def _read_lines(path: Path, *, required: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    if not path.is_file():
        raise EvaluationInputBroken(f"{path}: no such file")
    found = False
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise EvaluationInputBroken(f"{path}, line {number}: not JSON ({error})") from error
        missing = [name for name in required if not isinstance(row, dict) or name not in row]
        if missing:
            raise EvaluationInputBroken(f"{path}, line {number}: no {', '.join(missing)}")
        found = True
        yield number, row
    if not found:
        raise EvaluationInputBroken(f"{path}: empty; one JSON object a line is expected")
