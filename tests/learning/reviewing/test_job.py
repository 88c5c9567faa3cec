"""The job `group` on a real history: turns to groups, groups to a queue, decided ones aside."""

import shutil

import numpy as np
import pytest
from sqlalchemy import delete, select, update

from handoff_service.archive.database import open_database
from handoff_service.archive.learning import jobs, review_queue, reviews, turns as kept
from handoff_service.archive.learning.reviews import Word
from handoff_service.archive.learning.verdicts import GroupState, Verdict
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.tables.learn_turns import PhraseRow
from handoff_service.archive.tables.reviews import ReviewGroupRow
from learning.collecting.vectors import pack
from learning.jobs.here import run_here
from learning.jobs.tools import Tools
from learning.reviewing import job as grouping
from tests.handoff_service.archive.reviewed import keep, turn

#: What phrases mean, as places on a circle: 15° apart are together, 20° are not.
MEANS = {"refund": 0, "refunds": 5, "my refund": 9, "hub": 90, "colour": 180, "buy pills": 270}


@pytest.fixture
async def tools(tmp_path, empty_history):
    file = tmp_path / "baton.db"
    shutil.copy(empty_history, file)
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    yield Tools(database=database, project=None, data_dir=tmp_path)
    await database.close()


class Desk:
    """Customers who say things to a bot."""

    def __init__(self, tools):
        self.tools, self.count = tools, 0

    async def hear(self, text, times=1, **more):
        """Let customers say it, one conversation each, and embed it."""
        said = []
        for _ in range(times):
            self.count += 1
            name, now_ms = f"c_{self.count}", self.tools.now_ms() - 1000 + self.count
            said.append(turn(name, 2, text, at_ms=now_ms, **more))
        database = self.tools.database
        await keep(database, said)
        async with database.session() as session:
            await session.execute(  # as if it happened now
                update(ConversationRow).values(last_at_ms=self.tools.now_ms())
            )
        angles = {
            each.phrase_id: np.radians(MEANS[each.text])
            for each in await kept.without_vector(database, limit=99)
        }
        vectors = np.array([[np.cos(a), np.sin(a)] for a in angles.values()], np.float32)
        if angles:
            await kept.write_vectors(
                database, dict(zip(angles, pack(vectors), strict=True)), model="m"
            )

    async def group(self, **args):
        done = await run_here("group", args, tools=self.tools, asked_by="a_max")
        assert done.state == "done", done.error
        return done.result

    async def queue(self, **wanted):
        page = await review_queue.read_queue(
            self.tools.database, review_queue.Wanted(**wanted), after="", limit=50
        )
        return {group.example.text: group for group in page.groups}


@pytest.fixture
def desk(tools):
    return Desk(tools)


async def test_customers_who_say_the_same_are_one_question(desk):
    await desk.hear("refund", 3, vote=-1, answer_confidence=0.9, intent="ask_order")
    await desk.hear("refunds", 2, vote=-1, answer_confidence=0.9)
    await desk.hear("hub", 1, did="offer_person")
    await desk.hear("colour", 9, answer_confidence=0.95, vote=1)

    result = await desk.group()

    assert (result["phrases"], result["groups"], result["scored"]) == (4, 3, 3)
    queue = await desk.queue()
    assert list(queue) == ["refund", "hub"], "what is right is not asked about"
    first = queue["refund"]
    assert (first.phrases, first.turns, first.conversations) == (2, 5, 5)
    assert first.reasons == ("voted_down_sure",)
    assert [phrase.text for phrase in first.others] == ["refunds"]
    assert first.near["intents"] == ["ask_order"]

    # The next ones join; nothing else is looked at again.
    assert not await grouping.is_due(desk.tools)
    await desk.hear("my refund", vote=-1, answer_confidence=0.9)
    assert await grouping.is_due(desk.tools)
    result = await desk.group()
    assert (result["phrases"], result["groups"]) == (1, 0)
    assert (await desk.queue())["refund"].turns == 6


async def test_what_was_decided_is_not_asked_again_unless_it_goes_wrong_again(desk):
    database, now_ms = desk.tools.database, desk.tools.now_ms
    await desk.hear("refund", 2, vote=-1)
    await desk.hear("buy pills", did="none")
    await desk.group()
    queue = await desk.queue()
    for text, verdict in (("refund", Verdict.RIGHT), ("buy pills", Verdict.SPAM)):
        await reviews.decide(
            database, queue[text].group_id, Word(verdict=verdict), reviewer="a_1", now_ms=now_ms()
        )
    decided_ms = now_ms()

    await desk.hear("buy pills", 9, did="none")
    await desk.hear("refund", 1, vote=-1)
    await desk.group()
    assert await desk.queue() == {}, "spam stays out, and one mishap is nothing"

    desk.count += 10_000  # later, by the clock of the turns
    await desk.hear("refunds", 9, mark="wrong")
    await desk.group()
    [again] = (await desk.queue()).values()
    assert (again.state, again.reasons[0]) == (GroupState.OPEN, "again")
    assert again.last_ms > decided_ms


async def test_a_group_outlives_its_example_and_goes_with_its_last_phrase(desk):
    database = desk.tools.database
    await desk.hear("refund", 2, vote=-1)
    await desk.hear("refunds", 1, vote=-1)
    await desk.group()

    async def forget(*names):
        async with database.session() as session:
            await session.execute(delete(ConversationRow).where(ConversationRow.id.in_(names)))

    await forget("c_1", "c_2")
    await desk.group()
    [left] = (await desk.queue()).values()
    assert (left.example.text, left.turns, left.phrases) == ("refunds", 1, 1)
    await forget("c_3")
    await desk.group()
    async with database.session() as session:
        assert (await session.scalars(select(ReviewGroupRow.id))).all() == []
        assert (await session.scalars(select(PhraseRow.id))).all() == []


async def test_a_decision_on_one_group_suggests_what_its_neighbours_mean(desk, monkeypatch):
    monkeypatch.setitem(MEANS, "hub", 24)  # near, but not the same
    await desk.hear("refund", 2, vote=-1)
    await desk.hear("hub", 1, vote=-1)
    await desk.group()
    group = (await desk.queue())["refund"].group_id
    word = Word(verdict=Verdict.INTENT, intent="ask_refund")
    await reviews.decide(
        desk.tools.database, group, word, reviewer="a_1", now_ms=desk.tools.now_ms()
    )

    await desk.group(again=True)

    assert (await desk.queue())["hub"].near["decided"] == ["ask_refund"]


async def test_arguments_that_are_none_are_refused(tools):
    done = await run_here("group", {"agian": True}, tools=tools, asked_by="a_max")

    assert (done.state, "agian" in done.error or "again" in done.error) == ("failed", True)
    assert (await jobs.find_job(tools.database, done.job_id)).state == "failed"
