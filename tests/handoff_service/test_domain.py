"""The table of legal moves, and what a customer may see."""

import itertools
import json

import pytest

from handoff_service.conversation import Handoff
from handoff_service.domain import (
    AGENTS_ONLY_FIELDS,
    LEGAL_MOVES,
    OWNER,
    Event,
    EventType,
    Owner,
    State,
    check_move,
    whole_for_customer,
)
from handoff_service.errors import IllegalMove

#: Written out a second time on purpose: a changed table must be changed twice.
LEGAL = {
    ("bot", "waiting"), ("bot", "closed"),
    ("waiting", "offered"), ("waiting", "bot"), ("waiting", "message_left"), ("waiting", "closed"),
    ("offered", "assigned"), ("offered", "waiting"), ("offered", "bot"), ("offered", "closed"),
    ("offered", "message_left"),
    ("assigned", "waiting"), ("assigned", "bot"), ("assigned", "wrap_up"), ("assigned", "closed"),
    ("wrap_up", "closed"), ("wrap_up", "assigned"),
    ("waiting", "assigned"), ("assigned", "assigned"), ("message_left", "assigned"),
    ("assigned", "parked"), ("parked", "waiting"), ("parked", "assigned"), ("parked", "closed"),
    ("parked", "bot"),
    ("closed", "bot"),
    ("message_left", "offered"), ("message_left", "bot"), ("message_left", "closed"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "target"), list(itertools.product(State, State)))
def test_each_pair_of_states_is_legal_or_refused(source, target):
    if (source, target) in LEGAL:
        check_move(source, target)
    else:
        with pytest.raises(IllegalMove, match=f"from {source} to {target}"):
            check_move(source, target)


def test_every_state_has_an_owner_and_a_way_out():
    assert set(OWNER) == set(State)
    assert all(LEGAL_MOVES[state] for state in State)
    assert {OWNER[State.ASSIGNED], OWNER[State.WRAP_UP]} == {Owner.AGENT}


def _event(event_type, **data):
    return Event("c", 1, event_type, 5, 1, data)


def test_an_event_reads_back_what_it_wrote():
    event = _event(EventType.MESSAGE_POSTED, text="привет", author="customer")

    assert Event.from_json(event.to_json()) == event


@pytest.mark.parametrize(
    "event_type",
    [EventType.HANDOFF_OFFERED, EventType.HANDOFF_DECLINED, EventType.OFFER_EXPIRED],
)
def test_a_customer_never_sees_who_was_asked(event_type):
    assert _event(event_type, agent_id="a").for_customer() is None


def test_a_customer_does_not_see_what_agents_note():
    returned = _event(EventType.HANDOFF_RETURNED, text="hello", note="difficult person")
    requested = _event(EventType.HANDOFF_REQUESTED, text="wait", summary="s", tried=[], triage=[])

    assert returned.for_customer().data == {"text": "hello"}
    assert requested.for_customer().data == {"text": "wait"}


def test_a_handoff_reads_back_what_it_wrote_and_keeps_the_summary_short():
    handoff = Handoff(
        "asked", "t", "ko", ({"field": "product"},), ({"article_id": "a"},), "x" * 400
    )

    again = Handoff.from_json(handoff.to_json())

    assert again.summary == "x" * 300
    assert (again.triage, again.tried) == (handoff.triage, handoff.tried)


@pytest.mark.parametrize("kind", EventType)
def test_only_events_without_fields_for_agents_go_to_customers_as_they_are(kind):
    hidden = dict.fromkeys(["contact", "note", "disposition", "query", "text"], "x")
    event = Event("c", 1, kind, 0, 1, hidden)
    text = json.dumps(event.to_json())

    assert whole_for_customer(kind, text) == (event.for_customer() == event)


@pytest.mark.parametrize("field", sorted(AGENTS_ONLY_FIELDS[EventType.MESSAGE_POSTED]))
def test_a_customer_never_learns_how_a_message_came_about(field):
    said = {"author": "agent", "text": "Hello"}
    event = _event(EventType.MESSAGE_POSTED, **said, **{field: "r_1"})

    assert not whole_for_customer(event.type, json.dumps(event.to_json()))
    assert event.for_customer().data == said


def test_events_of_a_newer_version_never_go_to_customers_as_they_are():
    assert not whole_for_customer("moon.landed", "{}")
