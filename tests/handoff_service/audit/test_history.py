"""Events replayed: what may follow what, under which epoch, and what the customer was told."""

import json

import pytest

from handoff_service.audit.findings import Fault
from handoff_service.audit.history import History
from handoff_service.conversation import Conversation
from handoff_service.domain import Event, State
from handoff_service.store.audit import Snapshot

TOLD = {"text": "One moment."}
ASKED = [
    ("conversation.started", 1, {}),
    ("message.posted", 1, {"author": "customer", "message_id": "m1"}),
    ("message.posted", 1, {"author": "bot", "message_id": "bot-1-1"}),
    ("handoff.requested", 2, TOLD),
    ("handoff.offered", 2, {}),
]
SERVED = [
    *ASKED,
    ("handoff.assigned", 3, TOLD),
    ("message.posted", 3, {"author": "agent", "agent_id": "anna", "message_id": "a1"}),
]


def event(seq, kind, epoch, data, *, at_ms=0, name="c1"):
    return {
        "conversation_id": name,
        "seq": seq,
        "type": kind,
        "at_ms": at_ms or 1000 * seq,
        "epoch": epoch,
        "data": data,
    }


def story(*steps):
    return [event(seq, *step) for seq, step in enumerate(steps, start=1)]


def found(events, *, state, last_seq=None, epoch=None, logged=None):
    """Return the faults of a conversation with these events."""
    history = History("c1")
    for one in events:
        history.take(json.dumps(one))
    talk = Conversation(
        conversation_id="c1",
        customer_id="u",
        state=state,
        epoch=events[-1]["epoch"] if epoch is None else epoch,
        last_seq=events[-1]["seq"] if last_seq is None else last_seq,
        language="en",
        started_ms=1,
    )
    snapshot = Snapshot(
        "c1",
        talk,
        unreadable=None,
        wrap_up_ends_ms=None,
        returned=False,
        left=False,
        scores={},
        turns=(),
        job=None,
        has_job=False,
        agent_id=None,
        agent_known=False,
        weight=None,
        event_count=len(events),
        logged=Event.from_json(logged) if logged else None,
    )
    return [finding.fault for finding in history.end(snapshot, talk)]


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (SERVED, State.ASSIGNED),
        ([*SERVED, ("agent.lost", 4, TOLD)], State.WAITING),
        ([*SERVED, ("conversation.parked", 3, TOLD)], State.PARKED),
        ([*SERVED, ("handoff.transferred", 4, TOLD)], State.WAITING),
        ([*SERVED, ("handoff.taken_over", 4, TOLD)], State.ASSIGNED),
        ([*SERVED, ("conversation.wrapped_up", 3, TOLD)], State.WRAP_UP),
        ([*SERVED, ("conversation.closed", 4, {})], State.CLOSED),
        ([*ASKED, ("offer.expired", 2, {"left": True})], State.MESSAGE_LEFT),
        ([*ASKED, ("handoff.abandoned", 3, TOLD)], State.BOT),
        ([*SERVED, ("handoff.reassigned", 9, {})], State.ASSIGNED),  # a newer version's
        (
            [*SERVED, ("handoff.returned", 4, TOLD),
             ("message.posted", 4, {"author": "bot", "message_id": "bot-2-1"})],
            State.BOT,
        ),
    ],
)  # fmt: skip
def test_what_a_desk_does_is_in_order(steps, state):
    assert found(story(*steps), state=state) == []


BOT_SPEAKS = ("message.posted", 4, {"author": "bot", "message_id": "bot-9-1"})


@pytest.mark.parametrize(
    ("steps", "state", "fault"),
    [
        ([*SERVED, ("message.posted", 3, {"author": "bot", "message_id": "bot-9-1"})],
         State.ASSIGNED, Fault.BOT_AFTER_HANDOFF),
        ([*SERVED, ("agent.lost", 4, TOLD), BOT_SPEAKS], State.WAITING, Fault.BOT_AFTER_HANDOFF),
        ([*SERVED, ("handoff.transferred", 4, TOLD), BOT_SPEAKS],
         State.WAITING, Fault.BOT_AFTER_HANDOFF),
        ([*ASKED, ("handoff.assigned", 2, TOLD)], State.ASSIGNED, Fault.EPOCH_WRONG),
        ([*SERVED, ("handoff.taken_over", 3, TOLD | {"agent_id": "ben", "from_agent_id": "anna"})],
         State.ASSIGNED, Fault.EPOCH_WRONG),
        ([*SERVED, ("conversation.closed", 2, {})], State.CLOSED, Fault.EPOCH_WRONG),
        ([*ASKED, ("handoff.assigned", 3, {})], State.ASSIGNED, Fault.SENTENCE_MISSING),
        ([*ASKED[:3], ("handoff.requested", 2, {})], State.WAITING, Fault.SENTENCE_MISSING),
        ([*ASKED[:2], ASKED[1]], State.BOT, Fault.MESSAGE_REPEATED),
        (SERVED, State.WAITING, Fault.STATE_DIFFERS),
    ],
)  # fmt: skip
def test_what_no_desk_may_do_is_found(steps, state, fault):
    assert found(story(*steps), state=state) == [fault]


def test_numbers_times_and_ends_are_compared():
    whole = story(*SERVED)

    assert found([*whole[:3], *whole[4:]], state=State.ASSIGNED) == [Fault.EVENT_GAP]
    assert found(whole[2:], state=State.ASSIGNED) == []  # the older ones are in the history only
    assert found(whole, state=State.ASSIGNED, last_seq=9) == [Fault.EVENT_GAP]
    assert found(whole, state=State.ASSIGNED, epoch=4) == [Fault.EPOCH_WRONG]
    assert found(whole, state=State.ASSIGNED, logged=whole[-1]) == []
    assert found(whole, state=State.ASSIGNED, logged=whole[-2]) == [Fault.LOG_DIFFERS]
    late = [*whole, event(8, "message.posted", 3, {"author": "customer"}, at_ms=1)]
    assert found(late, state=State.ASSIGNED) == [Fault.EVENT_ORDER]
    foreign = [*whole, event(8, "message.posted", 3, {}, name="c2")]
    assert Fault.EVENT_UNREADABLE in found(foreign, state=State.ASSIGNED)


def test_what_is_no_event_is_named():
    history = History("c1")
    for text in ("", "{}", "[]", '{"type": 1}'):
        history.take(text)
    findings = history.end(
        Snapshot("c1", None, None, None, False, False, {}, (), None, False, None, False, None, 0,
                 None),
        Conversation("c1", "u", State.BOT, 1, 0, "en", 1),
    )  # fmt: skip

    assert [finding.fault for finding in findings] == [Fault.EVENT_UNREADABLE] * 4
