"""Measures on lists short enough to work by hand."""

import math

import pytest

from kb_index.metrics.ndcg import ndcg_at
from kb_index.metrics.recall import recall_at
from kb_index.metrics.reciprocal_rank import reciprocal_rank_at

RANKED = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("k", "right", "expected"),
    [(1, {"a"}, 1), (1, {"b"}, 0), (2, {"b"}, 1), (5, {"x"}, 0), (3, {"d", "c"}, 1), (4, set(), 0)],
)
def test_recall_asks_whether_any_right_article_is_among_the_first_k(k, right, expected):
    assert recall_at(k, RANKED, right) == expected


@pytest.mark.parametrize(
    ("right", "expected"),
    [({"a"}, 1), ({"b"}, 1 / 2), ({"c", "d"}, 1 / 3), ({"x"}, 0), (set(), 0)],
)
def test_reciprocal_rank_counts_the_first_right_article(right, expected):
    assert reciprocal_rank_at(10, RANKED, right) == expected


def test_reciprocal_rank_looks_no_deeper_than_k():
    assert reciprocal_rank_at(3, RANKED, {"d"}) == 0


def test_ndcg_of_one_right_article_is_its_discount():
    assert ndcg_at(10, RANKED, {"a"}) == 1
    assert ndcg_at(10, RANKED, {"b"}) == pytest.approx(1 / math.log2(3))
    assert ndcg_at(10, RANKED, {"x"}) == 0
    assert ndcg_at(10, RANKED, set()) == 0


def test_ndcg_of_two_right_articles_compares_with_the_best_order():
    # found at ranks 1 and 3; at best at 1 and 2
    gained = 1 + 1 / math.log2(4)
    best = 1 + 1 / math.log2(3)

    assert ndcg_at(10, RANKED, {"a", "c"}) == pytest.approx(gained / best)


def test_ndcg_at_k_cannot_want_more_than_k_articles():
    assert ndcg_at(1, RANKED, {"a", "b"}) == 1
