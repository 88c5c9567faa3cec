"""Finds the conversations behind a number."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.tables.reports import NumberRow
from handoff_service.reports.busy import Presence
from handoff_service.reports.definitions import Metric
from handoff_service.reports.figures import UNNAMED
from handoff_service.reports.pages import Array
from handoff_service.reports.question import Question
from handoff_service.reports.reading import read_tables
from handoff_service.reports.view import View


class NoSuchPart(LookupError):
    """The number has no part of this name."""


@dataclass(frozen=True, slots=True)
class Behind:
    """One conversation, when it counted, and how long what is measured took."""

    row: ConversationRow
    number: int
    at_ms: int
    value: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """Some of them, the latest first, and how many there are in all."""

    some: Sequence[Behind]
    count: int
    more: bool


async def find_behind(
    database: Database,
    question: Question,
    metric: Metric,
    *,
    part: str,
    key: str | None,
    after: tuple[int, int] | None,
    limit: int,
) -> Found:
    """Return conversations after (at_ms, number), the latest first, each once.

    Raises:
        NoSuchPart: the number has no such part.
        ArchiveUnavailable: try again.
    """
    tables = await read_tables(database, question, [metric.kind])
    view = View(question, tables, Presence.of([], question))
    numbers, times, values = await asyncio.to_thread(_find, view, metric, part, key)
    count = len(numbers)
    if after is not None:
        later = (times < after[0]) | ((times == after[0]) & (numbers < after[1]))
        numbers, times, values = numbers[later], times[later], values[later]
    more = len(numbers) > limit
    wanted = [int(number) for number in numbers[:limit]]
    statement = (
        select(NumberRow.number, ConversationRow)
        .join(ConversationRow, ConversationRow.id == NumberRow.conversation_id)
        .where(NumberRow.number.in_(wanted))
    )
    async with database.session() as session:
        rows = {number: row for number, row in await session.execute(statement)}  # noqa: C416 (rows are no pairs)
    timed = metric.lasted is not None
    some = [
        Behind(rows[number], number, int(at_ms), int(value) if timed else None)
        for number, at_ms, value in zip(wanted, times, values, strict=False)
        if number in rows
    ]
    return Found(some, count, more)


def _find(view: View, metric: Metric, part: str, key: str | None) -> tuple[Array, Array, Array]:
    """Return numbers of conversations, times and durations, the latest first, each once."""
    table = view.tables[metric.kind]
    mask = metric.of(view) & _part(view, metric, part)
    if view.question.by != "none":
        mask = mask & (view.groups(metric.kind) == view.number_of(key or ""))
    values = metric.lasted(view) if metric.lasted is not None else table["at_ms"]
    numbers, times, values = table["number"][mask], table["at_ms"][mask], values[mask]
    order = np.lexsort((-numbers, -times))
    numbers, times, values = numbers[order], times[order], values[order]
    _, first = np.unique(numbers, return_index=True)
    first.sort()
    return numbers[first], times[first], values[first]


def _part(view: View, metric: Metric, part: str) -> Array:
    table = view.tables[metric.kind]
    if not part:
        return np.ones(len(table), dtype=bool)
    if part in metric.parts:
        return metric.parts[part](view)
    if metric.hits is not None and part in {"hits", "misses"}:
        hits = metric.hits(view)
        return hits if part == "hits" else ~hits
    if metric.parts_of:
        word = "" if part == UNNAMED[metric.parts_of] else part
        named = table.is_word(metric.parts_of, word)
        return named if metric.hits is None else named & metric.hits(view)
    raise NoSuchPart(part)
