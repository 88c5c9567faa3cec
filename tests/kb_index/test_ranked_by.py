"""Ranking as other engines do: fused ranks by hand, and each way on a real index."""

import pytest

from kb_index.articles import Article
from kb_index.evaluation import Question, evaluate, index_in_memory
from kb_index.evidence import Query
from kb_index.ranked_by import RankedBy, fuse_ranks, rank_plainly
from kb_index.synonyms import Synonym, Synonyms


def test_ranks_are_fused_by_the_sum_of_their_reciprocals():
    # a: 1/61; b: 1/62 + 1/61; c: 1/63 + 1/63; d: 1/62
    assert fuse_ranks([["a", "b", "c"], ["b", "d", "c"]]) == ["b", "c", "a", "d"]


def test_equal_sums_stand_in_the_order_of_their_ids():
    assert fuse_ranks([["b"], ["a"]]) == ["a", "b"]
    assert fuse_ranks([[], []]) == []


def article(article_id, title, body, locale="en"):
    return Article(article_id, locale, title, "2026-01-01", (), body)


ARTICLES = [
    article("password", "Forgotten password", "Ask for a link and choose a new password."),
    article("parcel", "Where is my parcel?", "Open the tracking link in the e-mail."),
    article("lamp", "The lamp", "The zyxxer blinks blue while pairing."),
    article("password", "비밀번호", "링크를 눌러 새 비밀번호를 정하세요.", "ko"),
]


@pytest.fixture(scope="module")
def index(embedder):
    return index_in_memory(ARTICLES, embedder=embedder)


def rank(index, embedder, question, by):
    query = Query(question, embedder.embed_queries([question])[0])
    return rank_plainly(index, query, by=by, locales=["en"], k=10)


@pytest.mark.model
def test_words_alone_rank_nothing_without_a_word_in_common(index, embedder):
    assert rank(index, embedder, "zyxxer", RankedBy.WORDS) == ["lamp"]
    assert rank(index, embedder, "qqqq", RankedBy.WORDS) == []


@pytest.mark.model
def test_meaning_alone_ranks_every_article_of_the_locale(index, embedder):
    ranked = rank(index, embedder, "I cannot log in any more", RankedBy.MEANING)

    assert ranked[0] == "password"
    assert sorted(ranked) == ["lamp", "parcel", "password"]


@pytest.mark.model
def test_fused_ranks_hold_what_either_finds(index, embedder):
    question = "zyxxer, cannot log in"

    fused = rank(index, embedder, question, RankedBy.RRF)

    lists = [rank(index, embedder, question, by) for by in (RankedBy.MEANING, RankedBy.WORDS)]
    assert fused == fuse_ranks(lists)


@pytest.mark.model
def test_an_evaluation_asks_each_locale_in_each_way(embedder):
    questions = {
        "en": [
            Question("1", "where is my parcel?", frozenset({"parcel"})),
            Question("2", "capital of France", frozenset(), "near_miss"),
        ],
        "ko": [Question("3", "비밀번호를 잊었어요", frozenset({"password"}))],
    }

    found = evaluate(ARTICLES, questions, embedder=embedder, ways=[RankedBy.BOTH, RankedBy.WORDS])

    english, korean = found[RankedBy.BOTH]
    assert (english.locale, korean.locale) == ("en", "ko")
    assert english.titles["parcel"] == "Where is my parcel?"
    assert english.answered[0].right
    assert korean.answered[0].right
    assert english.summary()["answerable"]["n"] == 2
    assert "answerable" not in korean.summary()  # every question has an answer
    assert all("answerable" not in one.summary() for one in found[RankedBy.WORDS])


@pytest.mark.model
def test_an_evaluation_knows_the_maintainers_synonyms(embedder):
    questions = {"en": [Question("1", "my sprocket blinks", frozenset({"lamp"}))]}
    synonyms = Synonyms({"en": (Synonym("zyxxer", ("sprocket",)),)})

    plain, knowing = (
        evaluate(ARTICLES, questions, embedder=embedder, synonyms=one)[RankedBy.BOTH][0]
        for one in (Synonyms(), synonyms)
    )

    assert knowing.answered[0].right
    assert knowing.answered[0].confidence > plain.answered[0].confidence


@pytest.mark.model
def test_a_calibrated_site_is_judged_by_questions_it_was_not_calibrated_on(embedder):
    known = [
        Question(f"k{n}", f"where is my parcel {n}?", frozenset({"parcel"})) for n in range(25)
    ]
    unknown = [Question(f"u{n}", f"how tall is mountain {n}?", frozenset()) for n in range(15)]

    few, enough = (
        evaluate(ARTICLES, {"en": asked}, embedder=embedder)[RankedBy.BOTH][0]
        for asked in ([*known[:5], *unknown[:5]], [*known, *unknown])
    )

    assert few.calibrated == ()
    assert "calibrated" not in few.summary()["answerable"]
    assert [one.question for one in enough.calibrated] == [*known, *unknown]
    measured = enough.summary()["answerable"]
    assert set(measured["calibrated"]) == {"ece", "answered", "wrong_answer_rate"}
    assert measured["calibrated"]["ece"] < measured["ece"]  # it learned what confidences mean here
