"""`baton ask` and `baton bench turn` as processes against the running system."""

import json

import pytest

from baton.client.phrases import LOCALES, phrases


@pytest.mark.parametrize("locale", LOCALES)
async def test_ask_answers_with_the_right_article(baton, locale):
    code, out, err = await baton("ask", phrases(locale).question, "--lang", locale, "--json")

    answer = json.loads(out)
    assert code == 0, err
    assert set(answer) == {
        *("kind", "text", "sources", "choices", "confidence", "intent", "language", "ms"),
    }
    assert answer["kind"] == "answer"
    assert answer["sources"][0]["article_id"] == "reset-password"
    assert answer["sources"][0]["url"].startswith(f"/help/{locale}/reset-password")
    assert set(answer["sources"][0]) == {"article_id", "title", "url", "quote"}
    assert 0 < answer["confidence"] <= 1
    assert answer["language"] == locale
    assert answer["ms"] > 0


async def test_ask_prints_for_people(baton):
    code, out, _ = await baton("ask", phrases("en").question)

    assert code == 0
    assert "/help/en/reset-password" in out
    assert "(answer, en, confidence" in out


async def test_ask_for_a_person_leaves_nobody_waiting(baton, agent):
    code, out, err = await baton("ask", phrases("en").person, "--json")

    assert code == 0, err
    answer = json.loads(out)
    assert (answer["kind"], answer["sources"], answer["confidence"]) == ("handoff", [], None)
    await agent.drain()
    assert not agent.conversations


async def test_bench_turn_measures_every_turn(baton):
    code, out, err = await baton("bench", "turn", "--customers", "3", "--turns", "4", "--json")

    figures = json.loads(out)
    assert code == 0, err
    assert figures["errors"] == 0
    assert figures["turns"] == 12 == sum(figures["kinds"].values())
    assert 0 < figures["p50_ms"] <= figures["p95_ms"] <= figures["p99_ms"] <= figures["max_ms"]
    assert figures["turns_per_s"] > 0
