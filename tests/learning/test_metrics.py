"""Measures of intent recognition, on lists worked out by hand."""

import pytest

from learning import metrics

GOLD = ["a", "a", "b", "oos", "oos", "b"]
PREDICTED = ["a", "b", "b", "oos", "a", "oos"]


def test_accuracy_counts_in_scope_texts_only():
    assert metrics.accuracy_in_scope(GOLD, PREDICTED) == 2 / 4


def test_macro_f1():
    # a: 1 hit, found 2, wanted 2 → 0.5; b: 1 hit, found 2, wanted 2 → 0.5
    assert metrics.macro_f1(GOLD, PREDICTED) == 0.5
    assert metrics.macro_f1(["a", "b"], ["a", "a"]) == pytest.approx((2 / 3 + 0) / 2)


def test_out_of_scope_recall_and_precision():
    assert metrics.oos_recall(GOLD, PREDICTED) == 1 / 2
    assert metrics.oos_precision(GOLD, PREDICTED) == 1 / 2


def test_out_of_scope_measures_are_none_without_such_texts():
    gold, predicted = ["a", "b"], ["a", "oos"]

    assert metrics.oos_recall(gold, predicted) is None
    assert metrics.oos_precision(gold, predicted) is None
    assert metrics.oos_auroc(gold, [0.1, 0.2]) is None


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([0.1, 0.2, 0.8, 0.9], 1.0), ([0.9, 0.8, 0.2, 0.1], 0.0), ([0.1, 0.8, 0.2, 0.9], 0.75),
     ([0.5, 0.5, 0.5, 0.5], 0.5), ([0.1, 0.5, 0.5, 0.9], 0.875)],
)  # fmt: skip
def test_auroc_is_the_chance_to_rank_the_outsider_higher(scores, expected):
    assert metrics.oos_auroc(["a", "a", "oos", "oos"], scores) == expected


def test_percentiles_are_values_that_occurred():
    values = [float(n) for n in range(1, 101)]

    assert metrics.percentile(values, 0.5) == 50
    assert metrics.percentile(values, 0.95) == 95
    assert metrics.percentile([7.0], 0.95) == 7
