"""Tunes the embedding model to a site, and keeps the result only if it is better."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from kb_index.articles import Article
from kb_index.embedding import Embedder
from kb_index.errors import TuningImpossible
from kb_index.evaluation import Evaluation, Question, evaluate
from kb_index.export.exporter import Exported, Report, write_model
from kb_index.export.sources import ModelSource
from kb_index.golden import GoldenQuestion
from kb_index.ranked_by import RankedBy
from kb_index.tuning.examples import Examples, collect, embed
from kb_index.tuning.head import Head, OnStep, Recipe, train
from kb_index.tuning.holdout import Part, part_of, questions_of, strip_names
from kb_index.tuning.mapped import Mapped, Remembering
from kb_index.tuning.tuned_source import tuned_source
from kb_index.tuning.verdict import FEWEST_QUESTIONS, Comparison, Verdict, judge, measures
from kb_index.tuning.votes import Vote

#: How far from the old model (0) to the learnt one (1) the new model may be.
SHARES = (0.25, 0.5, 0.75, 1.0)
#: Fewest questions to learn from.
FEWEST_EXAMPLES = 100
#: Articles of a locale that a model is judged on, the held-back ones first; the rest of a large
#: site costs time and tells nothing more.
MOST_JUDGED = 600


@dataclass(frozen=True, slots=True)
class Site:
    """What a model is tuned to: articles of all locales, votes on answers, golden questions."""

    articles: tuple[Article, ...]
    votes: tuple[Vote, ...] = ()
    golden: tuple[GoldenQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Tuned:
    """What came of a tuning; `exported` is the new model, None when it was not better.

    `share` says how far from the old model to the learnt one it is.
    """

    verdict: Verdict
    share: float
    exported: Exported | None
    n_questions: int
    n_passages: int
    held_back: tuple[Comparison, ...]
    golden: tuple[Comparison, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as printed; measures as in `kb evaluate`."""
        return {
            "kept": self.exported is not None,
            "reasons": list(self.verdict.reasons),
            "p": round(self.verdict.p, 4),
            "share": self.share,
            "folder": str(self.exported.folder) if self.exported else None,
            "fingerprint": self.exported.fingerprint if self.exported else None,
            "learnt_from": {"questions": self.n_questions, "passages": self.n_passages},
            "held_back": _before_and_after(self.held_back),
            "golden": _before_and_after(self.golden),
        }


def tune(
    site: Site,
    source: ModelSource,
    models_dir: Path,
    *,
    in_use: Embedder,
    report: Report,
    on_step: OnStep,
    recipe: Recipe = Recipe(),  # noqa: B008 - it never changes
) -> Tuned:
    """Tune the model `source` to a site and compare it with the model in use.

    A better model is left in `models_dir`, beside the others and not in use yet; of a worse one,
    or when it is interrupted, nothing is left.

    Raises:
        TuningImpossible: too little to learn from or to judge by, or a library is missing.
        ModelUnsupported, ModelNotFaithful: the tuned model cannot be exported.
    """
    require_libraries()
    examples = collect(site.articles, site.votes)
    tests = {part: questions_of(site.articles, part) for part in (Part.CHOOSE, Part.JUDGE)}
    _require_enough(examples, tests[Part.JUDGE])
    base_folder = write_model(source, models_dir, report=report).folder
    base = cast("Embedder", Remembering(Embedder.load(base_folder)))
    if base.settings == in_use.settings:
        in_use = base
    report(f"embedding {sum(len(one.passages) for one in examples)} passages to learn from")
    vectors = [embed(one, base, workers=os.cpu_count() or 1) for one in examples]
    head = train(vectors, recipe, on_step=on_step)
    corpus = [strip_names(article) for article in _to_judge(site.articles)]
    report("choosing how far to go")
    share = choose_share(head, corpus, tests[Part.CHOOSE], base=base)
    report(f"the best share of what was learnt is {share:.0%}")
    n_questions = sum(len(one.questions) for one in examples)
    n_passages = sum(len(one.passages) for one in examples)
    if not share:
        reason = "the questions set aside for choosing are answered best by the model as it was"
        return Tuned(Verdict((reason,), 1.0), 0.0, None, n_questions, n_passages, (), ())
    with TemporaryDirectory(prefix=".tuning-", dir=models_dir) as folder:
        candidate = write_model(
            tuned_source(source, head.weaken(share)), Path(folder), report=report
        )
        new = Embedder.load(candidate.folder)
        report("comparing with the model in use")
        held_back = compare(corpus, tests[Part.JUDGE], old=in_use, new=new)
        golden = _compare_golden(site, old=in_use, new=new)
        verdict = judge(held_back, golden)
        kept = _keep(candidate, models_dir) if verdict.is_better else None
    return Tuned(verdict, share, kept, n_questions, n_passages, held_back, golden)


