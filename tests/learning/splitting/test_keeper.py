"""A split is served, compared and ended; whoever serves it may die at any time."""

import asyncio
import json

import pytest

from handoff_service.archive.learning import splits
from handoff_service.archive.learning.splits import Arm
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.tables.reports import AskedRow, RoundRow
from handoff_service.archive.trail import Wanted, read_trail
from learning.splitting import keeper as keeping
from learning.splitting.children import Children
from learning.splitting.engines import Place
from learning.splitting.keeper import LEAD_MS, SplitKeeper
from learning.splitting.outcomes import standing_of
from learning.training import Project


class Engine:
    """Something that serves, at the seam where Rasa's processes are started."""

    def __init__(self, url="http://127.0.0.1:9"):
        self.url, self.why, self.tended, self.stopped = url, "", 0, False

    async def tend(self):
        self.tended += 1
        return self.why

    async def stop(self):
        self.stopped = True


@pytest.fixture
def place(tmp_path):
    models = tmp_path / "rasa" / "models"
    models.mkdir(parents=True)
    for name in ("old.tar.gz", "new.tar.gz"):
        (models / name).touch()
    (models / "current.json").write_text(json.dumps({"file": "old.tar.gz"}))
    project = Project(tmp_path, tmp_path / "rasa", tmp_path / "model", models)
    return Place(project=project, data_dir=tmp_path, environment={}, children=Children())


@pytest.fixture
def make_keeper(database, place, monkeypatch):
    monkeypatch.setattr(keeping, "GRACE_S", 0)
    clock = {"now": 50_000}

    def make(engine):
        keeper = SplitKeeper(
            database, place, make=lambda _place, _split: engine, now_ms=lambda: clock["now"]
        )
        keeper.clock = clock
        return keeper

    return make


async def _ended(database):
    found = await splits.latest_split(database)
    return found.state, found.ended_why


async def test_a_candidate_that_answers_gets_conversations_a_little_later(
    database, ask, make_keeper
):
    await ask()
    engine = Engine()
    engine.why = "it starts"
    keeper = make_keeper(engine)

    await keeper.step()
    starting = await splits.open_split(database)
    engine.why = ""
    await keeper.step()
    running = await splits.open_split(database)

    assert (starting.state, starting.url, starting.problem) == ("starting", None, "it starts")
    assert (running.state, running.url, running.problem) == ("running", engine.url, "")
    assert running.started_ms == 50_000 + LEAD_MS, "every replica knows of it by then"


async def test_while_the_candidate_is_silent_the_split_goes_on_without_it(
    database, ask, make_keeper
):
    await ask()
    engine = Engine()
    keeper = make_keeper(engine)
    await keeper.step()

    engine.why = "it died"
    await keeper.step()
    silent = await splits.open_split(database)
    engine.why = ""
    await keeper.step()
    again = await splits.open_split(database)

    assert (silent.state, silent.url, silent.problem) == ("running", None, "it died")
    assert (again.url, again.started_ms) == (engine.url, silent.started_ms)


async def test_one_process_serves_and_another_takes_over_when_it_is_gone(
    database, ask, make_keeper
):
    await ask()
    first, second = Engine("http://127.0.0.1:1"), Engine("http://127.0.0.1:2")
    one, other = make_keeper(first), make_keeper(second)

    await one.step()
    await other.step()
    served = (await splits.open_split(database)).url
    one.clock["now"] += splits.KEEPER_MS + 1
    await other.step()
    taken = (await splits.open_split(database)).url
    await one.step()

    assert second.tended == 1
    assert (served, taken) == (first.url, second.url)
    assert first.stopped and not second.stopped


async def test_a_process_that_ends_in_order_leaves_the_split_to_the_next(
    database, ask, make_keeper
):
    await ask()
    engine, next_engine = Engine(), Engine("http://127.0.0.1:2")
    keeper = make_keeper(engine)
    await keeper.step()
    running = asyncio.create_task(keeper.run())
    await asyncio.sleep(0)

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    left = await splits.open_split(database)
    await make_keeper(next_engine).step()
    taken = await splits.open_split(database)

    assert engine.stopped
    assert (left.state, left.url) == ("running", None)
    assert taken.url == next_engine.url


