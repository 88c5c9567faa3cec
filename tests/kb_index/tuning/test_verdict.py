"""When a tuned model is kept: every rule, by lists small enough to count."""

import numpy as np
import pytest

from kb_index.evaluation import Answered, Evaluation, Question
from kb_index.tuning.verdict import Comparison, judge, permutation_test

RIGHT, SECOND, NOWHERE = ("gold", "x"), ("x", "gold"), ("x", "y")


def evaluation(ranked, *, locale="en", given=False, gold=("gold",)):
    answered = [
        Answered(Question(str(n), "?", frozenset(gold)), one, 0.5, 1.0, given)
        for n, one in enumerate(ranked)
    ]
    return Evaluation(
        locale=locale, answered=tuple(answered), n_chunks=1, index_s=0.0, titles={}, cut=0.5
    )


def comparison(before, after, **more):
    return Comparison(
        more.get("locale", "en"), evaluation(before, **more), evaluation(after, **more)
    )


BETTER = comparison([SECOND] * 20 + [RIGHT] * 20, [RIGHT] * 40)


def test_a_sure_gain_is_kept():
    verdict = judge([BETTER], [])

    assert verdict.is_better
    assert verdict.p < 0.01


@pytest.mark.parametrize(
    ("held_back", "golden", "reason"),
    [
        ([comparison([SECOND] * 10, [RIGHT] * 10)], [], "only 10 held-back questions"),
        ([comparison([RIGHT] * 40, [RIGHT] * 40)], [], "not found higher up"),
        ([comparison([RIGHT] * 40, [SECOND] * 40)], [], "40 held-back questions lost"),
        ([comparison([SECOND] * 2 + [RIGHT] * 38, [RIGHT] * 40)], [], "may be luck"),
        (
            [BETTER, comparison([RIGHT] * 6, [SECOND] * 6, locale="ru")],
            [],
            "ru: 6 questions lost the right first article, 0 got it",
        ),
        ([BETTER], [comparison([RIGHT] * 50, [RIGHT] * 45 + [NOWHERE] * 5)], "5 golden questions"),
    ],
)
def test_what_is_not_surely_better_is_refused_with_the_reason(held_back, golden, reason):
    verdict = judge(held_back, golden)

    assert not verdict.is_better
    assert any(reason in one for one in verdict.reasons)


def test_one_golden_question_lost_is_no_reason():
    assert judge([BETTER], [comparison([RIGHT] * 50, [RIGHT] * 49 + [SECOND])]).is_better


def test_more_wrong_answers_given_at_once_are_a_reason():
    before = evaluation([("x",)] * 30, gold=())
    after = evaluation([("x",)] * 30, gold=(), given=True)

    verdict = judge([BETTER], [Comparison("en", before, after)])

    assert "30 of 70 questions get a wrong answer at once, 0 did" in verdict.reasons


def test_the_permutation_test_counts_the_ways_to_swap():
    # three gains of the same size: only one in eight of the sign patterns has so large a mean
    assert permutation_test(np.array([0.5, 0.5, 0.5])) == pytest.approx(1 / 8, abs=0.02)
    assert permutation_test(np.zeros(5)) == 1.0
