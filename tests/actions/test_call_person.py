"""`action_call_person`: what the customer said, by the project's own rules."""

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.knowledge import Knowledge
from actions.server import create_app
from handoff_rules.reading import read_rules
from tests.actions.calls import call, run, slots_of


@pytest.fixture
async def client(tmp_path):
    """A server without index or model: none is needed to call a person."""
    app = create_app(Knowledge(tmp_path / "kb", tmp_path / "model"), read_rules())
    async with TestClient(TestServer(app)) as client:
        yield client


def reason(code):
    return ({"entity": "handoff_reason", "value": code},)


async def decide(client, **what):
    _, body = await run(client, call("action_call_person", **what))
    said = [response["response"] for response in body["responses"]]
    return said, slots_of(body)


@pytest.mark.parametrize(
    ("what", "said", "code"),
    [
        ({"intent": "request_person"}, [], "asked"),
        ({"intent": "none_of_these"}, [], "none_of_these"),
        ({"intent": "call_person", "entities": reason("legal")}, [], "legal"),
        ({"intent": "call_person", "entities": reason("security")}, [], "security"),
        ({"intent": "call_person", "entities": reason("payment_dispute")}, [], "payment_dispute"),
        ({"intent": "call_person", "entities": reason("displeasure")}, [], "displeasure"),
        (
            {"intent": "call_person", "entities": reason("safety")},
            ["utter_safety_advice"],
            "safety",
        ),
        ({"intent": "complaint", "slots": {"person_offered": True}}, [], "displeasure"),
        ({"intent": "not_helped", "metadata": {"disliked": True, "flags": ["vip"]}}, [], "vip"),
        # the model knows a rule that the file has no more
        ({"intent": "call_person", "entities": reason("gone")}, [], "gone"),
    ],
)
async def test_these_connect_at_once(client, what, said, code):
    responses, slots = await decide(client, **what)

    assert responses == said
    assert (slots["call_now"], slots["needs_triage"], slots["person_offered"]) == (
        True,
        False,
        False,
    )
    assert slots["offer_reason"] == code


@pytest.mark.parametrize(
    ("intent", "said", "code"),
    [
        ("complaint", "utter_offer_person_displeased", "displeasure"),
        ("not_helped", "utter_offer_person_not_helped", "disliked_answer"),
    ],
)
async def test_these_only_offer(client, intent, said, code):
    responses, slots = await decide(client, intent=intent)

    assert responses == [said]
    assert (slots["call_now"], slots["person_offered"]) == (False, True)
    assert slots["offer_reason"] == code


@pytest.mark.parametrize("intent", ["complaint", "not_helped", "request_person"])
async def test_in_the_middle_of_triage_nothing_more_is_asked_or_offered(client, intent):
    responses, slots = await decide(client, intent=intent, loop="triage_form")

    assert responses == []
    assert slots["call_now"] is True


async def test_taking_up_an_offer_keeps_its_reason(client):
    offered = {"person_offered": True, "offer_reason": "low_confidence"}

    _, slots = await decide(client, intent="request_person", slots=offered)

    assert slots["offer_reason"] == "low_confidence"


async def test_words_make_the_message_the_problem_but_an_outburst_does_not(client):
    before = {"problem": "How do I pair it?", "topic": "ask_setup"}
    smoke = {"text": "my plug is smoking", "intent": "call_person", "slots": before}

    _, danger = await decide(client, **smoke, entities=reason("safety"))
    _, outburst = await decide(
        client, intent="call_person", slots=before, entities=reason("displeasure")
    )

    assert danger["problem"] == "my plug is smoking"
    assert "problem" not in outburst


async def test_without_an_index_a_person_is_called_all_the_same(client):
    body = call("action_call_person", intent="request_person")
    body["tracker"]["latest_message"]["requests"] = [
        {"text": "how do I return it", "intent": "ask_return", "confidence": 0.9},
        {"text": "and get me a person", "intent": "request_person", "confidence": 0.9},
    ]

    _, answer = await run(client, body)

    assert slots_of(answer)["call_now"] is True


async def test_while_the_customer_waits_nobody_is_called_again(client):
    responses, slots = await decide(client, intent="complaint", metadata={"waiting": True})

    assert responses == []  # the service keeps only answers
    assert (slots["call_now"], slots["person_offered"]) == (False, False)


async def test_even_those_who_wait_are_told_what_to_do_in_danger(client):
    body = call(
        "action_call_person",
        intent="call_person",
        entities=reason("safety"),
        metadata={"waiting": True},
    )

    _, answer = await run(client, body)

    [said] = answer["responses"]
    assert (said["response"], said["custom"]["kind"]) == ("utter_safety_advice", "answer")
    assert slots_of(answer)["call_now"] is False