async def test_a_split_that_is_ended_is_served_no_more(database, ask, make_keeper):
    await ask()
    engine = Engine()
    keeper = make_keeper(engine)
    await keeper.step()

    await splits.end_split(database, "sp_1", why="asked", actor="a_max", now_ms=2_000)
    await keeper.step()

    assert engine.stopped
    assert await splits.open_split(database) is None


@pytest.mark.parametrize(
    ("live", "why"), [("new.tar.gz", "promoted"), ("third.tar.gz", "live_changed")]
)
async def test_a_split_ends_when_the_live_bot_is_another(
    database, ask, make_keeper, place, live, why
):
    await ask()
    keeper = make_keeper(Engine())
    await keeper.step()

    (place.project.models / live).touch()
    (place.project.models / "current.json").write_text(json.dumps({"file": live}))
    await keeper.step()

    assert await _ended(database) == ("stopped", why)


async def test_what_can_never_be_served_ends_with_the_reason(database, ask, make_keeper):
    await ask(model="gone.tar.gz")

    await make_keeper(Engine()).step()

    found = await splits.latest_split(database)
    assert (found.state, found.ended_why) == ("stopped", "failed")
    assert "gone.tar.gz is not in" in found.problem and "Remedy" in found.problem


async def _talk(session, split, arm, number, *, handed=False, stars=None, again=False):
    """Write down a closed conversation of an arm, as reports count it."""
    ids = (f"c_{arm}_{number}_{salt}" for salt in range(1000))
    name = next(one for one in ids if split.arm_of(one, started_ms=split.started_ms) is arm)
    session.add(ConversationRow(id=name, started_ms=split.started_ms, customer_id="u_1"))
    await session.flush()
    common = {
        "conversation_id": name, "number": number, "at_ms": split.started_ms + 5, "language": "en",
        "site": "", "team": "", "agent": "", "topic": "", "reason": "", "article": "",
        "index_version": "", "bot_release": "",
    }  # fmt: skip
    times = {"customer_id": "u_1", "began_ms": split.started_ms, "done_ms": 0}
    told = {"held": False, "confirmed": False, "answered": True, "disliked": False}
    session.add(RoundRow(n=0, handed=handed, **common, **times, **told))
    if again:
        session.add(RoundRow(n=1, handed=not handed, **common, **times, **told))
    if stars:
        session.add(AskedRow(n=0, kind="csat", asked=True, skipped=False, score=stars, **common))


async def _running(database, ask):
    await ask()
    await splits.note_engine(database, "sp_1", url="http://127.0.0.1:9", problem="", from_ms=2_000)
    return await splits.open_split(database)


async def test_conversations_count_once_for_the_arm_they_were_drawn_into(database, ask):
    split = await _running(database, ask)
    async with database.session() as session:
        await _talk(session, split, Arm.LIVE, 1, stars=5)
        await _talk(session, split, Arm.LIVE, 2, handed=True, again=True)
        await _talk(session, split, Arm.CANDIDATE, 3, stars=3)
        await _talk(session, split, Arm.CANDIDATE, 4, stars=4, again=True)
        session.add(ConversationRow(id="c_older", started_ms=1_999, customer_id="u_1"))

    standing = await standing_of(database, split)

    told = standing.to_json(split, at_ms=9)
    fields = ("arm", "release", "conversations", "contained", "csat_answers", "csat_good")
    assert [tuple(arm[name] for name in fields) for arm in told["arms"]] == [
        ("live", "old", 2, 1, 1, 1),
        ("candidate", "new", 2, 2, 2, 1),
    ]
    assert told["verdict"]["containment"]["difference"] == 0.5
    assert not standing.is_worse


async def test_a_candidate_that_is_worse_for_certain_is_taken_away(database, ask, make_keeper):
    split = await _running(database, ask)
    async with database.session() as session:
        for number in range(60):
            await _talk(session, split, Arm.LIVE, number)
            await _talk(session, split, Arm.CANDIDATE, number, handed=True)
    engine = Engine()
    keeper = make_keeper(engine)

    await keeper.step()
    ended = await splits.latest_split(database)
    await keeper.step()

    assert (ended.state, ended.ended_why) == ("stopped", "worse")
    assert ended.verdict["verdict"]["containment"]["decided"] == "worse"
    assert engine.stopped
    [line] = await read_trail(database, Wanted(action="learning.split_ended"), limit=9)
    assert (line.actor, line.subject, line.data["why"]) == ("service", "sp_1", "worse")
