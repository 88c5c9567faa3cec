"""Fusing evidence and ranking articles by it."""

from dataclasses import replace

import numpy as np
import pytest

from kb_index.evidence import Evidence
from kb_index.fusion import MEANING_ONLY, WORDS_ONLY, Weights, fuse
from kb_index.ranking import rank_articles

#: Two articles: number 4 with two chunks, 10 and 11, and number 7 with one, 20.
EVIDENCE = Evidence(
    articles=np.array([4, 7]),
    meaning=np.array([0.5, 0.4], np.float32),
    title=np.array([0.1, 0.3], np.float32),
    words=np.array([0.0, 0.5], np.float32),
    rows=np.array([10, 11, 20]),
    starts=np.array([0, 2, 3]),
    chunk_meaning=np.array([0.45, 0.5, 0.4], np.float32),
    chunk_words=np.array([0.0, 0.0, 0.5], np.float32),
    unknown=0.25,
    length=0.6,
    n_words=8,
)


def no_names(rows):
    return np.zeros(len(rows), np.float32)


def rank(evidence=EVIDENCE, *, weights=MEANING_ONLY, names=no_names, k=5, pinned=()):
    return rank_articles(evidence, weights=weights, names=names, k=k, pinned=pinned)


def test_the_score_is_the_weighted_sum():
    score = fuse(EVIDENCE, weights=Weights(meaning=2, title=10, words=1, centre=0))

    assert score == pytest.approx([2 * 0.5 + 10 * 0.1, 2 * 0.4 + 10 * 0.3 + 0.5])


def test_the_words_of_a_long_question_count_for_more_up_to_a_limit():
    words = {
        n: float(fuse(replace(EVIDENCE, n_words=n), weights=WORDS_ONLY)[1]) for n in (1, 8, 32, 999)
    }

    assert words == pytest.approx({1: 0.5, 8: 0.5, 32: 1.0, 999: 1.25})


@pytest.mark.parametrize(("weights", "order"), [(MEANING_ONLY, [4, 7]), (WORDS_ONLY, [7, 4])])
def test_each_kind_of_evidence_can_be_measured_alone(weights, order):
    assert [one.article for one in rank(weights=weights)] == order


def test_the_margin_is_to_the_best_other_article():
    first, second = rank()

    assert first.features.margin == pytest.approx(0.1)
    assert second.features.margin == pytest.approx(-0.1)


def test_a_lone_article_has_no_margin():
    lone = replace(
        EVIDENCE,
        articles=EVIDENCE.articles[:1],
        meaning=EVIDENCE.meaning[:1],
        title=EVIDENCE.title[:1],
        words=EVIDENCE.words[:1],
        starts=EVIDENCE.starts[:2],
    )

    (only,) = rank(lone)

    assert (only.features.margin, only.features.lead) == (None, None)


def test_the_passage_is_the_chunk_that_fits_best():
    assert [one.chunk for one in rank()] == [11, 20]


def test_a_fitting_heading_decides_between_chunks_that_say_alike():
    def names(rows):
        return np.where(rows == 10, 0.4, 0.1).astype(np.float32)

    assert rank(names=names)[0].chunk == 10


def test_an_article_that_the_question_is_pinned_to_comes_first():
    assert [one.article for one in rank(pinned={7})] == [7, 4]


def test_equals_keep_their_order_and_no_more_than_k_are_ranked():
    equal = replace(EVIDENCE, meaning=np.array([0.5, 0.5], np.float32))

    assert [one.article for one in rank(equal, k=1)] == [4]


def test_nothing_found_ranks_nothing():
    nothing = np.zeros(0, np.int64)
    none = np.zeros(0, np.float32)

    empty = Evidence(
        nothing, none, none, none, nothing, np.zeros(1, np.int64), none, none, 0.0, 0.0, 0
    )

    assert rank(empty) == []
