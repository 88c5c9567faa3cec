"""Measures of confidence on lists short enough to work by hand."""

import pytest

from kb_index.metrics.auroc import auroc
from kb_index.metrics.calibration_error import Bin, calibration_error, reliability
from kb_index.metrics.coverage import Judged, Point, coverage_at, risk_coverage


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1),
        ([0.1, 0.2], [0.9, 0.8], 0),
        ([0.9, 0.3], [0.5], 1 / 2),  # one pair of two
        ([0.5, 0.5], [0.5, 0.5, 0.5], 1 / 2),  # all equal: chance
        ([0.9, 0.5], [0.5, 0.1], 3.5 / 4),  # one of the four pairs is equal
        ([0.7], [0.7, 0.6, 0.8], 1.5 / 3),
    ],
)
def test_auroc_is_the_share_of_pairs_in_order(positive, negative, expected):
    assert auroc(positive, negative) == pytest.approx(expected)


def test_auroc_of_one_group_says_nothing():
    assert auroc([], [0.5]) is None
    assert auroc([0.5], []) is None


def test_bins_hold_equally_many_questions():
    bins = reliability([0.4, 0.1, 0.3, 0.2], [True, False, True, False], bins=2)

    assert [one.n for one in bins] == [2, 2]
    assert [one.confidence for one in bins] == pytest.approx([0.15, 0.35])
    assert [one.right for one in bins] == [0, 1]


def test_equal_confidences_share_a_bin_whatever_their_order():
    confidences = [0.2, 0.5, 0.5, 0.5, 0.5, 0.5, 0.9, 0.9]
    right = [False, True, False, False, True, False, True, True]

    bins = reliability(confidences, right, bins=4)
    backwards = reliability(confidences[::-1], right[::-1], bins=4)

    assert bins == [Bin(1, 0.2, 0), Bin(5, 0.5, 2 / 5), Bin(2, 0.9, 1)]
    assert backwards == bins


def test_there_are_no_more_bins_than_different_confidences():
    assert reliability([0.5, 0.5], [True, False]) == [Bin(2, 0.5, 0.5)]
    assert len(reliability([0.1, 0.2, 0.3], [True] * 3)) == 3
    assert reliability([], []) == []


def test_the_calibration_error_weighs_each_bin_by_its_questions():
    # the bins of the test above: |0.2 - 0|, |0.5 - 0.4| and |0.9 - 1|, weights 1, 5 and 2 of 8
    confidences = [0.2, 0.5, 0.5, 0.5, 0.5, 0.5, 0.9, 0.9]
    right = [False, True, False, False, True, False, True, True]

    error = calibration_error(confidences, right, bins=4)

    assert error == pytest.approx((0.2 + 5 * 0.1 + 2 * 0.1) / 8)


def test_the_calibration_error_of_the_sure_and_right_is_zero_and_of_the_sure_and_wrong_one():
    assert calibration_error([1, 1, 0], [True, True, False]) == 0
    assert calibration_error([1, 1, 0], [False, False, True]) == 1
    assert calibration_error([], []) is None


RIGHT, WRONG, UNANSWERABLE = (True, True), (True, False), (False, False)


def judge(*rows):
    return [Judged(confidence, *kind) for confidence, kind in rows]


# answered one by one: right, wrong, right, unanswerable, right; four are answerable
MIXED = judge((0.9, RIGHT), (0.8, WRONG), (0.7, RIGHT), (0.6, UNANSWERABLE), (0.5, RIGHT))


def test_the_curve_counts_coverage_over_the_answerable_and_risk_over_all_answered():
    points = risk_coverage(MIXED[::-1])

    assert [point.cut for point in points] == [0.9, 0.8, 0.7, 0.6, 0.5]
    assert [point.coverage for point in points] == [1 / 4, 2 / 4, 3 / 4, 3 / 4, 1]
    assert [point.risk for point in points] == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4, 2 / 5])
    assert [point.answered for point in points] == [1, 2, 3, 4, 5]


def test_questions_of_equal_confidence_are_answered_together():
    tied = judge((0.9, RIGHT), (0.5, WRONG), (0.5, RIGHT), (0.5, UNANSWERABLE))

    assert risk_coverage(tied) == [Point(0.9, 1 / 3, 0, 1), Point(0.5, 1, 1 - 2 / 4, 4)]
    assert coverage_at(0.6, tied) == 1 / 3


@pytest.mark.parametrize(
    ("precision", "expected"),
    [(1, 1 / 4), (0.8, 1 / 4), (2 / 3, 3 / 4), (0.6, 1), (0, 1)],
)
def test_coverage_is_taken_at_the_lowest_cut_that_keeps_the_precision(precision, expected):
    # at 0.6 the precision was lost at the second cut and is met again at the last
    assert coverage_at(precision, MIXED) == expected


@pytest.mark.parametrize("precision", [0.8, 0.95])
def test_a_precision_that_is_just_met_counts(precision):
    hundred = judge(
        *((0.9, RIGHT),) * round(100 * precision), *((0.9, WRONG),) * round(100 - 100 * precision)
    )

    assert coverage_at(precision, hundred) == 1


def test_nothing_is_covered_when_no_cut_keeps_the_precision():
    assert coverage_at(0.8, judge((0.9, WRONG), (0.5, RIGHT))) == 0
    assert coverage_at(0.8, judge((0.9, UNANSWERABLE))) == 0
    assert coverage_at(0.8, []) == 0
    assert risk_coverage([]) == []
