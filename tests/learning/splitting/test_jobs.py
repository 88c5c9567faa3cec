"""A split is asked for and ended by a job: what cannot be is said with the remedy."""

import asyncio
import dataclasses
import json

import pytest

from handoff_service.archive.learning import jobs, splits
from handoff_service.archive.tables.learn_candidates import LearnCandidateRow
from learning.jobs.here import run_here
from learning.jobs.tools import Tools
from learning.splitting import jobs as splitting
from learning.training import Project


@pytest.fixture
def tools(database, tmp_path):
    models = tmp_path / "rasa" / "models"
    models.mkdir(parents=True)
    for name in ("old.tar.gz", "new.tar.gz"):
        (models / name).touch()
    (models / "current.json").write_text(json.dumps({"file": "old.tar.gz"}))
    project = Project(tmp_path, tmp_path / "rasa", tmp_path / "model", models)
    return Tools(database=database, project=project, data_dir=tmp_path)


@pytest.fixture
async def candidate(database):
    """Return a function that notes a candidate."""

    async def add(candidate_id="ca_1", **changes):
        values = {
            "job_id": "j_1", "created_ms": 1, "changed_ms": 1, "asked_by": "a_max",
            "base_model": "old.tar.gz", "model": "new.tar.gz", "base_index": "kb1",
            "index_version": "kb1", "state": "passed",
        }  # fmt: skip
        async with database.session() as session:
            session.add(LearnCandidateRow(id=candidate_id, **values | changes))

    return add


async def _start(tools, asked=None, **args):
    """Start a split; `asked` is set once the candidate is waited for."""

    def say(*_):
        if asked is not None:
            asked.set()

    return await run_here("split_start", args, tools=tools, asked_by="a_max", say=say)


async def _serve(database, asked, url="http://127.0.0.1:9"):
    """Do what the process that learns would: answer for the candidate."""
    await asked.wait()
    split = await splits.open_split(database)
    await splits.keep_split(database, split.split_id, "k_1", now_ms=split.asked_ms)
    await splits.note_engine(database, split.split_id, url=url, problem="", from_ms=5)


async def test_a_split_runs_once_the_candidate_answers_and_ends_when_told(
    tools, database, candidate
):
    await candidate()
    asked = asyncio.Event()

    begun, _ = await asyncio.gather(
        _start(tools, asked, candidate_id="ca_1", share=0.25), _serve(database, asked)
    )
    again = await _start(tools, candidate_id="ca_1", share=0.25)
    ended = await run_here("split_stop", {}, tools=tools, asked_by="a_eve")
    none = await run_here("split_stop", {}, tools=tools, asked_by="a_eve")

    told = ("state", "share", "model", "live_model", "index_version")
    assert begun.state == "done", begun.error
    assert [begun.result[name] for name in told] == [
        "running", 0.25, "new.tar.gz", "old.tar.gz", None,
    ]  # fmt: skip
    assert again.state == "failed" and "baton learn split stop" in again.error
    assert (ended.result["state"], ended.result["ended_why"]) == ("stopped", "asked")
    assert none.state == "failed" and "no split goes on" in none.error


async def test_a_job_that_is_done_again_goes_on_with_the_same_split(tools, database, candidate):
    await candidate(index_version="kb2")
    args = {"candidate_id": "ca_1", "share": 0.5}
    job = await jobs.ask_for_job(database, "split_start", args, asked_by="a_max", now_ms=1)

    async def tell(*_):
        asked.set()

    asked = asyncio.Event()
    telling = dataclasses.replace(tools, tell=tell)
    first, _ = await asyncio.gather(splitting.start(job, telling), _serve(database, asked))
    second = await splitting.start(job, tools)

    assert first["split_id"] == second["split_id"]
    assert second["index_version"] == "kb2", "of its own"


@pytest.mark.parametrize(
    ("args", "known", "why"),
    [
        ({"share": 0.5}, {}, "candidate_id is missing"),
        ({"candidate_id": "ca_1", "share": 0.95}, {}, "from 0.01 to 0.9, not 0.95"),
        ({"candidate_id": "ca_1", "share": "half"}, {}, "not 'half'"),
        ({"candidate_id": "ca_9", "share": 0.5}, {}, "no candidate 'ca_9'"),
        ({"candidate_id": "ca_1", "share": 0.5}, {"state": "refused"}, "ca_1 is refused"),
        ({"candidate_id": "ca_1", "share": 0.5}, {"model": "old.tar.gz"}, "nothing to compare"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_begins(
    tools, database, candidate, args, known, why
):
    await candidate(**known)

    job = await _start(tools, **args)

    assert job.state == "failed" and why in job.error
    assert await splits.latest_split(database) is None


async def test_without_the_process_that_learns_it_ends_with_the_remedy(
    tools, database, candidate, monkeypatch
):
    monkeypatch.setattr(splitting, "KEEPER_MS", 10)
    await candidate()

    job = await _start(tools, candidate_id="ca_1", share=0.5)

    assert job.state == "failed" and "baton up" in job.error
    found = await splits.latest_split(database)
    assert (found.state, found.ended_why) == ("stopped", "failed")


async def test_a_start_that_is_cancelled_ends_the_split(tools, database, candidate):
    await candidate()
    asked = asyncio.Event()
    starting = asyncio.create_task(_start(tools, asked, candidate_id="ca_1", share=0.5))
    await asked.wait()
    split = await splits.open_split(database)
    [job] = await jobs.list_jobs(database)
    await jobs.cancel_job(database, job.job_id, actor="a_eve", now_ms=tools.now_ms())

    ended = await starting

    assert ended.state == "cancelled"
    assert (await splits.find_split(database, split.split_id)).state == "stopped"
