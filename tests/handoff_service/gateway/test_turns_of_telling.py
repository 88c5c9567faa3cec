"""Who is told of a change, and when: near the head at once, others in turns; all in the end."""

from contextlib import ExitStack

import pytest

from handoff_service.domain import EventType, State
from handoff_service.gateway.floor import Audience
from handoff_service.gateway.timekeeper import OWN_PACE, Timekeeper
from handoff_service.gateway.waiting_room import MOST_AT_ONCE, NEAR, STAFF_S, TOLD_S, WaitingRoom
from handoff_service.metrics import Metrics
from handoff_service.routing.policy import Requirement
from handoff_service.store.log import LogEntry
from handoff_service.store.pace import Handled


@pytest.fixture
def timekeeper(store, clock):
    return Timekeeper(store, clock=clock, metrics=Metrics())


@pytest.fixture
def room(store, clock, timekeeper):
    return WaitingRoom(store, clock=clock, timekeeper=timekeeper)


def watch(room, names):
    """Let each of the conversations have a tab here; return who was told, in order."""
    told = []
    for name in names:
        room.enter(name, lambda name=name: told.append(name))
    return told


async def test_near_the_head_every_step_is_told_others_wait_for_their_turn(desk, room):
    names = []
    for _ in range(NEAR + 3):
        names.append(await desk.talk(State.WAITING))
        desk.clock.advance(1)
    told = watch(room, names)
    assert await room.look(100.0)
    assert told == names

    await desk.store.handoffs.cancel(names[0], message_id="c", now_ms=desk.now)
    del told[:]
    assert not await room.look(100.0 + TOLD_S / 2)
    assert told == names[1 : NEAR + 1]

    assert await room.look(100.0 + TOLD_S)
    assert told == names[1:]
    assert [room.standing(name).place for name in names[1:]] == list(range(1, NEAR + 3))


async def test_what_did_not_change_is_not_told(desk, room):
    told = watch(room, [await desk.talk(State.WAITING)])
    await room.look(100.0)

    await room.look(200.0)

    assert len(told) == 1


async def test_a_crowd_is_told_in_parts_and_nobody_is_forgotten(desk, room):
    names = [f"talk{n:04d}" for n in range(MOST_AT_ONCE + 50)]
    order = {name: place for place, name in enumerate(names)}
    await desk.store.redis.zadd(desk.store.keys.queue, order)
    told = watch(room, names)

    assert not await room.look(100.0)
    assert told == names[:MOST_AT_ONCE]
    del told[:]
    await desk.store.redis.zrem(desk.store.keys.queue, names[-1])  # all others are as they were
    assert await room.look(100.0 + STAFF_S)
    assert told == names[MOST_AT_ONCE:-1]


async def test_two_tabs_are_both_told_until_the_last_has_left(desk, room):
    name = await desk.talk(State.WAITING)
    first, second = [], []
    one, two = (lambda: first.append(1)), (lambda: second.append(1))
    room.enter(name, one)
    room.enter(name, two)
    await room.look(100.0)
    room.leave(name, one)
    assert room.standing(name).place == 1

    room.leave(name, two)

    assert (first, second) == ([1], [1])
    assert room.standing(name).place is None


async def test_a_yes_to_any_language_is_heard_of(desk, room, timekeeper):
    talks = [Handled(f"t{n}:9", "en", None, 4_000, 60_000 * n) for n in range(20)]
    await desk.store.paces.note(talks, [], now_ms=desk.now)
    await timekeeper.note()
    await desk.agent(languages=("en",))
    name = await desk.talk(State.WAITING, locale="ko")
    watch(room, [name])
    room.touch()
    await room.look(100.0)
    assert room.standing(name).wait is None  # nobody here could take it

    await desk.store.redis.hset(desk.store.keys.conversation(name), "any_language", 1)
    room.forget(name)
    await room.look(100.0 + STAFF_S)

    assert room.standing(name).wait is not None


