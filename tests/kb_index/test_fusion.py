"""Fusing evidence and ranking articles by it."""

import pytest

from kb_index.fusion import MEANING_ONLY, WORDS_ONLY, Evidence, Weights, fuse
from kb_index.ranking import rank_articles

ARTICLE_OF = ["a", "a", "b", "c"]


def test_the_score_is_the_weighted_sum_with_words_as_a_share_of_the_best():
    weights = Weights(meaning=10, heading=2, words=1)

    score = fuse(Evidence(meaning=0.9, heading=0.5, words=3), best_words=6, weights=weights)

    assert score == pytest.approx(10 * 0.9 + 2 * 0.5 + 0.5)


def test_without_a_common_word_meaning_decides():
    score = fuse(Evidence(0.9, 0.8, 0), best_words=0, weights=Weights(10, 0, 1))

    assert score == pytest.approx(9)


def test_an_article_counts_as_its_strongest_evidence_of_each_kind():
    found = {
        0: Evidence(meaning=0.9, heading=0.5, words=0),
        1: Evidence(meaning=0.5, heading=0.9, words=4),
        2: Evidence(meaning=0.89, heading=0.9, words=3),
    }

    first, second = rank_articles(found, article_of=ARTICLE_OF)

    assert (first.article, second.article) == ("a", "b")
    assert first.evidence == Evidence(meaning=0.9, heading=0.9, words=4)


def test_the_passage_is_the_chunk_whose_heading_fits():
    found = {0: Evidence(0.9, 0.6, 4), 1: Evidence(0.89, 0.95, 3)}

    (only,) = rank_articles(found, article_of=ARTICLE_OF)

    assert only.chunk == 1


def test_equals_keep_a_stable_order():
    same = Evidence(0.9, 0.9, 1)

    ranked = rank_articles({3: same, 2: same, 1: same, 0: same}, article_of=ARTICLE_OF)

    assert [one.article for one in ranked] == ["a", "b", "c"]
    assert ranked[0].chunk == 0


def test_each_kind_of_evidence_can_be_measured_alone():
    found = {0: Evidence(0.9, 0.1, 0), 2: Evidence(0.1, 0.9, 9)}

    by_meaning = rank_articles(found, article_of=ARTICLE_OF, weights=MEANING_ONLY)
    by_words = rank_articles(found, article_of=ARTICLE_OF, weights=WORDS_ONLY)

    assert by_meaning[0].article == "a"
    assert by_words[0].article == "b"


def test_nothing_found_ranks_nothing():
    assert rank_articles({}, article_of=ARTICLE_OF) == []
