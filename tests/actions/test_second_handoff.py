"""A conversation that comes back from a person and goes to one again: nobody is asked twice."""

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import earlier_triage
from actions.action_request_handoff import ActionRequestHandoff
from actions.validate_triage_form import ValidateTriageForm
from tests.actions.calls import call

FAULT = "my hub keeps rebooting since the update, error E-417"


async def request(slots, **more):
    """Return the handoff that is asked for, and the slots after it."""
    dispatcher = CollectingDispatcher()
    body = call("action_request_handoff", intent="request_person", slots=slots, **more)
    events = await ActionRequestHandoff().run(dispatcher, Tracker.from_dict(body["tracker"]), {})
    [message] = dispatcher.messages
    return message["custom"]["handoff"], slots | _set(events)


async def begin_triage(slots, text, *, topic="technical_issue", entities=(), **more):
    """Return the slots once the form has begun."""
    body = call(
        "validate_triage_form", text=text, intent=topic, slots=slots | {"topic": topic},
        loop="triage_form", entities=entities, **more,
    )  # fmt: skip
    tracker = Tracker.from_dict(body["tracker"])
    return slots | _set(await ValidateTriageForm().run(CollectingDispatcher(), tracker, {}))


def _set(events):
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


FIRST = {
    "topic": "technical_issue", "problem": FAULT, "product": "Hub 2", "error_text": "E-417",
    "history": "since the update, I restarted it", "asked": ["product", "history", "version"],
    "tried": [{"article_id": "hub-offline"}], "needs_triage": True, "person_offered": True,
    "unsure_turns": 2, "requested_slot": None, "version": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "entities", "email"),
    [
        ("where is my refund?", (), "kim@shop.example"),
        ("refund it, write to me@other.example", [{"entity": "email", "value": "me@other.example"}],
         "me@other.example"),
    ],
)  # fmt: skip
async def test_nobody_asks_for_an_address_that_the_site_has_signed(text, entities, email):
    known = {"known": {"name": "Kim", "email": "kim@shop.example"}}

    signed = await begin_triage({}, text, topic="ask_refund", entities=entities, metadata=known)
    unsigned = await begin_triage({}, "where is my refund?", topic="ask_password")

    assert signed["email"] == email
    assert signed["requested_slot"] == "order_number"
    assert unsigned["requested_slot"] == "email"


async def test_what_it_was_about_outlives_the_handoff_and_what_led_there_does_not():
    handoff, after = await request(FIRST)

    assert (after["topic"], after["problem"], after["tried"]) == (
        FIRST["topic"], FIRST["problem"], FIRST["tried"],
    )  # fmt: skip
    assert (after["person_offered"], after["unsure_turns"], after["needs_triage"]) == (
        False, 0, False,
    )  # fmt: skip
    assert after["product"] is after["asked"] is None
    assert [one["field"] for one in handoff["triage"]] == [
        "product", "error_text", "history", "version",
    ]  # fmt: skip


async def test_a_second_request_about_the_same_carries_the_answers_of_the_first():
    first, after = await request(FIRST)

    second, _ = await request(after, text="a person again please")

    assert second["triage"] == first["triage"]
    assert second["summary"] == FAULT


async def test_a_second_triage_asks_nothing_that_was_asked():
    _, after = await request(FIRST)

    again = await begin_triage(after, "it reboots again")

    assert again["requested_slot"] is None
    assert (again["product"], again["error_text"]) == ("Hub 2", "E-417")


async def test_what_is_said_anew_counts_more_than_what_was_said_before():
    _, after = await request(FIRST)
    code = {"entity": "error_code", "value": "E-512"}
    unspecific = {"entity": "product", "value": "Hub"}

    again = await begin_triage(after, "now my hub says E-512", entities=[code, unspecific])

    assert (again["product"], again["error_text"]) == ("Hub 2", "E-512")


async def test_another_product_is_another_problem():
    _, after = await request(FIRST | {"email": "kim@shop.example"})
    camera = {"entity": "product", "value": "Havelo Cam"}

    again = await begin_triage(after, "my camera freezes, too", entities=[camera])

    assert (again["product"], again["error_text"]) == ("Havelo Cam", None)
    assert again["email"] == "kim@shop.example", "that is about the customer"
    assert again["requested_slot"] is not None


async def test_another_topic_keeps_only_how_to_reach_the_customer():
    _, after = await request(FIRST | {"contact": "+49 30 1234567"})

    handoff, kept = await request(after | {"topic": "ask_refund", "problem": "my refund?"})

    assert [one["field"] for one in handoff["triage"]] == ["contact"]
    assert kept[earlier_triage.SLOT]["answers"] == {"contact": "+49 30 1234567"}
