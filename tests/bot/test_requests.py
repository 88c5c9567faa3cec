"""What the channel accepts, and how it names what it does not."""

import pytest

from bot.channels.requests import CLICKS, read_request
from bot.turn import TurnFailed

GOOD = {"sender": "c1", "message_id": "m1", "text": " hi ", "metadata": {"locale": "ko"}}


def test_a_typed_message_is_left_to_nlu():
    request = read_request(GOOD)

    assert (request.conversation_id, request.message_id, request.text) == ("c1", "m1", "hi")
    assert request.facts == {"locale": "ko"}
    assert not request.may_be_silent
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
    assert read_request(GOOD | {"metadata": {"locale": "tlh"}}).facts == {}


def test_the_facts_of_a_turn_are_kept_and_nothing_else():
    told = {
        "locale": "ru", "page": {"url": "https://shop.example/hub-2", "title": "Hub 2"},
        "on_duty": False, "waiting": True, "disliked": True, "flags": ["vip"], "local_hour": 23,
        "known": {"name": "Kim", "email": "kim@shop.example"},
        "handed_back": {"agent_name": "Ann", "note": "Refunded.", "articles": ["/help/en/refunds"]},
    }  # fmt: skip

    request = read_request(GOOD | {"metadata": told | {"customer": {"email": "a@b.example"}}})

    assert request.facts == told
    assert request.may_be_silent


def test_facts_without_a_value_are_left_out():
    empty = {"locale": None, "page": None, "flags": [], "local_hour": None, "handed_back": None}

    assert read_request(GOOD | {"metadata": empty}).facts == {}


def test_long_facts_are_cut():
    page = {"url": "https://shop.example/" + "a" * 2000, "title": "t" * 300}

    kept = read_request(GOOD | {"metadata": {"page": page}}).facts["page"]

    assert (len(kept["url"]), len(kept["title"])) == (500, 200)


@pytest.mark.parametrize(
    ("name", "value"),
    [("locale", 5), ("page", "https://shop.example"), ("page", {"url": 5}), ("on_duty", 1),
     ("waiting", "yes"), ("disliked", []), ("flags", "vip"), ("flags", [1]), ("local_hour", 24),
     ("local_hour", True), ("known", "kim@shop.example"), ("known", {"email": 1}),
     ("local_hour", 7.5), ("handed_back", []),
     ("handed_back", {"note": 1}), ("handed_back", {"articles": "/help"})],
)  # fmt: skip
def test_a_fact_of_another_form_is_named(name, value):
    with pytest.raises(TurnFailed, match=f"metadata.{name} must be") as refused:
        read_request(GOOD | {"metadata": {name: value}})

    assert (refused.value.status, refused.value.code) == (400, "bad_request")


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
         "affirm", "deny", "other_problem"]
    )  # fmt: skip
