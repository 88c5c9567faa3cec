"""Who has a conversation, read from its events: every state and every move."""

import pytest

from baton.chaos.replay import replay, spells
from baton.client.events import Event
from handoff_service.domain import EventType, State
from tests.baton.chaos.world import ANN, T0, healthy_events

ASSIGNED = ("handoff.assigned", {"agent_id": ANN})
OFFERED = ("handoff.offered", {"agent_id": ANN})
BY_CUSTOMER = ("message.posted", {"author": "customer", "message_id": "m"})


def stand_after(*told):
    events = [
        Event("c_1", number, kind, T0 + number, number, data)
        for number, (kind, data) in enumerate(told, start=1)
    ]
    return replay(events)[-1]


@pytest.mark.parametrize(
    ("told", "state", "agent_id"),
    [
        ([("conversation.started", {})], "bot", None),
        ([("handoff.requested", {})], "waiting", None),
        ([OFFERED], "offered", ANN),
        ([OFFERED, ("handoff.declined", {"agent_id": ANN})], "waiting", None),
        ([OFFERED, ("offer.expired", {"agent_id": ANN, "left": True})], "message_left", None),
        ([OFFERED, ASSIGNED], "assigned", ANN),
        ([ASSIGNED, ("handoff.taken_over", {"agent_id": "a_2"})], "assigned", "a_2"),
        ([ASSIGNED, ("handoff.transferred", {"agent_id": ANN})], "waiting", None),
        ([ASSIGNED, ("agent.lost", {"agent_id": ANN})], "waiting", None),
        ([ASSIGNED, ("handoff.returned", {"agent_id": ANN})], "bot", None),
        ([ASSIGNED, ("conversation.parked", {"agent_id": ANN})], "parked", ANN),
        (
            [
                ("conversation.parked", {"agent_id": ANN}),
                ("conversation.resumed", {"agent_id": ANN}),
            ],
            "assigned",
            ANN,
        ),
        (
            [("conversation.parked", {"agent_id": ANN}), ("conversation.resumed", {"place": 1})],
            "waiting",
            None,
        ),
        ([ASSIGNED, ("conversation.wrapped_up", {"agent_id": ANN})], "wrap_up", ANN),
        ([ASSIGNED, ("conversation.wrapped_up", {}), BY_CUSTOMER], "assigned", ANN),
        ([ASSIGNED, ("conversation.closed", {"by": "agent"})], "closed", None),
        ([("conversation.closed", {"by": "agent"}), BY_CUSTOMER], "bot", None),
        ([("message.left", {})], "message_left", None),
        ([ASSIGNED, ("something.new", {})], "assigned", ANN),
    ],
)
def test_each_move_leads_where_the_service_says(told, state, agent_id):
    stand = stand_after(*told)

    assert (stand.state, stand.agent_id) == (state, agent_id)


def test_every_state_of_the_service_is_known_here():
    known = {stand.state for stand in map(stand_after, _one_event_each())}

    assert known >= {state.value for state in State} - {"unknown"}


def _one_event_each():
    for kind in EventType:
        yield kind.value, {"agent_id": ANN}


def test_times_in_each_state_follow_each_other():
    events = healthy_events()

    found = spells(replay(events), end_ms=T0 + 20_000)

    assert [until for _, _, until in found[:-1]] == [begin for _, begin, _ in found[1:]]
    assert found[-1][2] == T0 + 20_000
