"""What a crash or a foreign hand leaves half-done is found, named and mended, once."""

import json

import pytest

from handoff_service.audit.auditor import Auditor
from handoff_service.audit.findings import REPAIRS, Fault
from handoff_service.audit.places import Limits
from handoff_service.domain import State
from handoff_service.store.audit import EVENTS

YEAR_MS = 365 * 86_400_000


@pytest.fixture
def auditor(desk, settings):
    return Auditor(desk.store, clock=desk.clock, limits=Limits.of(settings))


async def audit(auditor):
    """Return what is found on the whole desk, each once."""
    found = [finding async for page in auditor.pages() for finding in page.findings]
    return list(dict.fromkeys(found))


async def unqueue(desk, redis, keys, name):
    await redis.zrem(keys.queue, name)


async def requeue_late(desk, redis, keys, name):
    await redis.zadd(keys.queue, {name: 1})


async def queue_as_well(desk, redis, keys, name):
    await redis.zadd(keys.queue, {name: desk.now})


async def offer_for_a_year(desk, redis, keys, name):
    await redis.hset(keys.conversation(name), "deadline_ms", desk.now + YEAR_MS)
    await redis.zadd(keys.offers, {name: desk.now + YEAR_MS})


async def wrap_up_for_a_year(desk, redis, keys, name):
    await redis.hset(keys.conversation(name), "wrap_up_ends_ms", desk.now + YEAR_MS)
    await redis.zadd(keys.timers, {name: desk.now + YEAR_MS})


async def idle_for_a_year(desk, redis, keys, name):
    await redis.zadd(keys.timers, {name: desk.now + YEAR_MS})


async def forget_timer(desk, redis, keys, name):
    await redis.zrem(keys.timers, name)


async def seen_next_year(desk, redis, keys, name):
    await redis.zadd(keys.present, {name: desk.now + YEAR_MS})


async def forget_closing(desk, redis, keys, name):
    await redis.zrem(keys.closed, name)


async def forget_parking(desk, redis, keys, name):
    await redis.zrem(keys.parked, name)


async def forget_conversation(desk, redis, keys, name):
    await redis.delete(keys.conversation(name))


async def drop_hold(desk, redis, keys, name):
    await redis.zrem(keys.held("anna"), name)
    await redis.hset(keys.agent("anna"), "load", 0)


async def hold_heavier(desk, redis, keys, name):
    await redis.zadd(keys.held("anna"), {name: 4})
    await redis.hset(keys.agent("anna"), "load", 4)


async def hold_as_well(desk, redis, keys, name):
    await redis.zadd(keys.held("anna"), {name: 1})
    await redis.hset(keys.agent("anna"), "load", 1)


async def load_more(desk, redis, keys, name):
    await redis.hset(keys.agent("anna"), "load", 7)


async def go_online_by_halves(desk, redis, keys, name):
    await redis.srem(keys.online, "anna")


async def unlist(desk, redis, keys, name):
    await redis.srem(keys.agents, "anna")


async def forget_heartbeat(desk, redis, keys, name):
    await redis.zrem(keys.seen, "anna")


async def beat_next_year(desk, redis, keys, name):
    await redis.zadd(keys.seen, {"anna": desk.now + YEAR_MS})


async def lose_job(desk, redis, keys, name):
    await desk.say(name)
    await redis.xtrim(keys.jobs, maxlen=0, approximate=False)


async def owe_under_another_epoch(desk, redis, keys, name):
    await desk.say(name)
    [turn] = await redis.lrange(keys.turns(name), 0, -1)
    await redis.lset(keys.turns(name), 0, turn.replace('"epoch":1}', '"epoch":7}'))


async def owe_while_assigned(desk, redis, keys, name):
    await redis.rpush(keys.turns(name), json.dumps({"turn": 1, "epoch": 1}))


