"""Long work: one piece at a time, told step by step, done again when whoever did it died."""

import asyncio
import shutil

import pytest

from handoff_service.archive.database import open_database
from handoff_service.archive.learning import jobs
from learning.errors import LearningError
from learning.jobs import kinds, worker as working_process
from learning.jobs.here import run_here
from learning.jobs.runner import LeaseLost, working
from learning.jobs.tools import Tools
from learning.jobs.worker import Worker

HERE = "tests.learning.jobs.test_worker"


@pytest.fixture
async def tools(tmp_path, empty_history):
    file = tmp_path / "baton.db"
    shutil.copy(empty_history, file)
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    yield Tools(database=database, project=None, data_dir=tmp_path)
    await database.close()


@pytest.fixture
def work(monkeypatch):
    """Return a function that says what does a kind of work in this test."""

    def register(kind, function):
        monkeypatch.setitem(kinds.WORK, kind, f"{HERE}:{kind}")
        monkeypatch.setattr(kinds, "_load", lambda place: functions[place.partition(":")[2]])
        functions[kind] = function

    monkeypatch.setattr(working_process, "BY_ITSELF", {})  # of none of these
    functions = {}
    return register


async def ask(tools, kind, **args):
    return await jobs.ask_for_job(
        tools.database, kind, args, asked_by="a_max", now_ms=tools.now_ms()
    )


async def test_jobs_are_done_in_order_and_say_what_came_of_them(tools, work):
    async def count(job, tools):
        await tools.report("counting", 0.5, "half")
        return {"sum": job.args["a"] + job.args["b"]}

    work("count", count)
    first, second = await ask(tools, "count", a=1, b=2), await ask(tools, "count", a=3, b=4)
    worker = Worker(tools)

    assert await worker.step()
    done = await jobs.find_job(tools.database, first.job_id)
    assert (done.state, done.result, done.step, done.share) == ("done", {"sum": 3}, "counting", 0.5)
    assert (await jobs.find_job(tools.database, second.job_id)).state == "queued"
    assert await worker.step()
    assert not await worker.step()
    assert [job.result for job in await jobs.list_jobs(tools.database)] == [{"sum": 7}, {"sum": 3}]
    assert await jobs.worker_seen_ms(tools.database)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LearningError("the file x is gone. Remedy: bring it back"), "bring it back"),
        (ZeroDivisionError("3 / 0"), "an error of Baton's own (ZeroDivisionError)"),
    ],
)
async def test_what_fails_says_why_and_the_next_one_goes_on(tools, work, error, told):
    async def fail(job, tools):
        raise error

    work("fail", fail)
    job = await ask(tools, "fail")

    assert await Worker(tools).step()

    ended = await jobs.find_job(tools.database, job.job_id)
    assert ended.state == "failed"
    assert told in ended.error
    assert await jobs.take_lease(tools.database, "another", now_ms=tools.now_ms())


async def test_a_job_that_nobody_wants_any_more_ends_at_its_next_step(tools, work):
    reached = []

    async def long(job, tools):
        await jobs.cancel_job(tools.database, job.job_id, actor="a_max", now_ms=tools.now_ms())
        reached.append("first")
        await tools.report("second")
        reached.append("second")

    work("long", long)
    running, waiting = await ask(tools, "long"), await ask(tools, "long")
    await jobs.cancel_job(tools.database, waiting.job_id, actor="a_max", now_ms=tools.now_ms())
    worker = Worker(tools)

    assert await worker.step()
    assert not await worker.step()

    for job in (running, waiting):
        assert (await jobs.find_job(tools.database, job.job_id)).state == "cancelled"
        with pytest.raises(jobs.NoSuchJob):
            await jobs.cancel_job(tools.database, job.job_id, actor="a_max", now_ms=tools.now_ms())
    assert reached == ["first"]


async def test_what_a_dead_process_left_is_done_again_first(tools, work):
    async def mark(job, tools):
        return {"done": job.args["name"]}

    work("mark", mark)
    left = await ask(tools, "mark", name="left")
    await ask(tools, "mark", name="later")
    long_ago = tools.now_ms() - jobs.LEASE_MS - 1
    assert await jobs.take_lease(tools.database, "dead", now_ms=long_ago)
    assert await jobs.begin_job(tools.database, left.job_id, now_ms=long_ago)

    assert await Worker(tools).step()

    assert (await jobs.find_job(tools.database, left.job_id)).result == {"done": "left"}


async def test_what_is_due_by_itself_and_fails_is_not_tried_again_at_once(tools, work, monkeypatch):
    async def fail(job, tools):
        raise LearningError("no model")

    work("collect", fail)
    monkeypatch.setattr(kinds, "BY_ITSELF", {"collect": "collect"})

    async def always(kind, tools):
        return True

    monkeypatch.setattr("learning.jobs.worker.is_due", always)
    monkeypatch.setattr("learning.jobs.worker.BY_ITSELF", {"collect": "collect"})
    worker = Worker(tools)

    assert await worker.step()
    assert not await worker.step()
    assert len(await jobs.list_jobs(tools.database)) == 1


async def test_only_one_process_works_at_a_time(tools, work):
    async def slow(job, tools):
        begun.set()
        await go_on.wait()
        return {}

    begun, go_on = asyncio.Event(), asyncio.Event()
    work("slow", slow)
    await ask(tools, "slow")
    first = asyncio.create_task(Worker(tools).step())
    await begun.wait()

    assert not await Worker(tools).step()
    said = asyncio.Queue()
    here = asyncio.create_task(
        run_here(
            "slow", {}, tools=tools, asked_by="operator", say=lambda *told: said.put_nowait(told)
        )
    )
    assert (await said.get())[0] == "waiting for other work to end"
    go_on.set()

    assert await first
    assert (await here).state == "done"


async def test_who_lost_the_lease_stops(tools, monkeypatch):
    monkeypatch.setattr(jobs, "BEAT_MS", 10)
    assert await jobs.take_lease(tools.database, "one", now_ms=tools.now_ms())

    with pytest.raises(LeaseLost):
        async with working(tools, "one"):
            later_ms = tools.now_ms() + 2 * jobs.LEASE_MS
            assert await jobs.take_lease(tools.database, "other", now_ms=later_ms)
            await asyncio.sleep(30)


async def test_unknown_work_is_refused_by_name(tools):
    job = await ask(tools, "juggle")

    assert await Worker(tools).step()

    ended = await jobs.find_job(tools.database, job.job_id)
    assert "no such work: juggle" in ended.error


def test_every_kind_that_can_be_asked_for_is_known():
    assert set(kinds.WORK) <= set(jobs.KINDS)
    for place in kinds.WORK.values():
        kinds._load(place)
