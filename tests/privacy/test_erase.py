"""`baton privacy`: all of a customer is found before and nothing after; the proof says so."""

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from aiohttp import FormData
from sqlalchemy import select, text

from handoff_service.archive.erasures import note_unlearned, to_unlearn
from handoff_service.archive.learning.jobs import list_jobs
from handoff_service.archive.learning.turns import LearnTurn, write_turns
from handoff_service.archive.models import Model
from handoff_service.archive.tables.learn_candidates import LearnCandidateRow
from handoff_service.archive.tables.learn_jobs import LearnJobRow
from handoff_service.archive.tables.learn_turns import PhraseRow
from handoff_service.archive.tables.learn_writing import SuggestionRow
from handoff_service.archive.tables.reviews import ReviewDecisionRow, ReviewGroupRow
from learning.forgetting.files import forget_in_files
from learning.forgetting.job import is_due
from learning.forgetting.lines import without_items
from learning.jobs.here import run_here
from learning.jobs.tools import Tools
from learning.training import Project
from learning.writing.in_place import put_in_place, stage, undo, write_journal
from learning.writing.tree import FileChange
from tests.handoff_service.gateway.harness import (  # noqa: F401
    bot,
    redis_program,
    start_service,
)

MAIL, PHONE = "zoya.unique@mail.example", "+7 912 555-01-47"
WORDS = "my hub sings loudly under the violet moon"
OTHERS = "the hub hums"
NLU = """version: "3.1"

nlu:
  # Kept as it is.
  - intent: ask_device
    metadata: {{language: en}}
    examples: |
      - why does it beep
      - {words}
  - intent: ask_device
    metadata: {{language: ko}}
    examples: |
      - {words}
  - intent: greet
    examples: |
      - hi
"""
ARTICLE = """---
id: hub
answers:
  - "{words}"
---
It sings.
"""


def git(root, *words):
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@b.example", *words]
    return subprocess.check_output(command, cwd=root, text=True)


