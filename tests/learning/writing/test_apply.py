"""From decisions in the history to a commit or files, exactly once whatever is cut off."""

import subprocess

import pytest
import yaml

from handoff_service.archive.learning import accepted as decided
from handoff_service.archive.learning.changes import read_catalogue, read_changes
from handoff_service.archive.learning.jobs import ask_for_job, find_job
from handoff_service.archive.learning.suggestions import (
    Suggestion,
    add_suggestion,
    list_suggestions,
)
from learning.jobs.tools import BadArguments
from learning.writing import apply as applying, in_place
from learning.writing.apply import apply
from learning.writing.errors import NotWritten
from learning.writing.preview import preview

REFUND = "data/nlu/ask_refund.yml"


async def ask(tools, kind, **args):
    return await ask_for_job(tools.database, kind, args, asked_by="operator", now_ms=tools.now_ms())


@pytest.fixture
async def decisions(reviews):
    """Some of everything; a disputed, a withdrawn one and a useless one stay out."""
    await reviews.decide(
        ("en", "where did my cash go"),
        ("ko", "돈은 언제 오나요"),
        verdict="intent",
        intent="ask_refund",
    )
    await reviews.decide(("en", "where did my cash go"), verdict="right", intent="ask_refund")
    await reviews.decide(("en", "how long till cash"), verdict="article", article_id="refunds")
    await reviews.decide(("en", "disputed"), verdict="intent", intent="ask_order", state="disputed")
    await reviews.decide(("en", "gone"), verdict="intent", intent="ask_order", withdrawn_ms=5)
    await reviews.decide(("en", "weather"), verdict="ignore")
    await reviews.decide(("en", "a good one"), verdict="right", intent=None)
    await add_suggestion(
        reviews.database,
        Suggestion(
            kind="article", language="en", title="Gift cards", body="Yes.", turns=3, agents=2,
            state="accepted", edited_by="operator",
            sources=({"conversation_id": "c_9", "seq": 1, "text": "Yes, under Extras."},),
        ),
    )  # fmt: skip
    return reviews


def git(folder, *words):
    done = subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@t", *words],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def checkout(project):
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "first")
    return project


async def test_a_preview_shows_diffs_and_touches_nothing(tools, decisions, project):
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}

    result = await preview(await ask(tools, "preview"), tools)

    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before
    assert result["counts"]["problems"] == 0
    kept = await read_changes(tools.database)
    assert kept.folder == "plain"
    [refund] = [file for file in kept.files if file["path"] == REFUND]
    assert (refund["kind"], refund["removed"]) == ("examples", 0)
    assert "+      - where did my cash go\n" in refund["diff"]
    assert kept.fingerprint == await decided.fingerprint(tools.database)
    assert await decided.count_pending(tools.database) == {
        "examples": 2, "drafts": 1, "questions": 1,
    }  # fmt: skip
    await decisions.decide(("en", "one more"), verdict="intent", intent="ask_refund")
    assert kept.fingerprint != await decided.fingerprint(tools.database)


async def test_in_a_plain_folder_files_change_and_can_come_back(tools, decisions, project):
    before = (project / REFUND).read_bytes()
    result = await apply(await ask(tools, "apply"), tools)

    assert result["folder"] == "plain"
    assert b"- where did my cash go\n" in (project / REFUND).read_bytes()
    backup = f"backup:{result['backup']}"
    applied = await decisions.applied()
    assert [applied[f"d_{n}"] for n in (1, 2, 3)] == [backup] * 3
    assert {applied[f"d_{n}"] for n in (4, 5, 6, 7)} == {None}
    [draft] = await list_suggestions(tools.database, states=("applied",))
    assert draft.applied == backup
    catalogue = await read_catalogue(tools.database)
    [refund] = [intent for intent in catalogue.intents if intent["name"] == "ask_refund"]
    assert len(refund["samples"]["en"]) == 5

    again = await apply(await ask(tools, "apply"), tools)
    assert (again["files"], "backup" in again) == ([], False)

    back = await apply(await ask(tools, "apply", discard=result["backup"]), tools)
    assert back["reopened"] == 4
    assert (project / REFUND).read_bytes() == before
    with pytest.raises(NotWritten, match="no such backup, or it was brought back already"):
        await apply(await ask(tools, "apply", discard=result["backup"]), tools)


async def test_what_died_between_files_and_history_is_finished(
    tools, decisions, project, monkeypatch
):
    async def power_cut(*_args, **_kwargs):
        raise OSError

    job = await ask(tools, "apply")
    with monkeypatch.context() as patch:
        patch.setattr(applying, "mark_decisions", power_cut)
        with pytest.raises(OSError):
            await apply(job, tools)
    assert in_place.unfinished(tools.data_dir)
    assert set((await decisions.applied()).values()) == {None}

    result = await apply(await find_job(tools.database, job.job_id), tools)

    assert result["backup"] == job.job_id
    assert (await decisions.applied())["d_1"] == f"backup:{job.job_id}"
    assert not in_place.unfinished(tools.data_dir)
    assert (project / REFUND).read_text("utf-8").count("where did my cash go") == 1


async def test_on_git_it_is_one_commit_by_the_reviewer(tools, decisions, checkout, monkeypatch):
    async def power_cut(*_args, **_kwargs):
        raise OSError

    job = await ask(tools, "apply")
    with monkeypatch.context() as patch:
        patch.setattr(applying, "mark_decisions", power_cut)
        with pytest.raises(OSError):
            await apply(job, tools)
    result = await apply(job, tools)

    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "log", "--format=%an: %s", result["branch"]).splitlines() == [
        "a_ada: learning: Add 2 phrases, 1 pinned questions, 1 drafts of articles", "T: first",
    ]  # fmt: skip
    assert (await decisions.applied())["d_1"] == result["commit"]
    content = yaml.safe_load(git(checkout, "show", f"{result['branch']}:{REFUND}"))
    assert "- where did my cash go" in content["nlu"][0]["examples"].splitlines()
    # What is decided next goes on from there.
    await decisions.decide(("en", "one more refund"), verdict="intent", intent="ask_refund")
    more = await apply(await ask(tools, "apply"), tools)
    assert git(checkout, "rev-parse", f"{more['branch']}^") == result["commit"]
    await apply(await ask(tools, "apply", discard=more["branch"]), tools)
    assert (await decisions.applied())["d_8"] is None
    assert git(checkout, "branch", "--list", "learning/*").split()[-1] == result["branch"]
    with pytest.raises(BadArguments, match="onto"):
        await apply(await ask(tools, "apply", onto="main2"), tools)
    with pytest.raises(BadArguments, match="unknown"):
        await apply(await ask(tools, "apply", on="main"), tools)
