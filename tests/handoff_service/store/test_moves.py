"""Every transition from every state goes where the table says, or changes nothing."""

import pytest

from handoff_service.domain import LEGAL_MOVES, State
from handoff_service.store.results import LostResult
from tests.handoff_service.desk import ASKED, OFFER_MS, PARK_MS

S = State


async def post(desk, name):
    return await desk.say(name)


async def cancel(desk, name):
    return await desk.store.handoffs.cancel(name, message_id=desk.new("m"), now_ms=desk.now)


async def expire(desk, name):
    desk.clock.advance(OFFER_MS + 1)
    return await desk.store.handoffs.expire_offer(
        name, agent_id="anna", epoch=await desk.epoch(name), now_ms=desk.now
    )


async def lose(desk, name):
    desk.clock.advance(1)
    return await desk.store.handoffs.agent_lost(
        name, agent_id="anna", lost_at_ms=desk.now, now_ms=desk.now
    )


async def hand_back(desk, name):
    return await desk.store.handoffs.hand_back(
        name, agent_id="anna", epoch=await desk.epoch(name), now_ms=desk.now
    )


async def close_due(desk, name):
    desk.clock.advance(desk.idle_ms + 1)
    return await desk.store.conversations.close_due(name, now_ms=desk.now)


async def resume_due(desk, name):
    desk.clock.advance(PARK_MS)
    return await desk.store.holdings.resume_due(name, now_ms=desk.now)


async def take_over(desk, name):
    return await desk.take_over(name, await desk.agent("sofia"))


async def bot_hands_over(desk, name):
    jobs = await desk.store.turns.claim("w", count=1, block_ms=1)
    if not jobs:
        return None
    work = await desk.store.turns.next(jobs[0], now_ms=desk.now)
    return await desk.complete(jobs[0], work.turn, handoff=ASKED) if work else None


MOVES = {
    post: {S.CLOSED: S.BOT, S.WRAP_UP: S.ASSIGNED, S.PARKED: S.WAITING},
    # A closed one goes through `bot`, and so does a left message while somebody is there.
    "request": dict.fromkeys((S.BOT, S.CLOSED, S.MESSAGE_LEFT), S.WAITING),
    cancel: {S.WAITING: S.BOT, S.OFFERED: S.BOT, S.MESSAGE_LEFT: S.BOT, S.PARKED: S.BOT},
    # From `bot` through `waiting`, in one step.
    "leave": dict.fromkeys((S.BOT, S.CLOSED, S.WAITING, S.OFFERED), S.MESSAGE_LEFT),
    "offer": {S.WAITING: S.OFFERED, S.MESSAGE_LEFT: S.OFFERED},
    "accept": {S.OFFERED: S.ASSIGNED},
    "decline": {S.OFFERED: S.WAITING},
    expire: {S.OFFERED: S.WAITING},
    lose: {S.OFFERED: S.WAITING, S.ASSIGNED: S.WAITING, S.WRAP_UP: S.CLOSED},
    hand_back: {S.ASSIGNED: S.BOT},
    "wrap_up": {S.ASSIGNED: S.WRAP_UP},
    "transfer": {S.ASSIGNED: S.WAITING},
    "park": {S.ASSIGNED: S.PARKED},
    "resume": {S.PARKED: S.ASSIGNED},
    resume_due: {S.PARKED: S.WAITING},
    take_over: dict.fromkeys(
        (S.WAITING, S.OFFERED, S.ASSIGNED, S.PARKED, S.MESSAGE_LEFT), S.ASSIGNED
    ),
    "close": {state: S.CLOSED for state in S if state is not S.CLOSED},
    close_due: {S.BOT: S.CLOSED, S.WRAP_UP: S.CLOSED},
}