def plant(root, conversation_id):
    """A project in which a phrase of the conversation is trained with, held out, pinned, quoted."""
    phrase = {
        "text": WORDS, "language": "en", "intent": "ask_device", "conversation_id": conversation_id,
        "seq": 2, "reviewers": ["Jo"], "at": "2026-01-02", "decision_id": "d_1",
    }  # fmt: skip
    other = phrase | {"text": OTHERS, "conversation_id": "c_other"}
    for name, content in {
        "data/nlu/ask_device.yml": NLU.format(words=WORDS),
        "data/kb/en/hub.md": ARTICLE.format(words=WORDS),
        "data/kb_drafts/en/singing.md": f"> {WORDS}\n",
        "data/learned/held_out.jsonl": [phrase, other],
        "data/learned/examples.jsonl": [phrase | {"file": "data/nlu/ask_device.yml"}, other],
        "data/learned/pinned.jsonl": [phrase | {"file": "data/kb/en/hub.md"}],
        "data/learned/drafts.jsonl": [
            {"file": "data/kb_drafts/en/singing.md", "conversation_ids": [conversation_id]}
        ],
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [content] if isinstance(content, str) else [json.dumps(e) + "\n" for e in content]
        path.write_text("".join(lines))


def places_with(folder, *words):
    """Return the files below a folder, compressed ones left out, that hold one of the words."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git/" not in path.as_posix()
        if any(word.encode() in path.read_bytes() for word in words)
    }


async def plant_decisions(service, conversation_id, other_id):
    """What reviewers, suggestions and reports say of a conversation."""
    report = {
        "shadow": [
            {"conversation_id": conversation_id, "text": "x"},
            {"conversation_id": other_id},
        ],
        "phrases": {"examples": [{"text": WORDS, "change": "added"}, {"text": OTHERS}]},
        "confusions": [f"{OTHERS} · {WORDS}", OTHERS],
    }
    turn = LearnTurn(
        conversation_id=other_id, seq=2, text=OTHERS, at_ms=1, asks=True, language="en",
        did="answer",
    )  # fmt: skip
    database = service.parts.database
    await write_turns(database, {other_id: 99}, [turn])
    async with database.session() as session:
        phrases = {row.text: row for row in await session.scalars(select(PhraseRow))}
        theirs, others = phrases[WORDS], phrases[OTHERS]
        group = ReviewGroupRow(
            phrase_id=theirs.id, conversation_id=conversation_id, seq=2, state="decided"
        )
        alone = ReviewGroupRow(phrase_id=theirs.id)
        session.add_all([group, alone])
        await session.flush()
        theirs.group_id = others.group_id = group.id
        for name, ids, gone_ms in (("both", [theirs.id, others.id], 2), ("one", [theirs.id], None)):
            session.add(ReviewDecisionRow(
                id=name, group_id=group.id, reviewer="a", at_ms=1, verdict="right", phrase_ids=ids,
                withdrawn_ms=gone_ms,
            ))  # fmt: skip
        for name, source in (("theirs", conversation_id), ("others", other_id)):
            session.add(SuggestionRow(
                id=name, kind="reply", language="en", title="t", body="b", turns=1, agents=1,
                sources=[{"conversation_id": source, "seq": 1, "text": "b"}], found_ms=1,
            ))  # fmt: skip
        session.add(LearnCandidateRow(
            id="k_1", job_id="j_1", created_ms=1, changed_ms=1, asked_by="a", state="judging",
            report=report, page=f"<p>{WORDS}</p>",
        ))  # fmt: skip
        session.add(LearnJobRow(
            id="j_1", kind="apply", state="done", asked_by="a", asked_ms=1, changed_ms=1,
            result={"problems": [{"code": "known", "text": WORDS}]},
        ))  # fmt: skip


async def check_decisions(service):
    """Of what was planted only what is about others is left."""
    async with service.parts.database.session() as session:
        (phrase,) = await session.scalars(select(PhraseRow))
        (group,) = await session.scalars(
            select(ReviewGroupRow).where(ReviewGroupRow.id == phrase.group_id)
        )
        (decision,) = await session.scalars(select(ReviewDecisionRow))
        (suggestion,) = await session.scalars(select(SuggestionRow))
        report = await session.scalar(select(LearnCandidateRow.report))
    assert (phrase.text, group.phrase_id, group.conversation_id) == (OTHERS, phrase.id, None)
    assert (decision.id, decision.phrase_ids) == ("both", [phrase.id])
    assert group.state == "open", "what decided it is gone"
    assert suggestion.id == "others"
    assert [len(report["shadow"]), report["confusions"]] == [1, [OTHERS]]
    assert report["phrases"]["examples"] == [{"text": OTHERS}]


async def tables_with(service, *words):
    found = set()
    async with service.parts.database.session() as session:
        for table in Model.metadata.tables:
            rows = [str(row) for row in await session.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608
            if any(word in row for word in words for row in rows):
                found.add(table)
    return found


async def keys_with(service, *words):
    """Return the keys of the live store, without the desk's log, that hold one of the words."""
    redis, found = service.parts.store.redis, set()
    async for key in redis.scan_iter(match=f"{service.parts.store.keys.prefix}*"):
        dumped = repr(await redis.dump(key)) + str(key)
        if any(word in dumped for word in words):
            found.add(str(key))
    return {key for key in found if not key.endswith("}:log")}


@pytest.fixture
async def planted(start_service, tmp_path):  # noqa: F811
    """A service with one customer who has left traces everywhere, and another one."""
    service = await start_service(smtp_url="smtp://127.0.0.1:9", mail_from="help@shop.example")
    page = await service.customer()
    await page.send("message", message_id="m1", text=WORDS)
    await page.event("message.posted", author="bot")
    form = FormData()
    form.add_field("file", WORDS.encode(), filename="note.txt")
    http = await service.http()
    bearer = {"Authorization": f"Bearer {page.session['session_token']}"}
    async with http.post("/api/customer/attachments", data=form, headers=bearer) as answer:
        assert answer.status == 201, await answer.text()
    await page.send("leave_message", message_id="l1", contact=f"{MAIL} {PHONE}", text=WORDS)
    await page.event("message.left")
    other = await service.customer()
    await other.send("message", message_id="m1", text="hello")
    await other.event("message.posted", author="bot")
    await service.in_history(page.id, 4)
    await service.in_history(other.id, 2)
    turn = LearnTurn(
        conversation_id=page.id, seq=2, text=WORDS, at_ms=1, asks=True, language="en", did="answer"
    )
    await write_turns(service.parts.database, {page.id: 99}, [turn])
    root, data = tmp_path / "project", service.settings.data_dir
    plant(root, page.id)
    plant(data / "learning" / "worktrees" / "w1", page.id)
    backup = data / "learning" / "backups" / "b1" / "data" / "nlu"
    backup.mkdir(parents=True)
    (backup / "ask_device.yml").write_text(NLU.format(words=WORDS))
    models = data / "rasa" / "models"
    models.mkdir(parents=True)
    for name in ("old", "knows", "innocent"):
        (models / f"{name}.tar.gz").write_bytes(b"x")
    phrases = [["hi", "greet", "en"], [WORDS, "ask_device", "en"]]
    (models / "knows.phrases.json").write_text(json.dumps(phrases))
    (models / "innocent.phrases.json").write_text(json.dumps(phrases[:1]))
    (models / "current.json").write_text('{"file": "knows.tar.gz"}')
    await plant_decisions(service, page.id, other.id)
    service.root, service.page, service.other = root, page, other
    return service


async def baton(service, *words, folder=None):
    """Run a command as the operator of the service's machine; return (status, stdout, stderr)."""
    folder = folder or service.settings.data_dir
    secrets = {name: getattr(service.settings, name) for name in ("internal_secret", "signing_key")}
    (folder / "secrets.json").write_text(json.dumps(secrets))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "baton", *words, "--url", service.url, "--data", str(folder),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=os.environ,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def erase(service, *words):
    return await baton(
        service, "privacy", "erase", service.page.session["customer_id"], "--yes",
        "--project", str(service.root), "--sql-url", service.settings.sql_url, *words,
    )  # fmt: skip


async def test_all_of_a_customer_is_found_before_and_nothing_after(planted, tmp_path):
    service, page, root = planted, planted.page, planted.root
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "start")
    customer_id, proof = page.session["customer_id"], tmp_path / "proof.json"
    theirs = (customer_id, page.id, MAIL, PHONE, WORDS)
    data = service.settings.data_dir
    assert {"events", "conversations", "learn_turns", "learn_phrases", "mails"} - await tables_with(
        service, *theirs
    ) <= {"mails"}
    assert await keys_with(service, *theirs)
    assert len(places_with(root, *theirs)) == 7
    assert len(places_with(data, *theirs)) >= 8

    file = tmp_path / "own.zip"
    status, _, err = await baton(
        service, "privacy", "export", customer_id, "--out", str(file), "--project", str(root)
    )
    assert status == 0, err
    bundle = ZipFile(file)
    assert bundle.testzip() is None
    assert WORDS in bundle.read(f"conversations/0001_{page.id}.html").decode()
    assert WORDS in bundle.read("records/learn_turns.jsonl").decode()
    assert WORDS in bundle.read("records/project.jsonl").decode()
    assert MAIL in bundle.read("profile.json").decode()
    assert any(WORDS.encode() == bundle.read(n) for n in bundle.namelist() if "files/" in n)
    assert places_with(tmp_path, MAIL) & {"baton.db", "baton.db-wal"}

    status, out, err = await erase(service, "--proof", str(proof), "--look-for", MAIL)

    assert status == 0, (out, err)
    assert "Complete: yes" in out
    assert not any(word in out + proof.read_text() for word in theirs)
    assert await tables_with(service, customer_id, MAIL, PHONE, WORDS) == set()
    assert await tables_with(service, page.id) == {"erased"}
    assert await keys_with(service, *theirs) == set()
    assert places_with(root, *theirs) == set()
    assert places_with(data, *theirs) == set()
    assert places_with(tmp_path, MAIL, WORDS) <= {"own.zip"}, "nor in the database's files"
    assert service.bot.forgotten == [page.id]
    nlu = (root / "data/nlu/ask_device.yml").read_text()
    assert nlu == NLU.format(words="@").replace("      - @\n", "", 1).replace(
        "  - intent: ask_device\n    metadata: {language: ko}\n    examples: |\n      - @\n", ""
    )
    assert OTHERS in (root / "data/learned/held_out.jsonl").read_text()
    assert (root / "data/kb/en/hub.md").read_text() == "---\nid: hub\n---\nIt sings.\n"
    assert not (root / "data/kb_drafts/en/singing.md").exists()
    told = json.loads(proof.read_text())
    (wish,) = told["wishes"]
    assert wish["second_look"] == {"left": {}, "same_name": {}}
    assert wish["removed"]["sql.learn_turns"] == 1
    assert wish["removed"]["sql.events"] >= 4
    assert wish["learned"]["counts"]["phrases"] == 2
    assert wish["learned"]["commit"] in wish["learned"]["commits"]
    assert wish["learned"]["models"] == ["knows.tar.gz", "old.tar.gz"]
    await check_decisions(service)
    assert git(root, "status", "--porcelain") == ""
    assert len(await service.in_history(service.other.id, 2)) >= 2, "the other one is untouched"
    status, out, _ = await baton(service, "privacy", "verify", str(proof))
    assert (status, out.splitlines()[-1]) == (0, "genuine")


