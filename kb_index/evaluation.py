"""Measures answers to questions whose right articles are known."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from kb_index.articles import Article
from kb_index.build import Progress, embed, known_vectors, silent, write_files
from kb_index.confidence import Decision
from kb_index.contents import lay_out
from kb_index.cross_fit import cross_fit
from kb_index.embedding import Embedder
from kb_index.evidence import Query
from kb_index.golden import GoldenQuestion
from kb_index.metrics.auroc import auroc
from kb_index.metrics.calibration_error import calibration_error
from kb_index.metrics.coverage import Judged, coverage_at
from kb_index.metrics.ndcg import ndcg_at
from kb_index.metrics.recall import recall_at
from kb_index.metrics.reciprocal_rank import reciprocal_rank_at
from kb_index.opened import open_files
from kb_index.plan import NO_SYNONYMS
from kb_index.ranked_by import RankedBy, rank_plainly
from kb_index.retriever import Retriever, SearchResult
from kb_index.searching import IndexVersion
from kb_index.site_cutoffs import SiteCutoffs
from kb_index.synonyms import Synonyms

#: How deep MRR and nDCG look, and thus how many articles are asked for.
DEPTH = 10
#: What questions about the own products are called that no article answers.
NEAR_MISS = "near_miss"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the ids of the articles that answer it; none: it cannot be answered.

    `kind` tells sorts of questions apart in reports, as "near_miss".
    """

    id: str
    text: str
    gold: frozenset[str]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the search returned for a question: article ids, best first, and how long it took.

    `confidence` is the probability that the first one answers; `given` says whether Baton would
    answer with it at once. An article counts in whatever language it was found.
    """

    question: Question
    ranked: tuple[str, ...]
    confidence: float
    ms: float
    given: bool = False

    @property
    def right(self) -> bool:
        """Whether the first article answers."""
        return bool(self.question.gold.intersection(self.ranked[:1]))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All questions of a locale with what was found; times in seconds and milliseconds.

    `cut` is the confidence from which Baton answers; `titles` are those of the locale's articles by
    their ids; `n_chunks` counts those of the whole index. `calibrated` are the questions as a site
    answers them that is calibrated on its golden questions, each with a calibration on others; none
    when there are too few.
    """

    locale: str
    answered: tuple[Answered, ...]
    n_chunks: int
    index_s: float
    titles: Mapping[str, str]
    cut: float
    by: RankedBy = RankedBy.BOTH
    calibrated: tuple[Answered, ...] = ()

    def summary(self) -> dict[str, Any]:
        """Return the measures as printed; means are over the questions that have an answer.

        "answerable", there when Baton's own ranking was asked questions without an answer, holds

        - auroc: whether questions with an answer get higher confidences than those without, and
          auroc_near_miss: than near misses, None without such;
        - ece: calibration error of the confidence as the probability that the first article is
          right, over all questions;
        - coverage_at_80_precision and …_95_…: share of the answerable questions that get an answer,
          right or wrong, at the lowest cut at which so many of all answers, those to unanswerable
          questions included, are right; 0.0 when no cut achieves that;
        - answered: number of all n questions answered at the cut-offs that come with Baton, and
          wrong_answer_rate: the share of these whose first article is wrong, None if none is;
        - calibrated: ece, answered and wrong_answer_rate as on a site that is calibrated, each
          question with a calibration on others; not there when the questions are too few for one.
        """
        answerable = [one for one in self.answered if one.question.gold]
        times = [one.ms for one in self.answered]
        known = self.by is RankedBy.BOTH and 0 < len(answerable) < len(self.answered)
        return {
            "n_queries": len(self.answered),
            "n_unanswerable": len(self.answered) - len(answerable),
            "locale": self.locale,
            **self.found(),
            "ndcg_at_10": self._mean(ndcg_at, DEPTH),
            "n_chunks": self.n_chunks,
            "index_s": round(self.index_s, 2),
            "query_ms": {
                "p50": round(float(np.percentile(times, 50)), 2),
                "p95": round(float(np.percentile(times, 95)), 2),
            },
            **({"answerable": self._known()} if known else {}),
        }

    def found(self) -> dict[str, float | None]:
        """Return the measures of ranking that are compared."""
        return {
            "recall_at_1": self._mean(recall_at, 1),
            "recall_at_5": self._mean(recall_at, 5),
            "mrr_at_10": self._mean(reciprocal_rank_at, DEPTH),
        }

    def judged(self) -> list[Judged]:
        """Return what the measures of confidence look at."""
        return [Judged(one.confidence, bool(one.question.gold), one.right) for one in self.answered]

    def _known(self) -> dict[str, Any]:
        judged = self.judged()
        sure = [one.confidence for one in judged if one.answerable]
        near = [one.confidence for one in self.answered if one.question.kind == NEAR_MISS]
        return {
            "auroc": _round(auroc(sure, [one.confidence for one in judged if not one.answerable])),
            "auroc_near_miss": _round(auroc(sure, near)),
            "coverage_at_80_precision": _round(coverage_at(0.80, judged)),
            "coverage_at_95_precision": _round(coverage_at(0.95, judged)),
            **_given(self.answered),
            "n": len(judged),
            **({"calibrated": _given(self.calibrated)} if self.calibrated else {}),
        }

    def _mean(
        self, measure: Callable[[int, Sequence[str], frozenset[str]], float], k: int
    ) -> float | None:
        answerable = [one for one in self.answered if one.question.gold]
        values = [measure(k, one.ranked, one.question.gold) for one in answerable]
        return _round(float(np.mean(values))) if values else None


