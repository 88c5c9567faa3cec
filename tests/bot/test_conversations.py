"""Whole turns through channel, rules, action server and index, in five languages."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.components.languages import LOCALES

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

PASSWORD = {
    "en": "How do I reset my password?",
    "zh-Hans": "怎么重置密码？",
    "zh-Hant": "怎麼重設密碼？",
    "ru": "Как сбросить пароль?",
    "ko": "비밀번호를 어떻게 재설정하나요?",
}
FAULT = {
    "en": "my hub keeps rebooting since the update, error E-417, I already reset it twice",
    "zh-Hans": "更新后我的中枢一直重启，报错 E-417，我已经重置两次了",
    "zh-Hant": "更新後我的中樞一直重開機，出現錯誤 E-417，我已經重設兩次了",
    "ru": "после обновления хаб постоянно перезагружается, ошибка E-417, я уже дважды его сбросил",
    "ko": "업데이트 후 허브가 계속 재부팅되고 E-417 오류가 떠요, 이미 두 번 초기화했어요",
}
PERSON = {
    "en": "I want to talk to a person",
    "zh-Hans": "我要找人工客服",
    "zh-Hant": "我要找真人客服",
    "ru": "соедините с оператором",
    "ko": "상담원과 이야기하고 싶어요",
}
REPLY_FIELDS = {
    "kind",
    "text",
    "buttons",
    "sources",
    "confidence",
    "query",
    "index_version",
    "notice",
    "handoff",
}


def actions_of(reply):
    return [button["payload"]["action"] for button in reply["buttons"]]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_question_is_answered_from_the_right_article(bot, sender, locale):
    answer = bot.say(sender, PASSWORD[locale], locale="en")

    [reply] = answer["messages"]
    assert set(reply) == REPLY_FIELDS
    assert answer["release"], "reports tell answers apart by it"
    understood = answer["understood"]
    assert 0.5 < understood["intent_confidence"] <= 1
    assert 0.5 < understood["scope_confidence"] <= 1
    assert understood["runner_up"][0] != answer["intent"]
    assert (reply["kind"], answer["language"], answer["intent"]) == (
        "answer",
        locale,
        "ask_password",
    )
    [source] = reply["sources"]
    assert (source["article_id"], source["locale"]) == ("reset-password", locale)
    assert source["url"].startswith(f"/help/{locale}/reset-password")
    assert source["quote"] in reply["text"]
    assert source["title"] in reply["text"]
    assert 0.5 < reply["confidence"] <= 1
    assert actions_of(reply) == ["helped", "not_helped"]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_complex_fault_is_triaged_and_handed_over(bot, sender, locale):
    asked, reply = [], bot.replies(sender, FAULT[locale])[0]
    while reply["kind"] == "triage":
        asked.append(reply["text"])
        assert actions_of(reply) == ["skip"]
        reply = bot.replies(sender, {1: "Hub 2", 2: "v2.3.1"}.get(len(asked), "OK"), locale=locale)[
            0
        ]

    assert 1 <= len(asked) <= 3
    assert (reply["kind"], reply["text"]) == ("handoff", "")
    handoff = reply["handoff"]
    assert (handoff["reason"], handoff["topic"]) == ("technical_issue", "technical_issue")
    assert (handoff["language"], handoff["summary"]) == (locale, FAULT[locale])
    answers = {entry["field"]: entry["answer"] for entry in handoff["triage"]}
    assert answers["product"] == "Hub 2"
    assert answers["error_text"] == "E-417"
    assert answers["since_when"] in FAULT[locale]
    assert answers["tried_steps"] in FAULT[locale]
    assert all(entry["question"] for entry in handoff["triage"])


@pytest.mark.parametrize("locale", LOCALES)
def test_a_person_comes_when_asked_for_with_what_was_shown_before(bot, sender, locale):
    bot.say(sender, PASSWORD[locale])

    [reply] = bot.replies(sender, PERSON[locale])

    assert reply["kind"] == "handoff"
    handoff = reply["handoff"]
    assert (handoff["reason"], handoff["topic"]) == ("asked", "ask_password")
    assert handoff["summary"] == PASSWORD[locale]
    assert [shown["article_id"] for shown in handoff["tried"]] == ["reset-password"]
    assert set(handoff["tried"][0]) == {"article_id", "title", "url", "confidence"}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_person_comes_in_the_middle_of_triage(bot, sender, locale):
    assert bot.replies(sender, FAULT[locale])[0]["kind"] == "triage"

    [reply] = bot.replies(sender, PERSON[locale])
    [after] = bot.replies(sender, "OK", locale=locale)

    assert (reply["kind"], reply["handoff"]["reason"]) == ("handoff", "asked")
    assert after["kind"] == "smalltalk"


@pytest.mark.parametrize("locale", LOCALES)
def test_smalltalk_is_short_and_in_the_customers_language(bot, sender, locale):
    hello = {"en": "hello there", "zh-Hans": "您好，在吗", "zh-Hant": "哈囉，請問有人在嗎",
             "ru": "здравствуйте", "ko": "안녕하세요"}[locale]  # fmt: skip

    answer = bot.say(sender, hello, locale="zh-Hant" if locale == "zh-Hant" else None)

    assert [reply["kind"] for reply in answer["messages"]] == ["smalltalk"]
    assert answer["language"] == locale


HELLO = {"en": "hello", "zh-Hans": "早上好", "zh-Hant": "早安", "ru": "привет", "ko": "안녕하세요"}
YES = {"en": "yes", "zh-Hans": "好的", "zh-Hant": "是的", "ru": "да", "ko": "네"}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_greeting_takes_up_what_is_open_and_yes_goes_on_with_it(bot, sender, locale):
    [first] = bot.replies(sender, HELLO[locale], locale=locale)
    bot.say(sender, PASSWORD[locale])

    [again] = bot.replies(sender, HELLO[locale], locale=locale)
    [on] = bot.replies(sender, YES[locale], locale=locale)

    assert PASSWORD[locale] not in first["text"]
    assert PASSWORD[locale] in again["text"]
    assert [reply["kind"] for reply in (first, again, on)] == ["smalltalk"] * 3
    assert actions_of(on) == ["request_person"]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_thumb_means_what_the_bot_last_asked(bot, sender, locale):
    bot.say(sender, PASSWORD[locale])
    [after_an_answer] = bot.replies(sender, "👍", locale=locale)
    bot.say(sender, "what is the capital of France?", locale=locale)
    [after_an_offer] = bot.replies(sender, "👍", locale=locale)

    [down] = bot.replies(sender, "👎", locale=locale)

    kinds = [reply["kind"] for reply in (after_an_answer, after_an_offer, down)]
    assert kinds == ["smalltalk", "handoff", "offer_person"]


def test_every_triage_question_can_be_skipped(bot, sender):
    replies, questions = bot.replies(sender, "the hub freezes whatever I do, error E-512"), 0
    while replies[0]["kind"] == "triage":
        questions += 1
        replies = bot.replies(sender, "Skip", payload={"action": "skip"})

    assert 1 <= questions <= 3
    assert replies[0]["kind"] == "handoff"


def test_a_question_during_triage_is_answered_and_the_triage_goes_on(bot, sender):
    [question] = bot.replies(sender, FAULT["en"])

    answer, again = bot.replies(sender, "How do I return a product?")
    handoff = bot.replies(sender, "agent", payload={"action": "request_person"})[0]["handoff"]

    assert (answer["kind"], answer["sources"][0]["article_id"]) == ("answer", "return-product")
    assert again == question
    assert (handoff["topic"], handoff["summary"]) == ("technical_issue", FAULT["en"])


def test_a_fault_that_mends_itself_ends_the_triage(bot, sender):
    bot.say(sender, FAULT["en"])

    solved = bot.replies(sender, "Thanks", payload={"action": "helped"})
    after = bot.replies(sender, PASSWORD["en"])

    assert [reply["kind"] for reply in solved] == ["smalltalk"]
    assert [reply["kind"] for reply in after] == ["answer"]


def test_nothing_fitting_offers_a_person_and_yes_connects(bot, sender):
    [offer] = bot.replies(sender, "what is the capital of France?")
    [handoff] = bot.replies(sender, "yes")

    assert offer["kind"] == "offer_person"
    assert actions_of(offer) == ["request_person", "deny"]
    assert (handoff["kind"], handoff["handoff"]["reason"]) == ("handoff", "low_confidence")


def test_no_to_a_person_asks_for_other_words(bot, sender):
    bot.say(sender, "what is the capital of France?")

    [reply] = bot.replies(sender, "Ask in other words", payload={"action": "deny"})

    assert reply["kind"] == "smalltalk"


def test_displeasure_and_a_useless_answer_offer_a_person(bot, sender):
    [displeased] = bot.replies(sender, "this is ridiculous, your product is garbage")
    [handoff] = bot.replies(sender, "yes please")
    bot.say(sender, PASSWORD["en"])
    [useless] = bot.replies(sender, "That did not help", payload={"action": "not_helped"})
    [question] = bot.replies(sender, "Talk to a person", payload={"action": "affirm"})
    [second] = bot.replies(sender, "Skip", payload={"action": "skip"})

    assert displeased["kind"] == useless["kind"] == "offer_person"
    assert handoff["handoff"]["reason"] == "displeasure"  # whoever is displeased is asked nothing
    assert question["kind"] == "triage"
    assert second["handoff"]["reason"] == "disliked_answer"


def test_a_clicked_article_is_quoted_and_none_of_these_connects(bot, sender):
    payload = {"action": "show_article", "article_id": "warranty", "locale": "ko"}

    [shown] = bot.replies(sender, "보증 및 신청 방법", payload=payload, locale="ko")
    [handoff] = bot.replies(sender, "해당 없음", payload={"action": "none_of_these"}, locale="ko")

    assert (shown["kind"], shown["sources"][0]["article_id"]) == ("answer", "warranty")
    assert shown["sources"][0]["locale"] == "ko"
    assert handoff["handoff"]["reason"] == "none_of_these"


def test_a_clicked_article_that_is_gone_offers_a_person(bot, sender):
    payload = {"action": "show_article", "article_id": "no-such", "locale": "en"}

    [reply] = bot.replies(sender, "Old article", payload=payload)

    assert reply["kind"] == "offer_person"


@pytest.mark.parametrize("text", ["👍", "…", "\u200b?", "a" * 1000, "E-999", "[link](x) {slot}"])
def test_odd_messages_are_answered(bot, sender, text):
    assert bot.replies(sender, text)[0]["kind"]


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"{", "bad_json"), (b"\xff\xfe", "bad_json"), ([], "bad_request"),
     ({"sender": "s", "message_id": "m", "text": "x", "payload": {"action": "drop"}},
      "unknown_payload")],
)  # fmt: skip
def test_bad_requests_are_named(bot, body, code):
    status, answer = bot.post(body)

    assert (status, answer["error"]["code"]) == (400, code)


def test_many_customers_at_once_do_not_mix(bot):
    def conversation(number):
        sender, locale = uuid.uuid4().hex, LOCALES[number % len(LOCALES)]
        first = bot.say(sender, FAULT[locale])
        second = bot.say(sender, "Hub Mini", locale=locale)
        return locale, first["language"], second["slots"].get("product")

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(conversation, range(20)))

    assert all(locale == language for locale, language, _ in results)
    assert {product for _, _, product in results} == {"Hub Mini"}
