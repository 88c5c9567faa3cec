"""Scripts about agents, jobs, the log and what is past: each sent twice changes things once."""

import pytest

from handoff_service.absence import Absence
from handoff_service.domain import Presence, State
from handoff_service.past import Past
from handoff_service.store.connection import build_store
from handoff_service.store.keys import BOT_GROUP
from handoff_service.store.scripts import Scripts
from handoff_service.wording import Wording
from tests.handoff_service.desk import Desk
from tests.handoff_service.machine.watched import WatchedScripts
from tests.handoff_service.store.test_twice import CALLS

#: The log's ids are of Redis's own time: this one is beyond all of them.
LOG_END = "9999999999999-0"


async def settle_job(desk):
    name = await desk.talk()
    await desk.say(name)
    job, _ = await desk.work()
    await desk.close(name)
    await desk.store.turns.next(job, now_ms=desk.now)


async def set_presence(desk):
    await desk.store.agents.set_presence("anna", presence=Presence.AWAY, now_ms=desk.now)


async def mark_lost(desk):
    await desk.store.agents.mark_lost("anna", lost_at_ms=desk.now, now_ms=desk.now)


async def set_capacity(desk):
    await desk.store.agents.set_capacity("anna", capacity=2)


async def forget_worker(desk):
    await desk.talk()
    await desk.store.turns.claim("w9", count=1, block_ms=1)
    await desk.store.turns.forget_worker("w9")


async def trim_log(desk):
    await desk.store.log.ensure_group()
    await desk.talk()
    entries = await desk.store.log.read_group("a", count=9)
    await desk.store.log.ack([entry.log_id for entry in entries])
    await desk.store.log.trim(keep_from_ms=9_999_999_999_999)


async def lead(desk):
    await desk.store.leadership.take("w1", life_ms=60_000)


async def forget(desk):
    name = await desk.talk(State.CLOSED)
    await desk.store.past.forget([name], until_ms=desk.now, archived_before=LOG_END)
    assert await desk.store.conversations.get_many([name]) == []


async def erase(desk):
    name = await desk.talk(State.CLOSED)
    await desk.store.past.erase(name, now_ms=desk.now)
    assert await desk.store.conversations.get_many([name]) == []


async def go_on_with(desk):
    assert await desk.store.visits.go_on_with("42", "c_1", before=None) == "c_1"


async def restore(desk):
    await desk.store.past.restore(PAST, now_ms=desk.now)


async def repair_place(desk):
    name = await desk.talk(State.WAITING)
    await desk.store.redis.zrem(desk.store.keys.queue, name)
    await desk.store.repairs.place(
        name, latest_deadline_ms=desk.now, latest_end_ms=desk.now, now_ms=desk.now
    )


async def repair_hold(desk):
    name = await desk.talk(State.ASSIGNED)
    await desk.store.redis.zrem(desk.store.keys.held("anna"), name)
    await desk.store.repairs.hold(name, agent_id="anna", now_ms=desk.now)


async def repair_turns(desk):
    name = await desk.talk()
    await desk.say(name)
    await desk.store.redis.xtrim(desk.store.keys.jobs, maxlen=0, approximate=False)
    await desk.store.repairs.turns(name, now_ms=desk.now)


async def repair_agent(desk):
    await desk.store.redis.srem(desk.store.keys.online, "anna")
    await desk.store.repairs.agent("anna", now_ms=desk.now)


PAST = Past(
    conversation_id="old",
    customer_id="u",
    identity=None,
    language="en",
    started_ms=1,
    last_seq=7,
    epoch=2,
    turn=1,
    page=None,
    stars=None,
    known_agent=None,
    ids={"m1": 2},
    latest=(),
    closed=True,
)
STEPS = (
    *(
        settle_job,
        set_presence,
        mark_lost,
        set_capacity,
        forget_worker,
        trim_log,
        lead,
        forget,
        erase,
        go_on_with,
        restore,
    ),
    *(repair_place, repair_hold, repair_turns, repair_agent),
)
#: Look only, or are about the present moment: jobs kept fresh, the time of the desk.
OTHERS = {"look_at_agent", "look_at_conversation", "keep_job", "agree_time"}


@pytest.fixture
def heard():
    return []


@pytest.fixture
def desk(store, settings, clock, heard):
    """Return a desk whose every script is sent twice; the second time must change nothing."""
    scripts = WatchedScripts(
        store.redis,
        prefix=store.keys.prefix,
        on_answer=lambda name, _args, words: heard.append((name, words[0] if words else "")),
    )
    scripts.twice = True
    absence = Absence(Wording.load())
    return Desk(
        build_store(store.redis, store.keys, settings=settings, absence=absence, scripts=scripts),
        clock,
    )


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
async def test_a_script_sent_twice_changes_things_once(desk, heard, step):
    await desk.agent()
    heard.clear()

    await step(desk)

    assert [name for name, _ in heard].count(step.__name__) == 2


async def test_every_script_is_sent_twice_somewhere(store):
    assert Scripts(store.redis).names == set(CALLS) | {step.__name__ for step in STEPS} | OTHERS


async def test_a_job_is_kept_by_whoever_has_it_however_often(store, clock):
    desk = Desk(store, clock)
    await desk.say(await desk.talk())
    job, _ = await desk.work("w1")

    for _ in range(2):
        assert await store.turns.keep("w1", [job]) == {job.job_id}
        assert await store.turns.keep("w2", [job]) == set()
    pending = await store.redis.xpending_range(store.keys.jobs, BOT_GROUP, "-", "+", 9)
    assert [entry["consumer"] for entry in pending] == ["w1"]
