"""Scoring by words."""

import math

import numpy as np
import pytest

from kb_index.errors import IndexBroken
from kb_index.lexical import Lexical
from kb_index.store import read_lexical

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
    # one occurrence in a document of 2 words, where documents have 1.75 on average
    tf = 1 / (1 + 1.2 * (1 - 0.75 + 0.75 * 2 / 1.75))

    assert lexical.shares(["reset", "password"], rows(1, 0)) == pytest.approx(
        [tf, tf * TWO / (ONE + TWO)], rel=1e-3
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


def draw_documents(n, seed=5):
    """Documents of words that are drawn by Zipf's law."""
    rng = np.random.default_rng(seed)
    return [[f"w{word}" for word in rng.zipf(1.3, rng.integers(1, 60)) % 5000] for _ in range(n)]


def test_scores_are_those_of_bm25s():
    bm25s = pytest.importorskip("bm25s")
    documents = draw_documents(400)
    peer = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    peer.index(documents, show_progress=False)
    lexical = Lexical.build(documents)

    for number in range(0, 400, 20):
        words = sorted(set(documents[number]))[:12]
        expected = peer.get_scores(words)
        possible = sum(lexical.rarity(word) for word in words)
        shares = lexical.shares(words, np.arange(400))
        assert shares * possible == pytest.approx(expected, rel=2e-3, abs=1e-4)
        best = lexical.best(words, 10, within=[range(400)])
        assert expected[best] == pytest.approx(np.sort(expected)[::-1][:10], rel=2e-3)


def test_common_words_order_what_rare_words_have_found():
    documents = draw_documents(3000)
    lexical = Lexical.build(documents)
    words = ["w1", "w2", "w40", "w300"]
    holding = {n for n, one in enumerate(documents) if {"w40", "w300"} & set(one)}
    every = lexical.best(words, 20, within=[range(3000)])

    tight = lexical.best(words, 20, within=[range(3000)], budget=len(holding) + 40)

    shares = lexical.shares(words, tight)
    assert set(tight.tolist()) <= holding
    assert (np.diff(shares) <= 1e-6).all(), "by all words, the common ones included"
    assert len(set(tight.tolist()) & set(every.tolist())) >= 18


def test_a_question_of_common_words_is_answered_within_any_budget():
    lexical = Lexical.build(draw_documents(500))

    assert len(lexical.best(["w1", "w2"], 7, within=[range(500)], budget=1)) == 7


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_documents_without_words_make_an_index_too(documents, tmp_path):
    Lexical.build(documents).save(tmp_path)
    lexical = Lexical.load(tmp_path)

    assert len(lexical) == len(documents)
    assert lexical.best(["hub"], 3, within=[range(len(documents))]).tolist() == []


@pytest.mark.parametrize("name", ["words", "starts", "documents", "weights", "size"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbage"])
def test_a_damaged_file_is_named(tmp_path, name, damage):
    folder = tmp_path / "chunks-words"
    Lexical.build(DOCUMENTS).save(folder)
    path = folder / f"{name}.npy"
    whole = path.read_bytes()
    path.unlink()
    if damage != "missing":
        kept = {"empty": b"", "cut": whole[:-1], "garbage": b"x" * len(whole)}
        path.write_bytes(kept[damage])

    with pytest.raises(IndexBroken, match="run `baton kb build`"):
        read_lexical(tmp_path, "chunks")


def test_unknown_words_are_counted_by_their_rarity(lexical):
    assert lexical.unknown(["wifi", "router"]) == pytest.approx(UNKNOWN / (ONE + UNKNOWN))
    assert lexical.unknown(["wifi", "hub"]) == 0
    assert lexical.unknown([]) == 0
