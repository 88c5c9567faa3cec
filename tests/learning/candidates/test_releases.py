"""What goes live and is taken back: who may, what is overruled, and what a dead process left."""

import json
import shutil

import pytest

from handoff_service.archive.learning import candidates as kept, jobs
from handoff_service.archive.learning.candidates import Candidate, Release
from handoff_service.archive.trail import Wanted, read_trail
from learning.candidates.releases import NothingBefore, NotPromoted, promote, rollback
from learning.jobs.tools import BadArguments
from learning.training import KEPT, make_current

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


@pytest.fixture(autouse=True)
def _no_system(monkeypatch):
    monkeypatch.delenv("BATON_RASA_URL", raising=False)


def current(project):
    return json.loads((project.models / "current.json").read_text())


async def candidate(tools, name, *, state="passed", **fields):
    """A candidate whose model is a copy of the one that serves."""
    project = tools.project
    model = f"{name}.tar.gz"
    shutil.copy(project.current(), project.models / model)
    made = Candidate(
        **{
            "candidate_id": f"c_{name}",
            "created_ms": 1,
            "changed_ms": 1,
            "asked_by": "a_max",
            "branch": None,
            "revision": "",
            "base_model": project.current().name,
            "model": model,
            "base_index": "",
            "index_version": "",
            "state": state,
            "reasons": [{"code": "slower", "args": {}, "text": "too slow"}]
            if state == "refused"
            else [],
        }
        | fields
    )
    return await kept.begin_candidate(tools.database, made, job_id=f"j_{name}")


async def job(tools, kind, **args):
    return await jobs.ask_for_job(
        tools.database, kind, args, asked_by="a_max", now_ms=tools.now_ms()
    )


async def states(tools):
    return {one.candidate_id: one.state for one in await kept.list_candidates(tools.database)}


async def test_promoted_it_serves_and_taken_back_it_does_not(tools, project):
    old = project.current().name
    await candidate(tools, "one")

    done = await promote(await job(tools, "promote", candidate_id="c_one"), tools)

    assert (done["state"], done["before_model"], done["running"]) == ("done", old, False)
    assert current(project)["file"] == "one.tar.gz"
    assert project.is_left(project.model_file()), "the folder's own model is not trained again"
    assert await states(tools) == {"c_one": "live"}
    with pytest.raises(NotPromoted, match="serves already"):
        await promote(await job(tools, "promote", candidate_id="c_one"), tools)

    await candidate(tools, "two")
    await promote(await job(tools, "promote", candidate_id="c_two"), tools)
    for expected in ("one.tar.gz", old):
        await rollback(await job(tools, "rollback"), tools)
        assert current(project)["file"] == expected

    assert current(project)["instead_of"] == ""
    assert await states(tools) == {"c_one": "retired", "c_two": "retired"}
    with pytest.raises(NothingBefore):
        await rollback(await job(tools, "rollback"), tools)
    lines = await read_trail(tools.database, Wanted(action="learning"), limit=50)
    told = [line.action for line in lines if line.action != "learning.asked"]
    assert sorted(told) == ["learning.promoted"] * 2 + ["learning.rolled_back"] * 2


async def test_what_was_refused_needs_force_and_a_note(tools, project):
    serving = (project.models / "current.json").read_bytes()
    await candidate(tools, "bad", state="refused")
    for args in ({}, {"force": True}, {"note": "I know better"}):
        with pytest.raises(NotPromoted, match="too slow"):
            await promote(await job(tools, "promote", candidate_id="c_bad", **args), tools)
    assert (project.models / "current.json").read_bytes() == serving

    wish = await job(tools, "promote", candidate_id="c_bad", force=True, note="I know better")
    await promote(wish, tools)

    assert current(project)["file"] == "bad.tar.gz"
    (release,) = await kept.list_releases(tools.database)
    assert (release.note, release.overruled[0]["code"]) == ("I know better", "slower")


@pytest.mark.parametrize(
    ("fields", "args", "error", "said"),
    [
        ({}, {"candidate_id": "c_none"}, BadArguments, "no candidate 'c_none'"),
        ({}, {}, BadArguments, "candidate_id is missing"),
        ({}, {"candidate_id": "c_one", "force": 1}, BadArguments, "force must be"),
        ({"state": "judging"}, {"candidate_id": "c_one"}, NotPromoted, "is judging"),
        ({"base_model": "x.tar.gz"}, {"candidate_id": "c_one"}, NotPromoted, "compared with x"),
    ],
)
async def test_what_may_not_go_live_is_refused_and_nothing_changes(
    tools, project, fields, args, error, said
):
    serving = (project.models / "current.json").read_bytes()
    await candidate(tools, "one", **fields)

    with pytest.raises(error, match=said):
        await promote(await job(tools, "promote", **args), tools)

    assert (project.models / "current.json").read_bytes() == serving
    assert await kept.list_releases(tools.database) == []


@pytest.mark.parametrize("named", [False, True])
async def test_a_promotion_whose_process_died_is_finished_by_the_next(tools, project, named):
    one = await candidate(tools, "one")
    wish = await job(tools, "promote", candidate_id="c_one")
    begun = Release(
        release_id=f"r_{wish.job_id}",
        at_ms=1,
        actor="a_max",
        action="promote",
        state="begun",
        candidate_id="c_one",
        model=one.model,
        index_version="",
        before_model=one.base_model,
        before_index="",
    )
    await kept.begin_release(tools.database, begun)
    if named:  # it died after that, too
        make_current(project, project.models / one.model)

    done = await promote(wish, tools)
    again = await promote(wish, tools)

    assert done["state"] == again["state"] == "done"
    assert current(project)["file"] == "one.tar.gz"
    assert [one.state for one in await kept.list_releases(tools.database)] == ["done"]
    assert await states(tools) == {"c_one": "live"}


async def test_a_rasa_that_does_not_take_it_leaves_all_as_it_was(tools, project, monkeypatch):
    serving = (project.models / "current.json").read_bytes()
    monkeypatch.setenv("BATON_RASA_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("BATON_RASA_TOKEN", "token")
    await candidate(tools, "one")

    with pytest.raises(Exception, match="does not serve"):
        await promote(await job(tools, "promote", candidate_id="c_one"), tools)

    assert (project.models / "current.json").read_bytes() == serving
    (release,) = await kept.list_releases(tools.database)
    assert release.state == "undone"
    assert await states(tools) == {"c_one": "passed"}


async def test_models_to_go_back_to_are_kept_whatever_their_age(tools, project):
    first = project.current().name
    for number in range(KEPT):
        await candidate(tools, f"m{number}")
        await promote(await job(tools, "promote", candidate_id=f"c_m{number}"), tools)
    for number in range(2 * KEPT):  # trained since, and never live
        (project.models / f"other{number}.tar.gz").write_bytes(b"x")

    make_current(project, project.current())

    formerly = [first, *(f"m{number}.tar.gz" for number in range(KEPT - 1))]
    assert current(project)["formerly"] == formerly
    assert all((project.models / name).is_file() for name in formerly)
    assert len(list(project.models.glob("*.tar.gz"))) == 1 + 2 * KEPT
