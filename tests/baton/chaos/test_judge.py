"""The comparison finds each kind of flaw, and none where there is none."""

from dataclasses import replace

import pytest

from baton.chaos.ledger import GOT, SENT, Entry
from tests.baton.chaos.world import ANN, BOB, END, GRACE_S, T0, TALK, World, event, message


@pytest.fixture
def world():
    return World()


def without(events, seq):
    return [each for each in events if each.seq != seq]


def changed(events, seq, **fields):
    return [replace(each, **fields) if each.seq == seq else each for each in events]


def test_a_run_without_flaws_passes(world):
    verdict = world.judge()

    assert verdict.findings == []
    assert verdict.acked == 4
    assert verdict.passes(grace_s=GRACE_S)


# ── lost ──────────────────────────────────────────────────────────────────────────────────────


def test_an_acknowledged_message_that_is_stored_nowhere_is_lost(world):
    world.ack(world.customer, "m-9", 12)

    assert world.flaws() == {"lost"}


def test_an_acknowledged_message_whose_number_another_has_is_lost(world):
    world.live = world.archived = changed(
        world.events, 9, data={**world.events[8].data, "message_id": "m-x"}
    )

    assert "lost" in world.flaws()


def test_an_event_that_redis_has_and_sql_has_not_is_lost(world):
    world.archived = without(world.events, 8)

    assert world.flaws() == {"lost"}


def test_an_event_that_sql_tells_otherwise_is_lost(world):
    world.archived = changed(world.events, 7, at_ms=T0)

    assert world.flaws() == {"lost"}


def test_what_redis_has_forgotten_may_be_in_sql_alone(world):
    world.live, world.talk = [], None

    assert world.flaws() == set()


def test_a_gap_in_the_numbers_is_a_loss(world):
    world.live, world.talk = [], None
    world.archived = without(world.events, 10)

    assert "lost" in world.flaws()


def test_an_event_that_somebody_saw_and_that_is_gone_is_lost(world):
    world.hear(world.customer, event(12, "conversation.rated", epoch=4, stars=5))

    assert world.flaws() == {"lost"}


def test_a_message_that_never_reached_the_customer_is_lost(world):
    world.forget(world.customer, 7)

    assert world.flaws() == {"lost"}


def test_a_message_that_never_reached_the_agent_who_was_there_is_lost(world):
    world.forget(world.ann, 8)

    # the socket lived on: an event three seconds younger came on it
    world.live = world.archived = world.events = [
        *world.events,
        event(12, "conversation.rated", epoch=4, stars=5),
    ]
    world.talk = replace(world.talk, last_seq=12)
    world.hear(world.customer, world.events[-1])
    world.hear(world.ann, world.events[-1])

    assert world.flaws() == {"lost"}


def test_an_agent_whose_connection_broke_before_need_not_have_it(world):
    world.forget(world.ann, 8)
    world.forget(world.ann, 9)
    world.forget(world.ann, 10)
    world.forget(world.ann, 11)
    world.lose_connection(world.ann, T0 + 7500)

    assert world.flaws() == set()


# ── duplicated, reordered ─────────────────────────────────────────────────────────────────────


def test_a_message_that_is_stored_twice_is_a_duplicate(world):
    again = message(12, "customer", "m-3", epoch=4)
    world.live = world.archived = [*world.events, again]
    world.talk = replace(world.talk, last_seq=12, state="bot")
    world.hear(world.customer, again)

    assert "duplicated" in world.flaws()


def test_an_event_that_came_twice_is_a_duplicate(world):
    world.hear(world.customer, world.events[10])

    assert world.flaws() == {"duplicated"}


def test_messages_stored_in_another_order_than_written_are_reordered(world):
    eighth, ninth = world.events[7], world.events[8]
    world.events[7] = replace(ninth, seq=8)
    world.events[8] = replace(eighth, seq=9)
    world.live = world.archived = world.events
    for told in (world.customer, world.ann):
        for seq in (8, 9):
            world.forget(told, seq)
            world.hear(told, world.events[seq - 1])

    assert "reordered" in world.flaws()


def test_events_that_come_in_another_order_on_one_socket_are_reordered(world):
    world.forget(world.customer, 8)
    world.hear(world.customer, world.events[7])

    assert world.flaws() == {"reordered"}


def test_the_same_for_an_agent(world):
    world.forget(world.ann, 8)
    world.hear(world.ann, world.events[7])

    assert world.flaws() == {"reordered"}


# ── owners ────────────────────────────────────────────────────────────────────────────────────


def spoil(world, events):
    """Tell this story instead; the same on all sides."""
    last = events[-1]
    state = {"closed": "closed"}.get(last.type, world.talk.state)
    world.tell(events, state=state)


def test_two_agents_who_write_in_one_conversation_are_two_owners(world):
    spoil(world, changed(world.events, 7, data={**world.events[6].data, "agent_id": BOB}))

    assert "double_owner" in world.flaws()


def test_an_assignment_while_somebody_has_it_is_a_second_owner(world):
    again = event(8, "handoff.assigned", epoch=4, agent_id=BOB, agent_name="Bob", text="Bob")
    closed = replace(world.events[10], seq=9, epoch=5)
    world.tell([*world.events[:7], again, closed], state="closed")

    assert world.flaws() == {"double_owner"}


def test_a_take_over_is_none(world):
    taken = event(8, "handoff.taken_over", epoch=4, agent_id=BOB, agent_name="Bob", text="Bob")
    closed = replace(world.events[10], seq=9, epoch=5)
    world.tell([*world.events[:7], taken, closed], state="closed")

    assert world.flaws() == set()


