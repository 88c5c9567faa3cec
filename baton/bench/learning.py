"""Fills a history with turns that were asked and times what reviewing asks of it."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from sqlalchemy import text

from baton.client.percentile import percentile
from handoff_service.archive.database import Database, open_database
from handoff_service.archive.learning import review_queue, reviews
from handoff_service.archive.learning.reviews import Word
from handoff_service.archive.learning.turns import phrase_key
from handoff_service.archive.learning.verdicts import Verdict
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.tables.learn_turns import LearnTurnRow, PhraseRow
from handoff_service.domain import LOCALES
from learning.collecting.vectors import pack
from learning.jobs.here import run_here
from learning.jobs.tools import Tools
from learning.training import Project

#: Turns a conversation, turns written in one transaction, phrases of one meaning.
TURNS, BATCH, ALIKE = 4, 20_000, 5
#: One phrase for so many turns; numbers of a vector; how far phrases of a meaning are apart.
TURNS_A_PHRASE, WIDTH, SPREAD = 5, 384, 0.008
#: Between two turns, ms: a million of them are a busy year.
APART_MS = 30_000
#: New turns before the grouping that is timed.
NEW = 1000
#: The queue without anything that is kept for it: what each group adds up to, at every opening.
NAIVE = """
SELECT p.group_id, count(*) AS turns,
  sum((CASE WHEN t.vote = -1 THEN 0.9 WHEN t.did <> 'answer' THEN 0.7
       ELSE 1 - coalesce(t.answer_confidence, 0.7) END)) AS score