#: How it is broken → the state it starts from, and what is found.
BROKEN = {
    unqueue: (State.WAITING, {Fault.INDEX_MISSING}),
    requeue_late: (State.WAITING, {Fault.INDEX_SCORE}),
    queue_as_well: (State.ASSIGNED, {Fault.INDEX_STRAY}),
    offer_for_a_year: (State.OFFERED, {Fault.TIMER_ABSURD}),
    wrap_up_for_a_year: (State.WRAP_UP, {Fault.TIMER_ABSURD}),
    idle_for_a_year: (State.BOT, {Fault.TIMER_ABSURD}),
    forget_timer: (State.WRAP_UP, {Fault.INDEX_MISSING}),
    seen_next_year: (State.WAITING, {Fault.TIMER_ABSURD}),
    forget_closing: (State.CLOSED, {Fault.INDEX_MISSING}),
    forget_parking: (State.PARKED, {Fault.INDEX_MISSING}),
    forget_conversation: (State.OFFERED, {Fault.INDEX_STRAY, Fault.HELD_STRAY}),
    drop_hold: (State.ASSIGNED, {Fault.HELD_MISSING}),
    hold_heavier: (State.ASSIGNED, {Fault.HELD_MISSING}),
    hold_as_well: (State.WAITING, {Fault.HELD_STRAY}),
    load_more: (State.ASSIGNED, {Fault.LOAD_WRONG}),
    go_online_by_halves: (State.BOT, {Fault.ONLINE_WRONG}),
    unlist: (State.BOT, {Fault.AGENT_UNLISTED}),
    forget_heartbeat: (State.ASSIGNED, {Fault.HEARTBEAT_MISSING}),
    beat_next_year: (State.ASSIGNED, {Fault.HEARTBEAT_FUTURE}),
    lose_job: (State.BOT, {Fault.JOB_MISSING}),
    owe_under_another_epoch: (State.BOT, {Fault.TURN_STALE}),
    owe_while_assigned: (State.ASSIGNED, {Fault.TURN_STRAY}),
}


@pytest.mark.parametrize("hurt", BROKEN, ids=lambda hurt: hurt.__name__)
async def test_what_is_broken_is_found_mended_and_then_left_alone(desk, auditor, hurt):
    await desk.agent()
    state, faults = BROKEN[hurt]
    name, bystander = await desk.talk(state), await desk.talk(State.WAITING)
    events = await desk.store.conversations.events(name)
    assert await audit(auditor) == []
    await hurt(desk, desk.store.redis, desk.store.keys, name)
    said = await desk.store.conversations.events(name)

    found = await audit(auditor)
    mended = [await auditor.mend(finding) for finding in found]

    assert {finding.fault for finding in found} == faults
    assert any(mended)
    assert await audit(auditor) == []
    assert [await auditor.mend(finding) for finding in found] == [False] * len(found)
    assert await desk.store.conversations.events(name) == said
    assert said[: len(events)] == events
    assert (await desk.get(bystander)).state is State.WAITING


async def test_every_fault_that_can_be_mended_is_broken_here(desk):
    assert set(REPAIRS) == {fault for _, faults in BROKEN.values() for fault in faults}


async def test_a_mended_turn_is_answered(desk, auditor):
    name = await desk.talk()
    await lose_job(desk, desk.store.redis, desk.store.keys, name)

    for finding in await audit(auditor):
        await auditor.mend(finding)

    job, turn = await desk.work()
    assert (await desk.complete(job, turn, "Here.")).result.value == "COMPLETED"


async def test_who_is_put_back_in_the_queue_keeps_the_place(desk, auditor):
    first = await desk.talk(State.WAITING)
    desk.clock.advance(1000)
    await desk.talk(State.WAITING)
    await unqueue(desk, desk.store.redis, desk.store.keys, first)

    for finding in await audit(auditor):
        await auditor.mend(finding)

    assert await desk.store.queue.place(first) == 1


async def test_an_agent_about_to_be_lost_is_left_to_the_router(desk, auditor, settings):
    await desk.agent()
    desk.clock.advance(settings.agent_grace_s * 1000 + 1)
    await desk.store.redis.srem(desk.store.keys.online, "anna")

    assert await audit(auditor) == []


async def test_a_conversation_of_no_agent_is_named_but_not_touched(desk, auditor):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    await desk.store.redis.hdel(desk.store.keys.conversation(name), "agent_id")

    found = await audit(auditor)

    assert {finding.fault for finding in found} == {Fault.HOLDER_MISSING, Fault.HELD_STRAY}
    assert [finding.repair for finding in found if finding.fault is Fault.HOLDER_MISSING] == [None]


@pytest.mark.parametrize("kept", [None, EVENTS + 20, 3])
async def test_a_long_conversation_is_read_to_its_end_from_wherever_it_begins(desk, auditor, kept):
    name = await desk.talk()
    for _ in range(2 * EVENTS + 10):
        await desk.say(name)
    key = desk.store.keys.events(name)
    if kept:
        await desk.store.redis.xtrim(key, maxlen=kept, approximate=False)
    assert await audit(auditor) == []

    last_but_one = (await desk.get(name)).last_seq - 1
    await desk.store.redis.xdel(key, f"{last_but_one}-0")

    assert [finding.fault for finding in await audit(auditor)] == [Fault.EVENT_GAP]


async def test_an_audit_of_many_takes_every_page(desk, settings):
    names = [await desk.talk() for _ in range(7)]
    for name in names:
        await forget_timer(desk, desk.store.redis, desk.store.keys, name)
    small = Auditor(desk.store, clock=desk.clock, limits=Limits.of(settings), page=3)

    found = await audit(small)

    assert sorted(finding.conversation_id for finding in found) == sorted(names)
