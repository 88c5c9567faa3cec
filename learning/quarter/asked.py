"""Puts a simulated week into the history, and finds what the reviewer is to look at."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from handoff_service.archive.database import Database
from handoff_service.archive.learning.turns import LearnTurn, write_turns
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.tables.learn_turns import LearnTurnRow, PhraseRow
from handoff_service.archive.tables.reviews import ReviewGroupRow
from learning.metrics import OOS
from learning.nlu_evaluation import OUT_OF_SCOPE, Labelled
from learning.quarter.bot import LANGUAGE, Understood
from learning.quarter.outcomes import Outcome
from learning.quarter.world import World

#: Between two customers, in milliseconds.
APART_MS = 60_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a customer asked, how it was understood, and what came of it."""

    said: Labelled
    understood: Understood
    outcome: Outcome


def history_of(world: World) -> dict[str, str]:
    """Return what every customer of the quarter means, by what they say."""
    return {one.text: one.intent for week in world.weeks for one in week}


async def write_week(
    database: Database, turns: Sequence[Asked], *, number: int, start_ms: int
) -> None:
    """Keep a week of conversations of one turn each, as the collector would. ArchiveUnavailable."""
    rows, kept = [], []
    for index, turn in enumerate(turns):
        name, at_ms = f"c_{number}_{index}", start_ms + index * APART_MS
        rows.append(_conversation(name, at_ms))
        kept.append(_turn(name, at_ms, turn))
    async with database.session() as session:
        await session.execute(database.insert(ConversationRow), rows)
    await write_turns(database, {row["id"]: 1 for row in rows}, kept)


async def open_groups(
    database: Database, order: str, *, number: int, draw: random.Random
) -> list[tuple[int, list[tuple[int, str]]]]:
    """Return the next groups with all their phrases (id and text), the example first.

    `order`: baton, as the review queue has them; random, those of turns drawn by lot; uncertainty,
    those whose example the bot was least sure of. Raises ArchiveUnavailable.
    """
    group, turn = ReviewGroupRow, LearnTurnRow
    async with database.session() as session:
        if order == "baton":
            wanted = select(group.id).where(group.queued.is_(True))
            wanted = wanted.order_by(group.score.desc(), group.id.desc())
            ids = list(await session.scalars(wanted.limit(number)))
        else:
            sure = func.min(turn.scope_confidence)
            found = await session.execute(
                select(group.id, func.count(), sure)
                .join(PhraseRow, PhraseRow.group_id == group.id)
                .join(turn, turn.phrase_id == PhraseRow.id)
                .where(group.state == "open")
                .group_by(group.id)
                .order_by(group.id)
            )
            there = [tuple(row) for row in found]
            ids = (
                _least_sure(there, number) if order == "uncertainty" else _lot(there, number, draw)
            )
        rows = await session.execute(
            select(PhraseRow.group_id, PhraseRow.id, PhraseRow.text)
            .where(PhraseRow.group_id.in_(ids))
            .order_by(PhraseRow.id)
        )
        phrases: dict[int, list[tuple[int, str]]] = {each: [] for each in ids}
        for group_id, phrase_id, text in rows:
            phrases[group_id or 0].append((phrase_id, text))
        shown = await session.execute(select(group.id, group.phrase_id).where(group.id.in_(ids)))
        first = {each: phrase_id for each, phrase_id in shown}  # noqa: C416 (rows are no pairs)
    return [(each, sorted(phrases[each], key=lambda one: one[0] != first[each])) for each in ids]


def _least_sure(there: Sequence[Any], number: int) -> list[int]:
    return [row[0] for row in sorted(there, key=lambda row: (row[2], row[0]))[:number]]


def _lot(there: Sequence[Any], number: int, draw: random.Random) -> list[int]:
    """Draw groups as often as they were asked about: who looks at turns at random meets them so."""
    left = list(there)
    drawn: list[int] = []
    while left and len(drawn) < number:
        [row] = draw.choices(left, [row[1] for row in left])
        left.remove(row)
        drawn.append(row[0])
    return drawn


def _conversation(name: str, at_ms: int) -> dict[str, Any]:
    return {
        "id": name,
        "last_seq": 1,
        "locale": LANGUAGE,
        "language": LANGUAGE,
        "state": "closed",
        "started_ms": at_ms,
        "last_at_ms": at_ms,
        "closed_ms": at_ms,
    }


def _turn(name: str, at_ms: int, turn: Asked) -> LearnTurn:
    found, came = turn.understood, turn.outcome
    return LearnTurn(
        conversation_id=name,
        seq=1,
        at_ms=at_ms,
        asks=True,
        language=LANGUAGE,
        text=turn.said.text,
        query=turn.said.text,
        did=came.did,
        intent=OUT_OF_SCOPE if found.intent == OOS else found.intent,
        intent_confidence=found.confidence,
        scope_confidence=found.scope_confidence,
        runner_up=found.runner_up,
        answer_confidence=found.confidence if came.did == "answer" else None,
        vote=came.vote,
        handoff_reason=came.handoff_reason,
        helped=came.helped,
    )
