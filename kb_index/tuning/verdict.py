"""Decides whether a tuned model is better than the one in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kb_index.evaluation import DEPTH, Answered, Evaluation
from kb_index.gate import SIGNIFICANT, sign_test
from kb_index.metrics.reciprocal_rank import reciprocal_rank_at

#: Questions that may be lost, net of those gained, whatever chance says: a share, and a number for
#: small sets.
LOST_SHARE, LOST_FEW = 0.02, 2
#: Fewest held-back questions on which anything can be decided.
FEWEST_QUESTIONS = 30
_DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same questions asked with the old model and with the new, in the same order."""

    locale: str
    before: Evaluation
    after: Evaluation


@dataclass(frozen=True, slots=True)
class Verdict:
    """Kept when there are no `reasons` against it; `p` is the chance of such a gain by luck."""

    reasons: tuple[str, ...]
    p: float

    @property
    def is_better(self) -> bool:
        """Whether the new model is to be kept."""
        return not self.reasons


def judge(held_back: Sequence[Comparison], golden: Sequence[Comparison]) -> Verdict:
    """Judge a new model by the names of held-back articles and by the golden questions.

    It must be surely better where it was tuned to be, and nowhere worse:

    - the held-back questions' mean reciprocal rank has risen, and not by luck: of all ways to swap
      old and new ranks of each question at random, fewer than 5 % give such a gain (paired
      permutation test, 10,000 draws);
    - no more of them lost the right first article than gained it, and in no locale surely more
      (sign test, p < 0.05);
    - of the golden questions not surely more are lost than gained, and not more than 2 % (or 2)
      net;
    - not more than 2 % (or 2) more of all questions get a wrong answer at once, those that cannot
      be answered included: the confidence must still hold.
    """
    pairs = [pair for one in held_back for pair in _pairs(one)]
    if len(pairs) < FEWEST_QUESTIONS:
        few = f"only {len(pairs)} held-back questions, {FEWEST_QUESTIONS} are needed to tell"
        return Verdict((few,), 1.0)
    gains = np.array([_rank(after) - _rank(before) for before, after in pairs])
    p = permutation_test(gains)
    reasons = []
    if gains.mean() <= 0:
        reasons.append(f"the right article is not found higher up (MRR {gains.mean():+.4f})")
    elif p >= SIGNIFICANT:
        reasons.append(f"the gain may be luck (MRR {gains.mean():+.4f}, p = {p:.2f})")
    lost, gained = _first_changes(pairs)
    if lost > gained:
        reasons.append(f"{lost} held-back questions lost the right first article, {gained} got it")
    reasons += [reason for one in held_back if (reason := _worse_in(one))]
    reasons += _worse_on_golden(golden)
    reasons += _more_wrong([*held_back, *golden])
    return Verdict(tuple(reasons), p)


def permutation_test(gains: np.typing.NDArray[np.float64]) -> float:
    """Return the one-sided p of a mean gain over paired differences, by random signs.

    p = (1 + draws with a mean at least as large) / (1 + draws).
    """
    signs = np.random.default_rng(1).choice((-1.0, 1.0), size=(_DRAWS, len(gains)))
    at_least = int((signs @ gains >= gains.sum() - 1e-12).sum())
    return (1 + at_least) / (1 + _DRAWS)


def measures(evaluations: Sequence[Evaluation]) -> dict[str, Any]:
    """Return recall and MRR over all questions, and by locale, as printed."""
    answered = [one for each in evaluations for one in each.answered if one.question.gold]
    if not answered:
        return {"n": 0}
    right = [bool(one.question.gold.intersection(one.ranked[:1])) for one in answered]
    among_five = [bool(one.question.gold.intersection(one.ranked[:5])) for one in answered]
    return {
        "n": len(answered),
        "recall_at_1": round(float(np.mean(right)), 4),
        "recall_at_5": round(float(np.mean(among_five)), 4),
        "mrr_at_10": round(float(np.mean([_rank(one) for one in answered])), 4),
        "by_locale": {each.locale: each.found() for each in evaluations},
    }


def _pairs(one: Comparison) -> list[tuple[Answered, Answered]]:
    both = zip(one.before.answered, one.after.answered, strict=True)
    return [(before, after) for before, after in both if before.question.gold]


def _rank(answered: Answered) -> float:
    return reciprocal_rank_at(DEPTH, answered.ranked, answered.question.gold)


def _first_changes(pairs: Sequence[tuple[Answered, Answered]]) -> tuple[int, int]:
    """Count the questions that lost the right first article, and those that gained it."""
    changes = Counter((before.right, after.right) for before, after in pairs)
    return changes[True, False], changes[False, True]


def _worse_in(one: Comparison) -> str | None:
    lost, gained = _first_changes(_pairs(one))
    p = sign_test(lost, gained)
    if lost > gained and p < SIGNIFICANT:
        return f"{one.locale}: {lost} questions lost the right first article, {gained} got it"
    return None


def _worse_on_golden(golden: Sequence[Comparison]) -> list[str]:
    pairs = [pair for one in golden for pair in _pairs(one)]
    lost, gained = _first_changes(pairs)
    surely = lost > gained and sign_test(lost, gained) < SIGNIFICANT
    if surely or lost - gained > max(LOST_FEW, LOST_SHARE * len(pairs)):
        return [f"{lost} golden questions lost the right first article, {gained} got it"]
    return []


def _more_wrong(comparisons: Sequence[Comparison]) -> list[str]:
    asked = sum(len(one.before.answered) for one in comparisons)
    before = sum(_wrong_answers(one.before) for one in comparisons)
    after = sum(_wrong_answers(one.after) for one in comparisons)
    if after - before > max(LOST_FEW, LOST_SHARE * asked):
        return [f"{after} of {asked} questions get a wrong answer at once, {before} did"]
    return []


def _wrong_answers(evaluation: Evaluation) -> int:
    return sum(one.given and not one.right for one in evaluation.answered)