@pytest.mark.parametrize("epoch", [1, 2])
def test_a_change_of_owner_without_a_higher_epoch_is_one(world, epoch):
    spoil(world, changed(world.events, 6, epoch=epoch))

    assert "double_owner" in world.flaws()


def test_a_conversation_that_contradicts_its_events_has_two_owners(world):
    world.talk = replace(world.talk, state="assigned", agent_id=ANN)

    assert "double_owner" in world.flaws()


def test_a_console_that_shows_what_another_holds_is_a_second_owner(world):
    summary = {"conversation_id": TALK, "agent_id": ANN, "state": "assigned", "epoch": 3}
    frame = {"type": "conversation", "summary": summary}
    world.bob.entries.append(Entry(T0 + 6500, GOT, frame))

    assert world.flaws() == {"double_owner"}


@pytest.mark.parametrize(
    ("before", "flaws"),
    [
        ("handoff.assigned", {"bot_after_handoff"}),
        ("agent.lost", {"bot_after_handoff"}),
        ("handoff.returned", set()),
    ],
)
def test_the_bot_is_silent_from_the_acceptance_to_the_way_back(world, before, flaws):
    events = world.events[:6]
    epoch = 3
    if before != "handoff.assigned":
        epoch = 4
        events.append(event(7, before, epoch=epoch, agent_id=ANN, text="…"))
    said = message(len(events) + 1, "bot", "bot-9-1", epoch=epoch)
    closed = event(len(events) + 2, "conversation.closed", epoch=epoch + 1, by="agent")
    world.tell([*events, said, closed], state="closed")

    assert world.flaws() == flaws


# ── nobody is forgotten ───────────────────────────────────────────────────────────────────────


def test_whoever_waits_while_a_fitting_agent_is_free_is_stuck(world):
    world.tell(world.events[:4], state="waiting")

    verdict = world.judge()

    assert [finding.flaw.value for finding in verdict.findings] == ["stuck"]
    assert verdict.unserved.agent_id == ANN
    assert verdict.max_unserved_s == (END - T0 - 4000) / 1000
    assert not verdict.passes(grace_s=GRACE_S)


@pytest.mark.parametrize(
    "person", [{"presence": "away"}, {"load": 1}, {"languages": ("ko",)}], ids=str
)
def test_whoever_waits_for_nobody_is_not(world, person):
    world.tell(world.events[:4], state="waiting")
    world.people[0] = replace(world.people[0], **person)

    assert world.flaws() == set()


@pytest.mark.parametrize(
    ("seqs", "state", "due_ms", "flaws"),
    [
        (5, "offered", END - 11_000, {"stuck"}),
        (5, "offered", END - 1000, set()),
        (10, "wrap_up", END - 11_000, {"stuck"}),
        (10, "wrap_up", None, {"stuck"}),
        (10, "wrap_up", END + 1000, set()),
    ],
)
def test_what_is_over_its_time_is_stuck(world, seqs, state, due_ms, flaws):
    world.tell(world.events[:seqs], state=state, agent_id=ANN, due_ms=due_ms)

    assert world.flaws() == flaws


def test_a_conversation_of_an_agent_who_is_gone_is_stuck(world):
    world.tell(world.events[:6], state="assigned", agent_id=ANN)
    world.people[0] = replace(world.people[0], presence="offline", load=1)

    assert world.flaws() == {"stuck"}


@pytest.mark.parametrize(("with_bot", "flaws"), [(True, {"stuck"}), (False, set())])
def test_an_answer_that_the_bot_still_owes_is_stuck(world, with_bot, flaws):
    world.tell(world.events[:2], state="bot", owed_turns=1)

    assert world.flaws(with_bot=with_bot) == flaws


def test_waiting_counts_only_while_one_agent_is_there_with_room(world):
    """Ann is there for five seconds, away, and there again for the last three."""
    offered = event(60, "handoff.offered", epoch=2, agent_id=ANN, deadline_ms=END)
    world.tell([*world.events[:4], replace(offered, seq=5)], state="offered", agent_id=ANN)
    world.talk = replace(world.talk, due_ms=END)
    for at_s, status in ((9, "away"), (57, "online")):
        frame = {"type": "presence", "status": status}
        world.ann.entries.append(Entry(T0 + at_s * 1000, GOT, frame))

    assert world.judge().max_unserved_s == 5.0


def test_an_agent_who_asked_to_be_away_is_not_waited_for(world):
    world.tell(world.events[:4], state="waiting")
    frame = {"type": "presence", "status": "away"}
    world.ann.entries.append(Entry(T0 + 9000, SENT, frame))

    assert world.judge().max_unserved_s == 5.0


def test_an_agent_who_let_it_pass_is_not_waited_for(world):
    events = [
        *world.events[:5],
        event(6, "offer.expired", epoch=2, agent_id=ANN, reason="timeout"),
    ]
    world.tell(events, state="waiting")

    assert world.judge().max_unserved_s == 1.0


@pytest.mark.parametrize(("to", "seconds"), [(BOB, 0.0), (ANN, 8.0)])
def test_a_conversation_that_was_passed_on_waits_for_that_agent_alone(world, to, seconds):
    """Until that is given up, at the twentieth second."""
    target = {"kind": "agent", "id": to, "name": "…"}
    events = [
        *world.events[:6],
        event(12, "handoff.transferred", epoch=4, agent_id=ANN, to=target, text="…"),
        event(20, "handoff.widened", epoch=4, what="wanted_agent"),
        event(21, "handoff.offered", epoch=4, agent_id=ANN, deadline_ms=END),
    ]
    events = [replace(each, seq=number) for number, each in enumerate(events, start=1)]
    world.tell(events, state="offered", agent_id=ANN, due_ms=END)

    assert world.judge().max_unserved_s == max(seconds, 1.0)
