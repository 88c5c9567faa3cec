"""A candidate answers a share of new conversations; what it cannot answer, the live bot does."""

import asyncio
import dataclasses

import aiohttp
import pytest

from handoff_service.archive.database import open_database
from handoff_service.archive.learning import splits
from handoff_service.archive.learning.splits import Arm, Split
from handoff_service.bot.arms import REST_MS, Arms
from handoff_service.bot.rasa import RasaClient
from handoff_service.bot.worker import BotWorker
from handoff_service.clock import ManualClock
from handoff_service.ids import new_worker_id
from handoff_service.wording import Wording
from tests.handoff_service.bot.conftest import Engine, fails, says

SPLIT = Split(
    split_id="sp_1",
    candidate_id="c_1",
    share=1.0,
    state="running",
    url=None,
    model="new.tar.gz",
    index_version=None,
    live_model="old.tar.gz",
    asked_by="eve",
    asked_ms=0,
    started_ms=0,
    ended_ms=None,
    ended_why="",
    problem="",
    verdict={},
    kept_ms=0,
)


@pytest.fixture
async def other():
    """The candidate's engine."""
    server = await Engine().start()
    server.script = lambda request: says(f"new answer to {request['text']}", release="new")
    yield server
    await server.stop()


@pytest.fixture
async def arms(engine, other):
    engine.script = lambda request: says(f"answer to {request['text']}", release="old")
    told, changes, clock = [], [], ManualClock()
    async with aiohttp.ClientSession() as session:

        def client(url, timeout_s=2):
            return RasaClient(session, url=url, token="t" * 16, timeout_s=timeout_s)

        made = Arms(
            client(engine.url),
            client,
            clock=clock,
            index_version=lambda: "kb1",
            on_change=lambda: changes.append(True),
            on_turn=lambda arm, by: told.append((arm.value, by.value)),
        )
        made.told, made.clock, made.changes = told, clock, changes
        yield made


@pytest.fixture
async def worker(store, arms, make_settings, clock):
    settings = make_settings(bot_takeover_s=2)
    worker = BotWorker(
        store,
        arms,
        clock=clock,
        settings=settings,
        worker_id=new_worker_id(),
        wording=Wording.load(),
    )
    task = asyncio.ensure_future(worker.run())
    yield worker
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _ask(desk, name, text):
    """Say something; return the data of the bot's message."""
    await desk.say(name, text)
    count = len(await _messages(desk, name))
    await desk.wait_for("message.posted", name=name, count=count + count % 2)
    return (await _messages(desk, name))[-1]


async def _messages(desk, name):
    events = await desk.store.conversations.events(name)
    return [event.data for event in events if event.type.value == "message.posted"]


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_the_share_is_kept_and_a_conversation_stays_where_it_is(share):
    split = dataclasses.replace(SPLIT, share=share)
    names = [f"c_{number}" for number in range(20_000)]

    drawn = [split.arm_of(name, started_ms=1) for name in names]
    again = [dataclasses.replace(split, url="x").arm_of(name, started_ms=9) for name in names]
    other = [dataclasses.replace(split, split_id="sp_2").arm_of(n, started_ms=1) for n in names]

    assert drawn.count(Arm.CANDIDATE) / len(names) == pytest.approx(share, abs=0.011)  # 3 sigma
    assert drawn == again
    assert drawn != other, "each split draws anew"


def test_a_conversation_that_began_before_takes_no_part():
    split = dataclasses.replace(SPLIT, started_ms=100)

    assert split.arm_of("c_1", started_ms=99) is None
    assert split.arm_of("c_1", started_ms=100) is Arm.CANDIDATE
    assert dataclasses.replace(split, started_ms=None).arm_of("c_1", started_ms=100) is None


