"""Scoring by words."""

import math

import numpy as np
import pytest

from kb_index.lexical import Lexical

DOCUMENTS = [["reset", "hub"], ["reset", "password"], ["wifi", "hub", "hub"], []]
#: Rarity of a word in one and in two of four documents: ln(1 + (4 - n + 0.5) / (n + 0.5)).
ONE, TWO = math.log(1 + 3.5 / 1.5), math.log(1 + 2.5 / 2.5)
UNKNOWN = math.log(1 + 4.5 / 0.5)
EVERY = [range(4)]


@pytest.fixture(scope="module", params=["built", "loaded"])
def lexical(request, tmp_path_factory):
    built = Lexical.build(DOCUMENTS)
    if request.param == "built":
        return built
    folder = tmp_path_factory.mktemp("lexical") / "words"
    built.save(folder)
    return Lexical.load(folder)


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


def test_rarity_counts_the_documents_that_hold_a_word(lexical):
    found = [lexical.rarity(word) for word in ("wifi", "hub", "router")]

    assert found == pytest.approx([ONE, TWO, UNKNOWN])


def test_a_share_is_the_score_by_what_the_words_could_score(lexical):
    # one occurrence in a document of 2 words, where documents have 1.75 on average ("" counts)
    tf = 1 / (1 + 1.2 * (1 - 0.75 + 0.75 * 2 / 2))

    assert lexical.shares(["reset", "password"], rows(1, 0)) == pytest.approx(
        [tf, tf * TWO / (ONE + TWO)], rel=0.1
    )


def test_words_that_no_document_has_lower_the_share(lexical):
    (known,) = lexical.shares(["wifi"], rows(2))
    (mixed,) = lexical.shares(["wifi", "router"], rows(2))

    assert mixed == pytest.approx(known * ONE / (ONE + UNKNOWN), rel=1e-4)


def test_a_repeated_word_counts_once(lexical):
    assert lexical.shares(["hub", "hub"], rows(2)) == lexical.shares(["hub"], rows(2))


def test_shares_lie_between_nothing_and_one(lexical):
    assert lexical.shares(["router"], rows(0, 1)) == pytest.approx([0, 0])
    assert lexical.shares([], rows(0)) == pytest.approx([0])
    assert (lexical.shares(["reset", "hub", "wifi"], rows(0, 1, 2, 3)) < 1).all()


def test_the_best_of_each_range_come_first_and_others_not_at_all(lexical):
    assert lexical.best(["hub"], 5, within=EVERY).tolist() == [2, 0]
    assert lexical.best(["hub"], 1, within=[range(2), range(2, 4)]).tolist() == [0, 2]
    assert lexical.best(["router"], 5, within=EVERY).tolist() == []