async def test_who_is_interrupted_is_gone_on_with(planted):
    service, root, data = planted, planted.root, planted.settings.data_dir
    database = service.parts.database
    await service.parts.eraser.erase(service.page.session["customer_id"], actor="operator")
    models = data / "rasa" / "models"
    project = Project(root, Path("python"), data / "models" / "current", models)
    tools = Tools(database=database, project=project, data_dir=data)
    [erased] = await to_unlearn(database)
    assert await is_due(tools)

    # It died after the models were noted and the phrases were taken out, before it said so.
    await note_unlearned(database, erased.erasure_id, {"models": ["knows.tar.gz"]}, now_ms=None)
    nlu = root / "data/nlu/ask_device.yml"
    nlu.write_text(without_items(nlu.read_text(), {WORDS})[0])
    job = await run_here("unlearn", {}, tools=tools, asked_by="operator")
    assert (job.state, job.result["people"]) == ("done", 1), job.error
    assert places_with(root, WORDS) == set()
    assert not await is_due(tools), "until another model serves"
    asked = [each for each in await list_jobs(database) if each.kind == "candidate"]
    assert [each.state for each in asked] == ["queued"]

    # It died after all files were changed, before it said so.
    await note_unlearned(database, erased.erasure_id, {"models": ["knows.tar.gz"]}, now_ms=None)
    job = await run_here("unlearn", {}, tools=tools, asked_by="operator")
    [erased] = await to_unlearn(database)
    assert erased.unlearned["models"] == ["knows.tar.gz"]
    (models / "current.json").write_text('{"file": "innocent.tar.gz"}')
    assert await is_due(tools)
    await run_here("unlearn", {}, tools=tools, asked_by="operator")
    assert await to_unlearn(database) == []
    assert not (models / "knows.tar.gz").exists()


async def test_a_backup_can_still_be_brought_back(tmp_path):
    root, data = tmp_path / "project", tmp_path / "data"
    plant(root, "c_1")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    name = "data/nlu/ask_device.yml"
    after = before[root / name] + b"      - something else\n"
    backup = data / "learning" / "backups" / "j_1"
    stage(
        backup, [FileChange(name, before[root / name], after)], decision_ids=[], suggestion_ids=[]
    )
    journal = put_in_place(root, backup)
    write_journal(backup, replace(journal, state="done"))

    forget_in_files(root, data, {"c_1"})

    assert "something else" in (root / name).read_text()
    undo(root, backup)
    assert "something else" not in (root / name).read_text()
    assert places_with(tmp_path, WORDS) == set()
