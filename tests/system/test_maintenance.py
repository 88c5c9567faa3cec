"""What a maintainer changes is served without a restart; what was said can be taken out."""

import json
import shutil
from pathlib import Path

import pytest

from baton.client.phrases import phrases
from tests.system.history import until_archived

ROOT = Path(__file__).resolve().parents[2]

NEW_ARTICLE = """---
id: solar-roof
title: Charge the hub from a solar roof
locale: en
updated: 2026-11-01
tags: [solar, power]
---
A solar roof with a Havelo Sunbox keeps the hub running through the night.

## Connect the Sunbox to the solar roof
1. Fix the Sunbox next to the inverter of the solar roof.
2. Plug its cable into the USB-C port of the hub.
"""
VALIDITY = "How long is the link to reset my password valid?"
SOLAR = "How do I connect the Sunbox to my solar roof?"


@pytest.fixture
def articles(tmp_path):
    """A copy of the demo articles, to change."""
    return Path(shutil.copytree(ROOT / "data" / "kb", tmp_path / "kb"))


@pytest.fixture
async def build(baton):
    """Run `baton kb build`; the demo articles are back after the test."""

    async def run(folder):
        return await baton("kb", "build", "--kb", str(folder), "--json")

    yield run
    code, _, err = await run(ROOT / "data" / "kb")
    assert code == 0, err


async def test_an_edited_article_is_quoted_without_a_restart(ready, articles, build, visitor):
    pids = ready.pids()
    file = articles / "en" / "reset-password.md"
    file.write_text(file.read_text().replace("30 minutes", "47 minutes"))
    async with visitor() as customer:
        before = (await customer.say(VALIDITY))[-1]

        code, _, err = await build(articles)
        after = (await customer.say(VALIDITY))[-1]
        _, page = await customer.page("/help/en/reset-password")

    assert code == 0, err
    assert "47 minutes" not in before.sources[0].quote
    assert "47 minutes" in after.sources[0].quote
    assert "47 minutes" in page
    assert ready.pids() == pids


async def test_a_new_article_is_found_and_has_a_page(articles, build, visitor):
    (articles / "en" / "solar-roof.md").write_text(NEW_ARTICLE)
    async with visitor() as customer:
        before = await customer.say(SOLAR)

        code, _, err = await build(articles)
        after = await customer.say(SOLAR)
        status, page = await customer.page("/help/en/solar-roof")

    assert code == 0, err
    assert "solar-roof" not in [s.article_id for event in before for s in event.sources]
    assert after[-1].sources[0].article_id == "solar-roof"
    assert (status, "Charge the hub from a solar roof" in page) == (200, True)


async def test_a_broken_article_is_named_and_the_old_index_goes_on(articles, build, visitor):
    (articles / "en" / "reset-password.md").write_text("---\nid: reset-password\n---\nno title")

    code, _, err = await build(articles)

    assert code == 1
    assert "reset-password.md" in err
    assert "title" in err
    assert "Traceback" not in err
    async with visitor() as customer:
        answer = (await customer.say(phrases("en").question))[-1]
    assert answer.sources[0].article_id == "reset-password"


@pytest.fixture
def project(tmp_path):
    """A copy of what training reads, to change; it uses the environments of the real one."""
    copy = tmp_path / "project"
    skipped = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in (
        *("actions", "baton", "bot", "data", "handoff_rules", "handoff_service", "kb_index"),
        *("learning", "live_redis"),
    ):
        shutil.copytree(ROOT / name, copy / name, ignore=skipped)
    shutil.copy(ROOT / "config.yml", copy / "config.yml")
    for environment in (".venv", ".venv-rasa"):
        (copy / environment).symlink_to(ROOT / environment)
    return copy


async def test_new_phrases_are_understood_without_a_restart(ready, project, baton, visitor):
    pids = ready.pids()
    words = "fetch me the flarnblat wizard"
    file = project / "data" / "nlu" / "request_person.yml"
    text = file.read_text(encoding="utf-8")
    marker = "      - I want to talk to a person\n"
    variants = (words, f"please {words}", f"{words} now", f"{words} thanks", f"can you {words}")
    assert marker in text
    phrases_added = "".join(f"      - {variant}\n" for variant in variants)
    file.write_text(text.replace(marker, marker + phrases_added, 1), encoding="utf-8")
    async with visitor() as customer:
        before = (await customer.say(words))[-1]

        code, _, err = await baton("train", cwd=project)
        after = (await customer.say(words))[-1]

        assert code == 0, err
        assert before.kind != "handoff"
        assert after.kind == "handoff"
        assert ready.pids() == pids
        await customer.cancel_handoff()
    code, _, err = await baton("train", "--no-check")  # back to the demo's own model
    assert code == 0, err


async def test_broken_phrases_are_named_and_the_old_model_goes_on(project, baton, visitor):
    broken = project / "data" / "nlu" / "greet.yml"
    broken.write_text("nlu:\n- intent: greet\n  examples: [unclosed\n")

    code, _, err = await baton("train", cwd=project)

    assert code == 1
    assert "greet.yml" in err
    assert "Traceback" not in err
    async with visitor() as customer:
        assert (await customer.say(phrases("en").question))[-1].kind == "answer"


async def test_closed_conversations_are_exported_as_said(ready, baton, agent, visitor, tmp_path):
    async with visitor("ko") as customer:
        talk = customer.conversation_id
        await customer.say(phrases("ko").question)
        await customer.request_person()
        await agent.until_offer(talk)
        await agent.accept(talk)
        await agent.say(talk, phrases("ko").agent)
        await agent.wrap_up(talk)
        await customer.rate(4, phrases("ko").comment)
        await agent.close_conversation(talk)
        await customer.until_state("closed")
        await customer.drain()
    await until_archived(ready, talk, seq=max(customer.events))

    out = tmp_path / "out.jsonl"
    code, _, err = await baton("transcripts", "export", "--since", "2020-01-01", "--out", str(out))

    assert code == 0, err
    exported = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    mine = [item for item in exported if item["id"] == talk]
    assert len(mine) == 1
    assert (mine[0]["stars"], mine[0]["comment"]) == (4, phrases("ko").comment)
    said = [event.text for event in customer.transcript() if event.author]
    assert [message["text"] for message in mine[0]["messages"]] == said


async def test_a_vote_is_in_the_report_with_what_the_bot_searched(ready, baton, visitor):
    question = phrases("ko").question
    async with visitor("ko") as customer:
        talk, answer = customer.conversation_id, (await customer.say(question))[-1]
        assert answer.kind == "answer"
        await customer.vote(answer.seq, helpful=True)
        await customer.vote(answer.seq, helpful=False)
        await customer.drain()
    await until_archived(ready, talk, seq=max(customer.events))

    code, out, err = await baton("kb", "report", "--since", "1h", "--json")

    assert code == 0, err
    report = json.loads(out)
    [mine] = [
        row
        for row in report["by_article"]
        if row["votes"] and row["article_id"] == answer.sources[0].article_id
    ]
    assert (mine["votes"], mine["helpful"], mine["unhelpful_questions"]) == (1, 0, [question])
    assert {row["index_version"] for row in report["by_index_version"] if row["votes"]} != {""}
