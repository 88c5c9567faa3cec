"""What the channel accepts, and how it names what it does not."""

import pytest

from bot.channels.requests import CLICKS, read_request
from bot.turn import TurnFailed

GOOD = {"sender": "c1", "message_id": "m1", "text": " hi ", "metadata": {"locale": "ko"}}


def test_a_typed_message_is_left_to_nlu():
    request = read_request(GOOD)

    assert (request.conversation_id, request.message_id, request.text) == ("c1", "m1", "hi")
    assert request.locale == "ko"
    assert request.parse_data() is None


def test_a_click_is_understood_without_nlu():
    payload = {"action": "show_article", "article_id": "refunds", "locale": "ru", "extra": 1}

    data = read_request(GOOD | {"payload": payload, "text": "Возврат денег"}).parse_data()

    assert data["intent"] == {"name": "show_article", "confidence": 1.0}
    found = {entity["entity"]: entity["value"] for entity in data["entities"]}
    assert found == {"language": "ko", "article_id": "refunds", "article_locale": "ru"}


def test_the_words_of_a_button_change_the_language_only_of_one_who_has_none():
    payload = {"action": "skip"}
    request = GOOD | {"payload": payload, "text": "Пропустить", "metadata": {}}

    [entity] = read_request(request).parse_data()["entities"]

    assert entity["value"] == "ru"


def test_a_click_needs_no_text():
    assert read_request(GOOD | {"text": "", "payload": {"action": "skip"}}).text == "skip"


def test_a_locale_nobody_speaks_is_as_none():
    assert read_request(GOOD | {"metadata": {"locale": "tlh"}}).locale is None


@pytest.mark.parametrize("body", [None, [], "hi", 3])
def test_a_body_that_is_no_object_is_refused(body):
    with pytest.raises(TurnFailed) as refused:
        read_request(body)

    assert (refused.value.status, refused.value.code) == (400, "bad_request")


@pytest.mark.parametrize(
    "change",
    [{"sender": ""}, {"sender": None}, {"sender": 7}, {"message_id": " "}, {"text": " "},
     {"text": None}, {"text": ["hi"]}, {"metadata": "ko"}],
)  # fmt: skip
def test_a_missing_or_wrong_field_is_named(change):
    with pytest.raises(TurnFailed, match=next(iter(change))) as refused:
        read_request(GOOD | change)

    assert refused.value.status == 400


@pytest.mark.parametrize(
    "payload",
    [{"action": "restart"}, {}, [], "skip", {"action": ["skip"]}, {"action": "show_article"},
     {"action": "show_article", "article_id": "x", "locale": 5}],
)  # fmt: skip
def test_a_click_outside_the_list_is_refused(payload):
    with pytest.raises(TurnFailed) as refused:
        read_request(GOOD | {"payload": payload})

    assert (refused.value.status, refused.value.code) == (400, "unknown_payload")


def test_a_text_beyond_all_measure_is_refused():
    with pytest.raises(TurnFailed) as refused:
        read_request(GOOD | {"text": "x" * 8001})

    assert refused.value.code == "too_long"


def test_the_list_of_clicks_is_closed():
    assert sorted(CLICKS) == sorted(
        ["request_person", "none_of_these", "show_article", "helped", "not_helped", "skip",
         "affirm", "deny"]
    )  # fmt: skip