@pytest.mark.parametrize("source", list(State))
@pytest.mark.parametrize("move", MOVES, ids=lambda move: getattr(move, "__name__", move))
async def test_a_transition_moves_as_the_table_says_or_changes_nothing(
    desk, settings, move, source
):
    desk.idle_ms = settings.idle_close_s * 1000
    await desk.agent()
    name = await desk.talk(source)
    epoch, events = await desk.epoch(name), await desk.types(name)
    expected = MOVES[move].get(source, source)

    await (getattr(desk, move)(name) if isinstance(move, str) else move(desk, name))

    assert await desk.state(name) is expected
    if expected is source and move not in {post, take_over}:
        assert await desk.types(name) == events
        assert await desk.epoch(name) == epoch


async def test_between_them_the_transitions_make_every_legal_move():
    made = {(source, target) for moves in MOVES.values() for source, target in moves.items()}
    made |= {(S.BOT, S.WAITING)}
    made -= {(S.CLOSED, S.WAITING), (S.MESSAGE_LEFT, S.WAITING)}
    made -= {(S.BOT, S.MESSAGE_LEFT), (S.CLOSED, S.MESSAGE_LEFT)}

    assert made == {(source, target) for source in S for target in LEGAL_MOVES[source]}


async def test_the_bot_hands_over_only_what_it_has(desk):
    name = await desk.talk()
    await desk.say(name)

    await bot_hands_over(desk, name)

    assert await desk.state(name) is S.WAITING


INDEXES = ("queue", "left", "offers", "timers", "parked", "closed", "present", "since")


@pytest.mark.parametrize("source", list(State))
async def test_a_conversation_is_in_the_index_of_its_state_only(desk, source):
    await desk.agent()
    name = await desk.talk(source)
    keys, redis = desk.store.keys, desk.store.redis

    found = {
        index for index in INDEXES if await redis.zscore(getattr(keys, index), name) is not None
    }
    held = name in await desk.store.agents.held("anna")

    assert (
        found
        == {
            S.BOT: {"timers"},
            S.WAITING: {"queue", "since", "present"},
            S.OFFERED: {"offers", "since", "present"},
            S.ASSIGNED: set(),
            S.WRAP_UP: {"timers"},
            S.CLOSED: {"closed"},
            S.MESSAGE_LEFT: {"left"},
            S.PARKED: {"parked"},
        }[source]
    )
    assert held == (source in {S.OFFERED, S.ASSIGNED, S.WRAP_UP})
    assert (await desk.store.agents.get("anna")).load == int(held)


async def test_the_epoch_rises_with_each_change_of_owner_and_only_then(desk):
    await desk.agent()
    name = await desk.talk()
    epochs = [await desk.epoch(name)]
    for step in ("request", "offer", "decline", "offer", "accept", "wrap_up", "say", "close"):
        await getattr(desk, step)(name)
        epochs.append(await desk.epoch(name))

    assert epochs == [1, 2, 2, 2, 2, 3, 3, 3, 4]


async def test_a_returned_agent_keeps_the_conversation(desk):
    await desk.agent()
    name = await desk.talk(S.ASSIGNED)
    lost_at_ms = desk.now
    desk.clock.advance(5)
    await desk.store.agents.heartbeat("anna", now_ms=desk.now)

    outcome = await desk.store.handoffs.agent_lost(
        name, agent_id="anna", lost_at_ms=lost_at_ms, now_ms=desk.now
    )

    assert outcome.result is LostResult.BACK
    assert await desk.state(name) is S.ASSIGNED


async def test_a_script_refuses_a_move_that_the_table_does_not_hold(desk):
    """The last line of defence: even a script with a wrong condition cannot break the table."""
    name = await desk.talk(S.CLOSED)
    await desk.store.redis.hset(desk.store.keys.conversation(name), "state", "message_left")
    await desk.store.redis.hset(desk.store.keys.conversation(name), "waiting_since_ms", "1")
    await desk.agent()

    await desk.offer(name)  # legal: message_left → offered
    await desk.store.redis.hset(desk.store.keys.conversation(name), "state", "bot")
    outcome = await desk.accept(name)

    assert outcome.result.value == "GONE"
    assert await desk.state(name) is S.BOT
