"""Which questions go on from the one before, and when looking for both serves better."""

import pytest

from actions.follow_up import BONUS, Question, has_cue, is_better, join, may_follow
from kb_index.confidence import Decision
from kb_index.retriever import SearchResult
from kb_index.searching import Hit

GOES_ON = [
    (
        "en",
        ["and on Android?", "What about the plug?", "how do I replace it?", "what if that fails?"],
    ),
    ("zh-Hans", ["那安卓呢？", "摄像头呢？", "如果不行怎么办", "怎么关掉它"]),
    ("zh-Hant", ["那 Android 呢？", "攝影機呢", "這個要錢嗎", "萬一失敗了怎麼辦"]),
    ("ru", ["а на Android?", "Ну а камера?", "что если не поможет", "где это найти?"]),
    ("ko", ["그럼 안드로이드는요?", "카메라는요?", "메일이 안 오면요?", "그건 얼마예요?"]),
]
STANDS_ALONE = [
    "How do I return a product?",
    "Android app crashes",
    "怎么退货？",
    "怎麼更新韌體？",
    "как вернуть товар?",
    "где мой заказ?",
    "펌웨어는 어떻게 업데이트하나요?",
    "and then there is one more thing I have wanted to ask you since last week: my order is late",
]


def question(text="x", intent="nlu_fallback", probability=0.5):
    return Question(text, intent, probability)


def result(decision="clarify", confidence=0.5, articles=("a",)):
    hits = tuple(
        Hit(article_id=name, locale="en", title=name, anchor="", heading="", quote="", url="",
            updated="2026-01-01", score=1.0, confidence=confidence, covered=0.9)
        for name in articles
    )  # fmt: skip
    return SearchResult("v", hits, confidence, Decision(decision))


@pytest.mark.parametrize("text", [text for _, texts in GOES_ON for text in texts])
def test_words_that_go_on_from_the_question_before(text):
    assert has_cue(question(text))


@pytest.mark.parametrize("text", STANDS_ALONE)
def test_questions_that_stand_alone(text):
    assert not has_cue(question(text))


def test_the_intent_alone_is_a_cue():
    assert has_cue(question("要多久？", intent="follow_up"))


@pytest.mark.parametrize(
    ("asked", "own", "expected"),
    [
        (question("and on Android?"), result(), True),
        (question("and on Android?"), result("answer"), True),
        # a new subject that begins with "and", answered or not
        (question("and how do I return it?", "ask_return", 0.98), result("answer"), False),
        (question("btw where is my order, do you ship it?", "ask_order", 0.95), result(), False),
        (question("and how do I return it?", "ask_return", 0.6), result(), True),
        # a subject of its own may go on all the same where the article before fits, too
        (question("and the refund?", "ask_refund", 0.98), result(articles=("b", "before")), True),
        # none of our business
        (question("and what is the capital of France?", "out_of_scope", 0.9), result(), False),
        (question("how do I turn it off?", "out_of_scope", 0.5), result(), True),
        # no cue: unsure, but the article before is among those found
        (question("who pays for the label?"), result(articles=("b", "before")), True),
        (question("who pays for the label?"), result(articles=("b", "c")), False),
        (question("who pays for the label?"), result("answer", articles=("b", "before")), False),
    ],
)
def test_when_it_is_worth_a_second_search(asked, own, expected):
    assert may_follow(asked, own, article_before="before") is expected


@pytest.mark.parametrize(
    ("asked", "joined", "own", "expected"),
    [
        (question("and on Android?"), result("answer", 0.9), result("clarify", 0.6), True),
        (question("what if that fails?"), result("clarify", 0.71), result("answer", 0.86), True),
        (question("and that?"), result("answer", 0.9 - BONUS - 0.01), result("answer", 0.9), False),
        (question("and that?"), result("offer_person", 0.3), result("offer_person", 0.1), False),
        (question("who pays?"), result("answer", 0.9), result("clarify", 0.3, ("b", "a")), True),
        (question("and refunds?", "ask_refund", 0.9), result("clarify", 0.9), result(), False),
        (question("who pays?"), result("answer", 0.9), result("clarify", 0.3, ("b",)), False),
        (question("who pays?"), result("clarify", 0.9), result("clarify", 0.3, ("b", "a")), False),
    ],
)
def test_which_search_serves_better(asked, joined, own, expected):
    assert is_better(joined, own, asked) is expected


def test_both_questions_are_searched_for_as_one():
    assert join("How do I return a product?", "how long does it take?") == (
        "How do I return a product? how long does it take?"
    )
