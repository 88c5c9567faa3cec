"""Questions before a handoff, through channel, rules and action server, in five languages."""

import pytest

from bot.components.languages import LOCALES

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

AWAY = {"on_duty": False}
NOTHING_FITS = {
    "en": "what is the capital of France?",
    "zh-Hans": "法国的首都是哪里？",
    "zh-Hant": "法國的首都是哪裡？",
    "ru": "какая столица Франции?",
    "ko": "프랑스의 수도는 어디인가요?",
}
YES = {"en": "yes", "zh-Hans": "是的", "zh-Hant": "是的", "ru": "да", "ko": "네"}
FAULT = "the camera keeps freezing since yesterday, error E-999, I already reset it twice"


def fields_of(reply):
    return {entry["field"]: entry["answer"] for entry in reply["handoff"]["triage"]}


@pytest.mark.parametrize("locale", LOCALES)
def test_with_nobody_on_duty_yes_to_a_person_asks_how_to_reach_the_customer(bot, sender, locale):
    [offer] = bot.replies(sender, NOTHING_FITS[locale], locale=locale, **AWAY)
    [question] = bot.replies(sender, YES[locale], locale=locale, **AWAY)
    [handoff] = bot.replies(sender, "me@example.org", locale=locale, **AWAY)

    assert (offer["kind"], question["kind"]) == ("offer_person", "triage")
    assert [button["payload"]["action"] for button in question["buttons"]] == ["skip"]
    assert handoff["kind"] == "handoff"
    assert handoff["handoff"]["contact"] == "me@example.org"
    assert fields_of(handoff)["contact"] == "me@example.org"


def test_with_nobody_on_duty_a_fault_ends_with_the_contact(bot, sender):
    [reply], asked = bot.replies(sender, FAULT, **AWAY), []
    while reply["kind"] == "triage":
        asked.append(reply["text"])
        answer = "+49 170 1234567" if "reach you" in reply["text"] else "no idea"
        [reply] = bot.replies(sender, answer, **AWAY)

    assert "reach you" in asked[-1]
    assert 1 <= len(asked) <= 3
    assert reply["handoff"]["contact"].replace(" ", "") == "+491701234567"


def test_where_to_be_reached_may_be_said_at_any_question(bot, sender):
    bot.say(sender, FAULT, **AWAY)
    [reply] = bot.replies(sender, "you can reach me at jane.doe@example.org", **AWAY)
    while reply["kind"] == "triage":
        assert "reach you" not in reply["text"]
        [reply] = bot.replies(sender, "skip", **AWAY)

    assert reply["handoff"]["contact"] == "jane.doe@example.org"


@pytest.mark.parametrize(
    "words", ["skip", "don't know", "не знаю", "跳过", "不知道", "모르겠어요", "略過"]
)
def test_the_contact_can_be_kept_to_oneself(bot, sender, words):
    bot.say(sender, NOTHING_FITS["en"], **AWAY)
    [question] = bot.replies(sender, "yes", **AWAY)
    [handoff] = bot.replies(sender, words, **AWAY)

    assert (question["kind"], handoff["kind"]) == ("triage", "handoff")
    assert "contact" not in handoff["handoff"]
    assert fields_of(handoff) == {"contact": None}


def test_one_message_may_answer_two_questions(bot, sender):
    [first] = bot.replies(sender, "E-999 on my hub, I already reset it twice")
    [second] = bot.replies(sender, "a Hub Mini with v1.8.4, it began yesterday")

    assert first["kind"] == "triage"
    assert second["kind"] == "handoff"
    fields = fields_of(second)
    assert (fields["product"], fields["version"]) == ("Hub Mini", "v1.8.4")
    assert "yesterday" in fields["since_when"]


def test_what_the_page_is_about_is_not_asked(bot, sender):
    page = {"url": "https://shop.example/havelo-cam", "title": "Havelo Cam"}

    [question] = bot.replies(sender, "E-999 again, I already reset it twice", page=page)
    [handoff] = bot.replies(sender, "a person please", payload={"action": "request_person"})

    assert "Which device" not in question["text"]
    assert fields_of(handoff)["product"] == "Havelo Cam"


def test_a_person_in_the_middle_comes_at_once_with_what_is_known(bot, sender):
    bot.say(sender, FAULT, **AWAY)

    [handoff] = bot.replies(sender, "give me a human now", **AWAY)

    assert handoff["kind"] == "handoff"
    assert fields_of(handoff)["error_text"] == "E-999"
