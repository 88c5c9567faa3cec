"""What the bot says while the customer waits for a person, and how it lets them come back."""

import pytest

from bot.components.languages import LOCALES
from tests.bot.test_conversations import FAULT, PASSWORD, PERSON

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

BACK = {
    "en": "never mind, let's continue with the bot",
    "zh-Hans": "算了，还是和机器人继续聊吧",
    "zh-Hant": "算了，還是跟機器人繼續聊吧",
    "ru": "не буду ждать оператора, давайте дальше с ботом",
    "ko": "괜찮아요, 그냥 챗봇이랑 계속할게요",
}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_question_is_answered_meanwhile(bot, sender, locale):
    bot.say(sender, PERSON[locale], locale=locale)

    [reply] = bot.replies(sender, PASSWORD[locale], locale=locale, waiting=True)

    assert reply["kind"] == "answer"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_wish_to_go_on_with_the_bot_has_a_kind_of_its_own(bot, sender, locale):
    bot.say(sender, PERSON[locale], locale=locale)

    [reply] = bot.replies(sender, BACK[locale], locale=locale, waiting=True)

    assert reply["kind"] == "back_to_bot"


def test_who_left_the_triage_for_the_queue_by_a_click_is_not_asked_on(bot, sender):
    [asked] = bot.replies(sender, FAULT["en"])
    assert asked["kind"] == "triage"

    [meanwhile] = bot.replies(sender, PASSWORD["en"], waiting=True)
    [later] = bot.replies(sender, "How long does a refund take?")

    assert (meanwhile["kind"], later["kind"]) == ("answer", "answer")


def test_a_fault_that_comes_back_after_the_person_is_not_asked_about_again(bot, sender):
    [reply] = bot.replies(sender, FAULT["en"])
    while reply["kind"] == "triage":
        [reply] = bot.replies(sender, "Hub 2, v2.3.1, since Monday")
    first = reply["handoff"]
    back = {"agent_name": "Ann", "note": "Restarted it together.", "articles": []}

    [again] = bot.replies(sender, FAULT["en"], handed_back=back)

    assert again["kind"] == "handoff"
    assert again["handoff"]["triage"] == first["triage"] != []
