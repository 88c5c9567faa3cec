"""What the customer's messages answer already."""

import pytest

from actions.questions import FIELDS
from actions.triage import prefill, read_answer, skips
from actions.wording import question
from bot.components.patterns import Patterns
from bot.components.product_file import read_products

PATTERNS = Patterns(read_products())
LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")


def message(text):
    """Return a message as the dialogue keeps it, its entities found as the bot finds them."""
    entities = [{"entity": found.entity, "value": found.value} for found in PATTERNS.find(text)]
    return {"text": text, "intent": "technical_issue", "entities": entities}


@pytest.mark.parametrize(
    ("text", "product", "error", "since", "tried"),
    [
        ("my hub keeps rebooting since the update, error E-417, I already reset it twice",
         "Hub", "E-417", "since the update", "already reset"),
        ("Since yesterday my Hub Mini is dead. I tried a restart, no luck.",
         "Hub Mini", None, "Since yesterday", "tried a restart"),
        ("the camera freezes for two weeks now", "Havelo Cam", None, "for two weeks", None),
        ("E-512 again, after a factory reset too", None, "E-512", None, "after a factory reset"),
        ("E-417, reset it twice", None, "E-417", None, "reset it twice"),
        ("rebooted the plug several times", "Havelo Plug", None, None, "several times"),
        ("I've already unplugged the plug twice", "Havelo Plug", None, None, "already unplugged"),
        ("更新后我的中枢一直重启，报错 E-417，我已经重置两次了",
         "Hub", "E-417", "更新后", "已经重置"),
        ("Hub 2 从昨天开始连不上，试过重启", "Hub 2", None, "从昨天开始", "试过"),
        ("更新後我的中樞一直重開機，出現錯誤 E-417，我已經重設兩次了",
         "Hub", "E-417", "更新後", "已經重設"),
        ("攝影機三天前開始當機，重新啟動也沒用", "Havelo Cam", None, "三天前", None),
        ("после обновления хаб постоянно перезагружается, ошибка E-417, я уже дважды его сбросил",
         "Hub", "E-417", "после обновления", "уже дважды"),
        ("датчик отваливается со вчера, попробовал всё", "Havelo Sense", None, "со вчера",
         "попробовал всё"),
        ("업데이트 후 허브가 계속 재부팅되고 E-417 오류가 떠요, 이미 두 번 초기화했어요",
         "Hub", "E-417", "업데이트 후", "이미 두 번 초기화"),
        ("어제부터 카메라가 꺼져요", "Havelo Cam", None, "어제", None),
        ("it does not work", None, None, None, None),
        ("안 돼요", None, None, None, None),
        ("不能用了", None, None, None, None),
    ],
)  # fmt: skip
def test_what_the_first_message_says(text, product, error, since, tried):
    found = prefill([message(text)])

    assert (found.get("product"), found.get("error_text")) == (product, error)
    assert (since is None) == ("since_when" not in found), found
    assert (tried is None) == ("tried_steps" not in found), found
    assert since is None or since in found["since_when"]
    assert tried is None or tried in found["tried_steps"]


def test_the_newest_message_counts_but_a_model_beats_a_bare_hub():
    newest_first = [message("my hub is red"), message("I have a Hub Mini, E-101"),
                    message("E-305")]  # fmt: skip

    found = prefill(newest_first)

    assert (found["product"], found["error_text"]) == ("Hub Mini", "E-101")


def test_what_the_page_is_about_counts_where_the_customer_said_nothing():
    seen = {"entity": "page_product", "value": "Havelo Cam"}
    version = {"entity": "page_version", "value": "v1.2.3"}
    page = {"text": "it is dead", "intent": "", "entities": [seen, version]}

    assert prefill([page])["product"] == "Havelo Cam"
    assert prefill([page, message("my Hub 2 v2.3.1")])["product"] == "Hub 2"
    assert prefill([page, message("my Hub 2 v2.3.1")])["version"] == "v2.3.1"


def test_an_answer_is_taken_as_said_and_may_answer_more():
    answers = read_answer("since_when", message("on Monday, my Hub Mini got v1.8.4"))

    assert answers["since_when"] == "on Monday, my Hub Mini got v1.8.4"
    assert (answers["product"], answers["version"]) == ("Hub Mini", "v1.8.4")


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [("product", "the mini one", "the mini one"), ("product", "HV-H2", "Hub 2"),
     ("error_text", "no", "no"), ("error_text", "it says e 203", "E-203"),
     ("version", "2.3.1", "v2.3.1"), ("version", "no idea", "no idea"),
     ("tried_steps", "nothing", "nothing"),
     ("history", "since Monday, I tried a reset", "since Monday, I tried a reset"),
     ("order_number", "it is HV-123456 I think", "HV-123456"),
     ("email", "me@example.org, please", "me@example.org"),
     ("contact", "write to me@example.org", "me@example.org"),
     ("contact", "позвоните: +7 (912) 345-67-89", "+79123456789"),
     ("contact", "010-1234-5678로 연락 주세요", "01012345678"),
     ("contact", "@havelo_fan on Telegram", "@havelo_fan on Telegram")],
)  # fmt: skip
def test_an_answer_in_its_normal_form(field, text, expected):
    assert read_answer(field, message(text))[field] == expected


def test_where_to_be_reached_is_no_answer_to_another_question():
    answers = read_answer("version", message("you can reach me at me@example.org"))

    assert answers["contact"] == "me@example.org"
    assert "version" not in answers


def test_the_parts_of_a_whole_history_are_not_told_twice():
    answers = read_answer("history", message("since Monday, my Hub 2, I already reset it"))

    assert set(answers) == {"history", "product"}


@pytest.mark.parametrize(
    "text",
    ["skip", "Don't know.", "no idea", "I don't remember", "跳过", "不知道", "略過", "不清楚耶",
     "не знаю", "Не помню!", "пропустить", "모르겠어요", "잘 모르겠습니다.", "건너뛰기",
     "기억이 안 나요"],
)  # fmt: skip
def test_not_knowing_skips_the_question(text):
    assert skips(text)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "I don't know why but it began on Monday",
        "не знаю, вчера",
        "어제부터",
        "不知道为什么昨天坏了",
        "",
    ],
)
def test_saying_anything_answers_it(text):
    assert not skips(text)


@pytest.mark.parametrize("locale", LOCALES)
def test_agents_see_every_question_in_the_customers_words(locale):
    texts = {field: question(field, locale) for field in FIELDS}

    assert len(set(texts.values())) == len(FIELDS)
    assert locale == "en" or all(texts[field] != question(field, "en") for field in FIELDS)


def test_an_unknown_locale_gets_the_english_question():
    assert question("product", "fr") == question("product", "en")