def test_an_audience_is_told_of_the_latest_once_its_turn_has_come():
    told, audience = [], Audience("a")
    with ExitStack() as stack:
        for number in range(1000):
            stack.enter_context(audience.hears(lambda number=number: told.append(number)))

        assert audience.tell("a", 10.0)
        assert told == []
        assert audience.tell("b", 10.0)
        assert len(told) == 1000
        assert not audience.tell("c", 10.5)
        assert audience.tell("b", 10.5)  # as it was: nothing to tell
        assert audience.tell("d", 11.0)
        assert len(told) == 2000


class Story:
    """Entries of the log as a process hears them, of one conversation."""

    def __init__(self, timekeeper):
        self.timekeeper, self.seq = timekeeper, 0

    def goes_on(self, at_ms, kind, state, *, agent="anna", released=None):
        self.seq += 1
        entry = LogEntry(f"{at_ms}-0", "talk1", self.seq, kind, "{}", state, agent, released, True)
        self.timekeeper.note_entry(entry)


async def noted(desk, timekeeper):
    await timekeeper.note()
    return [(talk.answer_ms, talk.handle_ms) for talk in (await desk.store.paces.recent()).handled]


async def test_a_talk_lasts_from_acceptance_until_the_agent_is_free(desk, timekeeper):
    await desk.talk()
    story = Story(timekeeper)
    story.goes_on(1_000, EventType.HANDOFF_OFFERED, State.OFFERED)
    story.goes_on(4_000, EventType.HANDOFF_ASSIGNED, State.ASSIGNED)
    story.goes_on(60_000, EventType.WRAPPED_UP, State.WRAP_UP)
    story.goes_on(70_000, EventType.MESSAGE_POSTED, State.ASSIGNED)
    story.goes_on(90_000, EventType.WRAPPED_UP, State.WRAP_UP)
    story.goes_on(120_000, EventType.CLOSED, State.CLOSED, agent=None, released="anna")

    assert await noted(desk, timekeeper) == [(3_000, 116_000)]
    assert await noted(desk, timekeeper) == [(3_000, 116_000)]


async def test_an_offer_that_nobody_took_is_no_talk(desk, timekeeper):
    await desk.talk()
    story = Story(timekeeper)
    story.goes_on(1_000, EventType.HANDOFF_OFFERED, State.OFFERED)
    story.goes_on(31_000, EventType.OFFER_EXPIRED, State.WAITING, agent=None, released="anna")
    story.goes_on(32_000, EventType.HANDOFF_CANCELLED, State.BOT, agent=None)

    assert await noted(desk, timekeeper) == []


async def test_a_take_over_ends_one_talk_and_begins_another(desk, timekeeper):
    await desk.talk()
    story = Story(timekeeper)
    story.goes_on(1_000, EventType.HANDOFF_OFFERED, State.OFFERED)
    story.goes_on(4_000, EventType.HANDOFF_ASSIGNED, State.ASSIGNED)
    story.goes_on(
        9_000, EventType.HANDOFF_TAKEN_OVER, State.ASSIGNED, agent="sofia", released="anna"
    )
    story.goes_on(20_000, EventType.HANDOFF_RETURNED, State.BOT, agent=None, released="sofia")

    assert sorted(await noted(desk, timekeeper)) == [(0, 11_000), (3_000, 5_000)]


async def test_notes_of_a_newer_version_are_read_as_far_as_they_are_known(desk, timekeeper):
    row = '["talk1:9", "en", null, 4000, 60000, "of a newer version"]'
    await desk.store.redis.zadd(desk.store.keys.handled, {row: 1})

    assert await noted(desk, timekeeper) == [(4_000, 60_000)]


async def test_a_language_with_talks_enough_has_its_own_pace(desk, timekeeper):
    talks = [Handled(f"e{n}:9", "en", None, 1_000, 60_000) for n in range(OWN_PACE)]
    talks += [Handled(f"k{n}:9", "ko", None, 1_000, 180_000) for n in range(OWN_PACE - 1)]
    await desk.store.paces.note(talks, [], now_ms=desk.now)
    await timekeeper.note()

    def pace(language):
        kind = Requirement(language, None, 1, None, None, 1, lenient=False)
        return timekeeper.pace(kind).handle

    assert (pace("en").count, pace("en").mean) == (OWN_PACE, 60_000)
    assert pace("ko").count == 2 * OWN_PACE - 1
