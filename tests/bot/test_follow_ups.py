"""Questions that go on from the one before, and messages with two requests: whole turns."""

import pytest

from tests.bot.test_conversations import PASSWORD

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

RETURN = {
    "en": "How do I return a product?",
    "zh-Hans": "怎么退货？",
    "zh-Hant": "怎麼退貨？",
    "ru": "Как вернуть товар?",
    "ko": "제품을 어떻게 반품하나요?",
}
ANDROID = {
    "en": "and on Android?",
    "zh-Hans": "那安卓呢？",
    "zh-Hant": "那 Android 呢？",
    "ru": "а на Android?",
    "ko": "그럼 안드로이드는요?",
}
HOW_LONG = {
    "en": "how long does it take?",
    "zh-Hans": "那要多久才能拿到钱？",
    "zh-Hant": "那要多久才會拿到錢？",
    "ru": "а сколько это занимает?",
    "ko": "그럼 얼마나 걸리나요?",
}


@pytest.mark.parametrize("locale", RETURN)
def test_and_on_android_goes_on_from_the_question_before(bot, sender, locale):
    bot.say(sender, PASSWORD[locale], locale=locale)

    reply = bot.replies(sender, ANDROID[locale], locale=locale)[0]

    assert reply["query"] == f"{PASSWORD[locale]} {ANDROID[locale]}"
    assert (reply["kind"], reply["sources"][0]["article_id"]) == ("answer", "reset-password")


@pytest.mark.parametrize("locale", RETURN)
def test_how_long_it_takes_goes_on_from_the_question_before(bot, sender, locale):
    bot.say(sender, RETURN[locale], locale=locale)

    reply = bot.replies(sender, HOW_LONG[locale], locale=locale)[0]

    shown = {source["article_id"] for source in reply["sources"]}
    offered = {button["payload"].get("article_id") for button in reply["buttons"]}
    assert (shown | offered) & {"return-product", "refunds"}


def test_a_second_follow_up_still_goes_on_from_the_question(bot, sender):
    bot.say(sender, PASSWORD["en"])
    bot.say(sender, "what if that fails?")

    reply = bot.replies(sender, "and on Android?")[0]

    assert reply["query"] == f"{PASSWORD['en']} and on Android?"


@pytest.mark.parametrize("locale", RETURN)
def test_a_new_subject_is_answered_by_itself(bot, sender, locale):
    bot.say(sender, PASSWORD[locale], locale=locale)

    reply = bot.replies(sender, RETURN[locale], locale=locale)[0]

    assert (reply["query"], reply["sources"][0]["article_id"]) == (RETURN[locale], "return-product")


def test_both_requests_of_a_message_are_answered(bot, sender):
    text = "How do I reset my password and how do I return a product?"

    replies = bot.replies(sender, text)

    articles = [reply["sources"][0]["article_id"] for reply in replies if reply["sources"]]
    assert articles == ["reset-password", "return-product"]


def test_a_question_is_answered_before_the_person_comes(bot, sender):
    answer, handoff = bot.replies(sender, "How do I return a product? And why was I charged twice?")

    assert (answer["kind"], answer["sources"][0]["article_id"]) == ("answer", "return-product")
    assert (handoff["kind"], handoff["handoff"]["reason"]) == ("handoff", "payment_dispute")
