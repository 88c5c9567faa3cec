"""A candidate of a small project, trained and judged for real: good ones pass, bad ones do not."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest
import yaml

from handoff_service.archive.learning import candidates as kept, jobs
from learning.candidates.branches import NoSuchBranch, find_source, git, merge
from learning.jobs.here import run_here
from learning.training import Project

ROOT = Path(__file__).resolve().parents[3]

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


def teach(project, intent, *phrases):
    """Add phrases to the file of an intent."""
    file = project.root / "data" / "nlu" / f"{intent}.yml"
    content = yaml.safe_load(file.read_text())
    content["nlu"][0]["examples"] += "".join(f"- {phrase}\n" for phrase in phrases)
    file.write_text(yaml.safe_dump(content, allow_unicode=True))


def mix_up(project, one, other, *, every):
    """Give each so-many-th phrase of two intents the other's label, as a careless hand would."""
    files = [project.root / "data" / "nlu" / f"{name}.yml" for name in (one, other)]
    contents = [yaml.safe_load(file.read_text()) for file in files]
    lines = [content["nlu"][0]["examples"].splitlines() for content in contents]
    moved = [own[::every] for own in lines]
    for file, content, own, others in zip(files, contents, lines, reversed(moved), strict=True):
        stay = [line for number, line in enumerate(own) if number % every]
        content["nlu"][0]["examples"] = "\n".join([*stay, *others]) + "\n"
        file.write_text(yaml.safe_dump(content, allow_unicode=True))


async def judge(tools, **args):
    steps = []
    job = await run_here(
        "candidate",
        args,
        tools=tools,
        asked_by="a_max",
        say=lambda step, *_: steps.append(step) if step not in steps else None,
    )
    assert job.error == ""
    return job.result, steps


async def kill_at(step, project, data_dir):
    """Begin as the command line does, and kill that process with its work half done."""
    command = [
        *(sys.executable, "-m", "baton", "learn", "candidate", "--json"),
        *("--project", str(project.root), "--data", str(data_dir)),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "BATON_MODEL_DIR": str(project.model_dir)}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment, stderr=asyncio.subprocess.PIPE
    )
    async for line in process.stderr:
        if line.startswith(step.encode()):
            break
    process.kill()
    assert await process.wait() == -signal.SIGKILL


async def let_the_lease_end(tools):
    """Who was killed holds the lease for some seconds: they pass."""
    later_ms = tools.now_ms() + jobs.LEASE_MS + jobs.BEAT_MS
    assert await jobs.take_lease(tools.database, "w_later", now_ms=later_ms)
    await jobs.give_up_lease(tools.database, "w_later")


async def test_a_good_candidate_passes_though_killed_and_the_live_bot_is_not_touched(
    tools, project
):
    serving = (project.models / "current.json").read_bytes()
    teach(project, "ask_order", "has my new lamp left your warehouse", "when is my order coming")
    (project.root / "data" / "learned").mkdir()
    held_out = {"text": "is my order on its way", "intent": "ask_order", "language": "en"}
    (project.root / "data/learned/held_out.jsonl").write_text(json.dumps(held_out) + "\n")
    for step in ("train", "understand"):
        await kill_at(step, project, tools.data_dir)
        await let_the_lease_end(tools)
        assert (project.models / "current.json").read_bytes() == serving
    trained_ns = project.model_file().stat().st_mtime_ns

    result, steps = await judge(tools)

    assert (result["state"], result["reasons"]) == ("passed", [])
    assert steps == ["prepare", "index", "understand", "golden", "judge"]
    assert (project.models / "current.json").read_bytes() == serving
    assert project.model_file().stat().st_mtime_ns == trained_ns, "found again, not trained again"
    report = await kept.read_report(tools.database, result["candidate_id"])
    assert (report["phrases"]["added"], report["phrases"]["relabelled"]) == (2, 0)
    assert set(report["understanding"]) == {"known", "new", "held_out"}
    known = report["understanding"]["known"]
    assert known["candidate"]["share"] > 0.8
    assert known["candidate"]["low"] < known["candidate"]["share"] < known["candidate"]["high"]
    assert known["out_of_scope"]["recall"]["n"] > 20
    assert report["latency"]["ratio"] > 0
    page = await kept.read_page(tools.database, result["candidate_id"])
    assert "Passed: it may go live" in page
    assert "has my new lamp left your warehouse" in page
    assert "<script" not in page


async def test_a_batch_of_bad_labels_is_stopped(tools, project):
    serving = (project.models / "current.json").read_bytes()
    mix_up(project, "ask_order", "goodbye", every=3)

    result, _ = await judge(tools)

    codes = {reason["code"] for reason in result["reasons"]}
    assert result["state"] == "refused"
    assert "labels_contradicted" in codes
    assert (project.models / "current.json").read_bytes() == serving
    (found,) = await kept.list_candidates(tools.database)
    assert found.state == "refused"
    assert "Refused" in await kept.read_page(tools.database, found.candidate_id)


async def test_a_branch_is_tried_without_touching_the_folder(project, tmp_path):
    await git(project.root, "init", "--quiet", "--initial-branch", "main")
    await git(project.root, "config", "user.name", "Max")
    await git(project.root, "config", "user.email", "max@example.com")
    await git(project.root, "add", "data", "config.yml")
    await git(project.root, "commit", "--quiet", "-m", "first")
    await git(project.root, "checkout", "--quiet", "-b", "learning/one")
    teach(project, "greet", "hello from the branch")
    await git(project.root, "commit", "--quiet", "-am", "taught")
    await git(project.root, "checkout", "--quiet", "main")

    with pytest.raises(NoSuchBranch, match="no branch 'learning/two'"):
        await find_source(project, tmp_path / "data", "learning/two")
    source = await find_source(project, tmp_path / "data", "learning/one")
    again = await find_source(project, tmp_path / "data", "learning/one")

    greet = Path("data/nlu/greet.yml")
    assert again == source
    assert "hello from the branch" in (source.project.root / greet).read_text()
    assert "hello from the branch" not in (project.root / greet).read_text()
    assert isinstance(source.project, Project)
    (project.root / greet).write_text("unsaved work")
    assert await merge(project.root, "learning/one") == (
        f"git -C {project.root} merge learning/one"
    )
    assert (project.root / greet).read_text() == "unsaved work"
    await git(project.root, "checkout", "--", str(greet))
    assert await merge(project.root, "learning/one") == ""
    assert "hello from the branch" in (project.root / greet).read_text()