def require_libraries() -> None:
    """Raise TuningImpossible when a library is missing that only tuning and export need."""
    missing = [name for name in ("torch", "sentence_transformers") if find_spec(name) is None]
    if missing:
        raise TuningImpossible(
            f"tuning needs {' and '.join(missing)}, which this environment has not: run "
            "`make setup`, or tune on a machine that has them and copy the model's folder"
        )


def choose_share(
    head: Head,
    corpus: Sequence[Article],
    questions: Mapping[str, Sequence[Question]],
    *,
    base: Embedder,
) -> float:
    """Return the share whose model finds the questions' articles highest; 0.0: the old model's."""

    def mrr(embedder: Embedder) -> float:
        found = _evaluate(corpus, questions, embedder)
        return float(measures(found).get("mrr_at_10", 0.0))

    best, best_mrr = 0.0, mrr(base)
    for share in SHARES:
        reached = mrr(cast("Embedder", Mapped(base, head.weaken(share))))
        if reached > best_mrr:
            best, best_mrr = share, reached
    return best


def compare(
    corpus: Sequence[Article],
    questions: Mapping[str, Sequence[Question]],
    *,
    old: Embedder,
    new: Embedder,
) -> tuple[Comparison, ...]:
    """Ask the same questions with two models; a comparison for each locale."""
    before, after = (_evaluate(corpus, questions, embedder) for embedder in (old, new))
    pairs = zip(before, after, strict=True)
    return tuple(Comparison(one.locale, one, other) for one, other in pairs)


def _evaluate(
    corpus: Sequence[Article], questions: Mapping[str, Sequence[Question]], embedder: Embedder
) -> list[Evaluation]:
    return evaluate(corpus, questions, embedder=embedder)[RankedBy.BOTH]


def _require_enough(
    examples: Sequence[Examples], to_judge: Mapping[str, Sequence[Question]]
) -> None:
    learnt, judged = (
        sum(len(one.questions) for one in examples),
        sum(len(one) for one in to_judge.values()),
    )
    if learnt < FEWEST_EXAMPLES or judged < FEWEST_QUESTIONS:
        raise TuningImpossible(
            f"too little to tune with: {learnt} titles, headings and questions to learn from "
            f"(at least {FEWEST_EXAMPLES}), {judged} held back to judge by (at least "
            f"{FEWEST_QUESTIONS}); nothing was changed. Tune once there are more articles"
        )


def _to_judge(articles: Sequence[Article]) -> list[Article]:
    """Choose the articles to search in: the held-back ones, then others, up to MOST_JUDGED."""
    ordered = sorted(articles, key=lambda one: (part_of(one.id) is Part.TRAIN, one.id))
    counts: dict[str, int] = {}
    chosen = []
    for article in ordered:
        counts[article.locale] = counts.get(article.locale, 0) + 1
        if counts[article.locale] <= MOST_JUDGED or part_of(article.id) is not Part.TRAIN:
            chosen.append(article)
    return chosen


def _compare_golden(site: Site, *, old: Embedder, new: Embedder) -> tuple[Comparison, ...]:
    """Ask the golden questions of articles as they are, names and all; none: no comparison."""
    known = {article.id for article in site.articles}
    answerable = [one for one in site.golden if one.gold & known]
    if not answerable:
        return ()
    questions: dict[str, list[Question]] = {}
    for one in (*answerable, *(one for one in site.golden if not one.gold)):
        questions.setdefault(one.locale, []).append(Question(one.id, one.text, one.gold))
    wanted = {article_id for one in answerable for article_id in one.gold}
    others = [article for article in _to_judge(site.articles) if article.id not in wanted]
    corpus = [*(article for article in site.articles if article.id in wanted), *others]
    return compare(corpus, questions, old=old, new=new)


def _keep(candidate: Exported, models_dir: Path) -> Exported:
    """Give the candidate its place in one step; the same model may be there already."""
    final = models_dir / candidate.folder.name
    if not final.exists():
        candidate.folder.rename(final)
    return replace(candidate, folder=final)


def _before_and_after(comparisons: Sequence[Comparison]) -> dict[str, Any] | None:
    if not comparisons:
        return None
    return {
        "before": measures([one.before for one in comparisons]),
        "after": measures([one.after for one in comparisons]),
    }