FROM learn_turns t JOIN learn_phrases p ON p.id = t.phrase_id
GROUP BY p.group_id ORDER BY score DESC LIMIT 50
"""


async def measure_learning(
    sql_url: str, *, turns: int, rounds: int, folder: Path, told: Callable[[int], None]
) -> dict[str, Any]:
    """Fill an empty database at `sql_url`, group what is in it, then time the review queue.

    Args:
        sql_url: An SQLAlchemy URL; nothing may be in there.
        turns: How many.
        rounds: How often each thing is asked for.
        folder: For what the job leaves.
        told: Is told after each transaction how many turns it wrote.

    Returns:
        For each thing asked for p50 and p95, ms; `grouping` of all turns and `regrouping` after
        1,000 new ones, s; `naive`, the queue worked out at every opening, ms.
    """
    chance = random.Random(7)  # noqa: S311 - the same history each time, nothing to guess
    database = await open_database(sql_url)
    project = Project(folder, folder, folder, folder)
    tools = Tools(database=database, project=project, data_dir=folder)
    try:
        phrases = max(turns // TURNS_A_PHRASE, 1)
        await _write_phrases(database, phrases, tools.now_ms() - turns * APART_MS)
        for first in range(0, turns, BATCH):
            numbers = range(first, min(first + BATCH, turns))
            await _write_turns(database, chance, numbers, phrases, tools.now_ms(), turns)
            told(len(numbers))
        grouping = await _group(tools)
        found = await _ask(database, rounds, tools.now_ms)
        await _write_turns(
            database, chance, range(turns, turns + NEW), phrases, tools.now_ms(), turns + NEW
        )
        return {"grouping": grouping, "queue": found, "regrouping": await _group(tools)}
    finally:
        await database.close()


async def _group(tools: Tools) -> dict[str, Any]:
    job = await run_here("group", {}, tools=tools, asked_by="bench")
    return job.result


async def _ask(
    database: Database, rounds: int, now_ms: Callable[[], int]
) -> dict[str, dict[str, float]]:
    """Time what the console asks, in the way the API answers it."""

    async def open_queue(after: str = "", **wanted: Any) -> review_queue.Page:  # fields of Wanted
        page = await review_queue.read_queue(
            database, review_queue.Wanted(**wanted), after=after, limit=50
        )
        await reviews.decisions_of(database, [group.group_id for group in page.groups])
        await reviews.count_agreement(database)
        return page

    first = await open_queue()
    waiting = iter([group.group_id for group in first.groups] * rounds)

    async def decide() -> None:
        word = Word(verdict=Verdict.INTENT, intent="ask_order")
        await reviews.decide(database, next(waiting), word, reviewer="a_1", now_ms=now_ms())

    async def naive() -> None:
        async with database.session() as session:
            (await session.execute(text(NAIVE))).all()

    asked: dict[str, Callable[[], Awaitable[Any]]] = {
        "open": open_queue,
        "next page": lambda: open_queue(after=first.after or ""),
        "language ko": lambda: open_queue(language="ko"),
        "reason asked_back": lambda: open_queue(reason="asked_back"),
        "both": lambda: open_queue(language="ru", reason="marked_missing"),
        "second opinions": lambda: open_queue(second_opinion_of="a_2"),
        "decide": decide,
    }
    found = {name: await _time(ask, rounds) for name, ask in asked.items()}
    found["naive open"] = await _time(naive, 3)
    return found | {"groups": {"open": first.open}}


async def _time(ask: Callable[[], Awaitable[Any]], rounds: int) -> dict[str, float]:
    took = []
    for _ in range(rounds):
        began = perf_counter()
        await ask()
        took.append((perf_counter() - began) * 1000)
    return {"p50_ms": round(percentile(took, 50), 1), "p95_ms": round(percentile(took, 95), 1)}


async def _write_phrases(database: Database, count: int, at_ms: int) -> None:
    """Write phrases with vectors: some of one meaning beside each other, meanings far apart."""
    chance = np.random.default_rng(7)
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        meanings = chance.normal(size=(len(numbers) // ALIKE + 1, WIDTH))
        meanings /= np.linalg.norm(meanings, axis=1, keepdims=True)
        vectors = meanings[[n // ALIKE for n in range(len(numbers))]]
        vectors = vectors + chance.normal(scale=SPREAD, size=vectors.shape)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        rows = [
            {
                "id": number + 1,
                "key": phrase_key("en", f"phrase {number}"),
                "language": LOCALES[number % len(LOCALES)],
                "text": f"phrase {number} of what customers say to a bot",
                "vector": vector,
                "model": "bench",
                "turns": 0,
                "first_ms": at_ms,
                "last_ms": at_ms,
            }
            for number, vector in zip(numbers, pack(vectors.astype(np.float32)), strict=True)
        ]
        async with database.session() as session:
            await session.execute(database.insert(PhraseRow), rows)


async def _write_turns(
    database: Database, chance: random.Random, numbers: range, phrases: int, now_ms: int, total: int
) -> None:
    talks: dict[str, dict[str, Any]] = {}
    rows = []
    for number in numbers:
        at_ms = now_ms - (total - number) * APART_MS
        name = f"c_{number // TURNS}"
        if number % TURNS == 0 or not talks:
            talks[name] = {"id": name, "state": "closed", "last_at_ms": at_ms, "started_ms": at_ms}
        rows.append(_turn(chance, name, number, at_ms, phrases))
    async with database.session() as session:
        talk = database.insert(ConversationRow)
        plain = {"handoff": {}, "page": {}, "locale": "en", "language": "en", "epoch": 1,
                 "customer_id": "", "priority": 5, "last_seq": 0}  # fmt: skip
        await session.execute(
            talk.on_conflict_do_nothing(), [plain | values for values in talks.values()]
        )
        await session.execute(database.insert(LearnTurnRow), rows)


def _turn(
    chance: random.Random, name: str, number: int, at_ms: int, phrases: int
) -> dict[str, Any]:
    """Return a turn: a few phrases are said often, most seldom; the bot is mostly right."""
    phrase = min(int(phrases * chance.random() ** 3), phrases - 1)
    did = chance.choices(("answer", "clarify", "offer_person"), (80, 12, 8))[0]
    sure = chance.betavariate(5, 2)
    return {
        "conversation_id": name,
        "seq": number % TURNS * 4 + 2,
        "at_ms": at_ms,
        "phrase_id": phrase + 1,
        "asks": True,
        "language": LOCALES[phrase % len(LOCALES)],
        "site": "",
        "text": f"phrase {phrase} of what customers say to a bot",
        "query": "",
        "intent": f"ask_{phrase % 40}",
        "intent_confidence": sure,
        "scope_confidence": chance.betavariate(8, 1),
        "did": did,
        "answer_confidence": sure if did == "answer" else None,
        "article_id": f"article-{phrase % 300}" if did == "answer" else None,
        "article_locale": "en",
        "vote": chance.choices((None, 1, -1), (90, 7, 3))[0],
        "mark": chance.choices((None, "wrong", "missing"), (990, 7, 3))[0],
        "handoff_reason": chance.choices((None, "asked", "low_confidence"), (92, 5, 3))[0],
        "masked": {},
    }