def evaluate(
    articles: Sequence[Article],
    questions: Mapping[str, Sequence[Question]],
    *,
    embedder: Embedder,
    ways: Sequence[RankedBy] = (RankedBy.BOTH,),
    synonyms: Synonyms = NO_SYNONYMS,
    reuse: Sequence[Path] = (),
    progress: Progress = silent,
) -> dict[RankedBy, list[Evaluation]]:
    """Index the articles in memory and ask the questions of each locale, one by one.

    Args:
        articles: of any locales.
        questions: by the locale of the customer.
        embedder: embeds articles and questions; times include embedding the question.
        ways: how to rank.
        synonyms: the maintainer's.
        reuse: folders of indexes whose live versions may have vectors of these articles already.
        progress: told how far embedding the articles is.

    Returns:
        For each way an evaluation of each locale, in the order given.
    """
    started = time.perf_counter()
    index = index_in_memory(
        articles, embedder=embedder, synonyms=synonyms, reuse=reuse, progress=progress
    )
    index_s = time.perf_counter() - started
    titles: dict[str, dict[str, str]] = {locale: {} for locale in questions}
    for article in articles:
        titles.setdefault(article.locale, {})[article.id] = article.title
    # the cut-offs that come with Baton: a site's own were chosen on these very questions
    retriever = Retriever(Path(), embedder, live=index, cutoffs=SiteCutoffs(None))
    calibrated = _cross_fit(index, questions, embedder) if RankedBy.BOTH in ways else {}
    return {
        by: [
            Evaluation(
                locale=locale,
                answered=tuple(
                    _ask(one, retriever, locale=locale)
                    if by is RankedBy.BOTH
                    else _rank(one, index, embedder, locale=locale, by=by)
                    for one in asked
                ),
                n_chunks=index.n_chunks,
                index_s=index_s,
                titles=titles[locale],
                cut=retriever.cutoffs(locale).answer,
                by=by,
                calibrated=calibrated.get(locale, ()) if by is RankedBy.BOTH else (),
            )
            for locale, asked in questions.items()
        ]
        for by in ways
    }


def index_in_memory(
    articles: Sequence[Article],
    *,
    embedder: Embedder,
    synonyms: Synonyms = NO_SYNONYMS,
    reuse: Sequence[Path] = (),
    progress: Progress = silent,
) -> IndexVersion:
    """Index articles; the files are gone when it returns, but still mapped."""
    contents = lay_out(articles)
    known = known_vectors(reuse, model_fingerprint=embedder.fingerprint)
    vectors = embed(contents, known=known, load_embedder=lambda: embedder, progress=progress)
    with TemporaryDirectory(prefix="baton-evaluate-") as folder:
        write_files(Path(folder), contents, vectors)
        synonyms.save(Path(folder))
        return IndexVersion(open_files(Path(folder), "memory", model=embedder.settings))


def _ask(question: Question, retriever: Retriever, *, locale: str) -> Answered:
    started = time.perf_counter()
    result = retriever.search(question.text, locale=locale, k=DEPTH)
    return _answered(question, result, ms=(time.perf_counter() - started) * 1000)


def _rank(
    question: Question, index: IndexVersion, embedder: Embedder, *, locale: str, by: RankedBy
) -> Answered:
    started = time.perf_counter()
    query = Query(question.text, embedder.embed_queries([question.text])[0])
    ranked = tuple(rank_plainly(index, query, by=by, locales=[locale], k=DEPTH))
    return Answered(question, ranked, 0.0, (time.perf_counter() - started) * 1000)


def _given(answered: Sequence[Answered]) -> dict[str, float | int | None]:
    """Measure confidences as probabilities, and what is answered."""
    given = [one for one in answered if one.given]
    wrong = sum(not one.right for one in given)
    stated, right = [one.confidence for one in answered], [one.right for one in answered]
    return {
        "ece": _round(calibration_error(stated, right)),
        "answered": len(given),
        "wrong_answer_rate": _round(wrong / len(given)) if given else None,
    }


def _cross_fit(
    index: IndexVersion, questions: Mapping[str, Sequence[Question]], embedder: Embedder
) -> dict[str, tuple[Answered, ...]]:
    """Ask as a calibrated site; nothing when there are too few questions for a calibration."""
    golden = {
        (locale, number): GoldenQuestion(one.id, one.text, locale, one.gold)
        for locale, asked in questions.items()
        for number, one in enumerate(asked)
    }
    found = cross_fit(index, list(golden.values()), embedder=embedder, k=DEPTH)
    if found is None:
        return {}
    return {
        locale: tuple(
            _answered(one, found[golden[locale, number]], ms=0.0)
            for number, one in enumerate(asked)
        )
        for locale, asked in questions.items()
    }


def _answered(question: Question, result: SearchResult, *, ms: float) -> Answered:
    ranked = tuple(hit.article_id for hit in result.hits)
    return Answered(question, ranked, result.confidence, ms, result.decision is Decision.ANSWER)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
