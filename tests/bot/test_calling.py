"""A person is called by what a conversation shows: whole turns through the trained bot."""

import pytest

from bot.components.languages import LOCALES
from tests.bot.test_conversations import FAULT, PASSWORD

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

DANGER = {
    "en": "my plug is smoking!",
    "zh-Hans": "插座冒烟了！",
    "zh-Hant": "插座冒煙了！",
    "ru": "розетка дымится!",
    "ko": "플러그에서 연기가 나요!",
}
WORDS = [
    ("I will hear what my lawyer says", "legal"),
    ("кто-то зашёл в мой аккаунт", "security"),
    ("为什么扣了我两次钱", "payment_dispute"),
    ("지금 장난하세요?", "displeasure"),
]


@pytest.mark.parametrize("locale", LOCALES)
def test_danger_gets_advice_and_a_person_at_once(bot, sender, locale):
    advice, handoff = bot.replies(sender, DANGER[locale], locale=locale)

    assert (advice["kind"], advice["buttons"]) == ("smalltalk", [])
    assert (handoff["kind"], handoff["handoff"]["reason"]) == ("handoff", "safety")
    assert handoff["handoff"]["summary"] == DANGER[locale]


@pytest.mark.parametrize(("text", "reason"), WORDS)
def test_words_of_a_rule_call_a_person(bot, sender, text, reason):
    [reply] = bot.replies(sender, text, locale=None)

    assert (reply["kind"], reply["handoff"]["reason"]) == ("handoff", reason)


def test_words_of_a_rule_end_a_triage(bot, sender):
    assert bot.replies(sender, FAULT["en"])[0]["kind"] == "triage"

    [reply] = bot.replies(sender, "and now my lawyer is on the case")
    [after] = bot.replies(sender, "OK")

    assert (reply["kind"], reply["handoff"]["reason"]) == ("handoff", "legal")
    assert after["kind"] == "smalltalk"


def test_displeasure_is_offered_a_person_and_then_gets_one(bot, sender):
    [offer] = bot.replies(sender, "this is ridiculous, your product is garbage")
    [handoff] = bot.replies(sender, "I am very disappointed with Havelo")

    assert offer["kind"] == "offer_person"
    assert (handoff["kind"], handoff["handoff"]["reason"]) == ("handoff", "displeasure")


def test_the_same_question_three_times_calls_a_person(bot, sender):
    first = bot.replies(sender, PASSWORD["en"])[0]
    second = bot.replies(sender, "how can i reset my password")[0]
    [third] = bot.replies(sender, "I need to reset my password")

    assert first["kind"] == second["kind"] == "answer"
    assert (third["kind"], third["handoff"]["reason"]) == ("handoff", "repeated_question")


def test_three_different_questions_are_answered(bot, sender):
    questions = (PASSWORD["en"], "How do I return a product?", "How do I delete my account?")

    assert [bot.replies(sender, text)[0]["kind"] for text in questions] == ["answer"] * 3


def test_an_error_code_that_no_article_knows_is_triaged_for_that_reason(bot, sender):
    reply = bot.replies(sender, "what does E-999 mean?")[0]
    while reply["kind"] == "triage":
        reply = bot.replies(sender, "Skip", payload={"action": "skip"})[0]

    assert reply["handoff"]["reason"] == "unknown_error_code"


def test_unsure_twice_running_offers_a_person_who_comes_for_that_reason(bot, sender):
    bot.say(sender, "what is the capital of France?")
    [offer] = bot.replies(sender, "who won the football yesterday?")
    [handoff] = bot.replies(sender, "Talk to a person", payload={"action": "request_person"})

    assert offer["kind"] == "offer_person"
    assert handoff["handoff"]["reason"] == "low_confidence"