async def test_events_tell_which_bot_spoke(desk, worker, arms, other):
    name = await desk.talk()
    before = await _ask(desk, name, "one")
    arms.become(dataclasses.replace(SPLIT, url=other.url))
    within = await _ask(desk, name, "two")
    arms.become(None)
    after = await _ask(desk, name, "three")

    told = [
        (said["text"], said["release"], said["index_version"], said.get("split"), said.get("arm"))
        for said in (before, within, after)
    ]
    assert told == [
        ("answer to one", "old", "kb1", None, None),
        ("new answer to two", "new", "kb1", "sp_1", "candidate"),
        ("answer to three", "old", "kb1", None, None),
    ]
    assert arms.told == [("candidate", "candidate")]


async def test_a_handoff_tells_which_bot_asked_for_it(desk, worker, arms, other):
    handoff = {"reason": "asked", "topic": "", "language": "en", "summary": "help"}
    other.script = lambda _: {
        "messages": [{"kind": "handoff", "text": "", "handoff": handoff}],
        "language": "en",
        "release": "new",
    }
    arms.become(dataclasses.replace(SPLIT, url=other.url, index_version="kb2"))
    name = await desk.talk()

    await desk.say(name, "a person!")

    asked = (await desk.wait_for("handoff.requested", name=name)).data
    told = {field: asked[field] for field in ("release", "index_version", "split", "arm")}
    assert told == {
        "release": "new",
        "index_version": "kb2",
        "split": "sp_1",
        "arm": "candidate",
    }


@pytest.mark.parametrize("fault", ["down", "stumbles", "refuses", "loads", "silent"])
async def test_what_the_candidate_cannot_answer_the_live_bot_answers_at_once(
    desk, worker, arms, engine, other, fault
):
    async def wait(_):
        await asyncio.Event().wait()

    scripts = {
        "stumbles": lambda _: fails(500),
        "refuses": lambda _: fails(400),
        "loads": lambda _: fails(503),
        "silent": wait,
    }
    arms.become(dataclasses.replace(SPLIT, url=other.url))
    if fault == "down":
        await other.stop()
    else:
        other.script = scripts[fault]
    name = await desk.talk()

    first = await _ask(desk, name, "one")
    second = await _ask(desk, name, "two")

    assert [first["text"], second["text"]] == ["answer to one", "answer to two"]
    assert [first["release"], first["arm"]] == ["old", "candidate"], "it counts where it was drawn"
    assert len(engine.requests) == 2
    assert len(other.requests) == (0 if fault == "down" else 1), "left alone for a while"
    assert arms.told == [("candidate", "live")] * 2


async def test_a_candidate_that_failed_is_asked_again_after_a_rest(desk, worker, arms, other):
    arms.become(dataclasses.replace(SPLIT, url=other.url))
    script, other.script = other.script, lambda _: fails(503)
    name = await desk.talk()
    await _ask(desk, name, "one")
    other.script = script

    arms.clock.advance(REST_MS)
    said = await _ask(desk, name, "two")

    assert said["release"] == "new"


async def test_every_replica_learns_of_a_split_from_the_history(tmp_path, arms, other):
    database = await open_database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")
    try:
        asked = await splits.ask_for_split(
            database,
            split_id=splits.new_split_id(),
            candidate_id="c_1",
            model="new.tar.gz",
            index_version=None,
            live_model="old.tar.gz",
            share=0.5,
            asked_by="eve",
            now_ms=10,
        )
        await arms.read(database)
        starting = arms.split
        await splits.note_engine(database, asked.split_id, url=other.url, problem="", from_ms=50)
        await arms.read(database)
        running = arms.split
        await splits.note_engine(database, asked.split_id, url=None, problem="it died", from_ms=90)
        await arms.read(database)
        silent = arms.split
        ended = await splits.end_split(
            database, asked.split_id, why="worse", actor="service", now_ms=99
        )
        await arms.read(database)
        over = arms.split
        await arms.read(database)
        again = await splits.end_split(
            database, asked.split_id, why="asked", actor="eve", now_ms=100
        )
    finally:
        await database.close()

    assert starting is None and over is None
    assert (running.url, running.started_ms, running.share) == (other.url, 50, 0.5)
    assert (silent.url, silent.started_ms, silent.problem) == (None, 50, "it died")
    assert ended and not again
    assert len(arms.changes) == 4, "it starts, runs, is silent, ends; pages look at it then"
