"""Keeps the facts in step with the events, each conversation whole: exactly once, whatever fails.

The archiver names a conversation in `report_due` in the transaction that writes its events. Here
its facts are made anew from all its events and put in the place of the old ones, and its name is
taken off, in one transaction. Pages of the days that this touches are made again later.
"""

import asyncio
import logging
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.models import ConversationRow, EventRow
from handoff_service.archive.report_pages import DAY_MS, give_up_pages, take_turn
from handoff_service.archive.tables.reports import (
    FACTS,
    DueRow,
    NumberRow,
    PageRow,
    RoundRow,
    StartRow,
)
from handoff_service.clock import Clock
from handoff_service.reports.facts import Row, facts_of
from handoff_service.reports.pages import attributes, make_page

logger = logging.getLogger(__name__)

#: Conversations counted in one transaction: some ten milliseconds of Python each hundred.
BATCH = 100
#: How often it is looked for conversations that are due, in milliseconds.
LOOK_MS = 2_000
#: How often pages are made of days that are over, in milliseconds, and how many at a time.
PAGES_EVERY_MS, PAGES = 60_000, 40
#: Pages that one transaction makes: every kind of a day.
PAGES_AT_ONCE = len(FACTS)


class Counter:
    """Any number may run, in any number of processes: one at a time counts."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        """Count what is in the history."""
        self._database = database
        self._clock = clock
        self._paged_ms = 0

    async def run(self) -> None:
        """Count for ever; waits out the times when SQL is away."""
        while True:
            busy = False
            try:
                busy = await count_due(self._database) == BATCH
                if not busy and self._clock.now_ms() - self._paged_ms >= PAGES_EVERY_MS:
                    self._paged_ms = self._clock.now_ms()
                    await make_pages(self._database, now_ms=self._paged_ms, limit=PAGES)
            except ArchiveUnavailable:
                logger.warning("reports are behind: the database does not answer")
            if not busy:
                await self._clock.sleep_until(self._clock.now_ms() + LOOK_MS)
            await asyncio.sleep(0)


async def count_due(database: Database, *, limit: int = BATCH) -> int:
    """Count conversations that are due, at most `limit`; return how many were.

    Raises:
        ArchiveUnavailable: nothing was changed.
    """
    async with database.session() as session:
        names = select(DueRow.conversation_id).order_by(DueRow.conversation_id).limit(limit)
        if not (due := list(await session.scalars(names))):
            return 0
    async with database.session() as session:
        await take_turn(session)
        # Locked before their names are taken off, as the archiver does, and in its order: so no
        # event can come in between that nobody counts.
        there = await session.scalars(
            select(ConversationRow.id)
            .where(ConversationRow.id.in_(due))
            .order_by(ConversationRow.id)
            .with_for_update()
        )
        names_there = list(there)
        await session.execute(delete(DueRow).where(DueRow.conversation_id.in_(due)))
        await _replace(database, session, names_there)
    return len(due)


async def _replace(database: Database, session: AsyncSession, due: Sequence[str]) -> None:
    """Put the facts of conversations in the place of the old ones."""
    if not due:
        return
    numbered = database.insert(NumberRow).on_conflict_do_nothing(index_elements=["conversation_id"])
    await session.execute(numbered, [{"conversation_id": name} for name in due])
    found = select(NumberRow.conversation_id, NumberRow.number).where(
        NumberRow.conversation_id.in_(due)
    )
    numbers = {name: number for name, number in await session.execute(found)}  # noqa: C416
    made: dict[str, list[Row]] = {kind: [] for kind in FACTS}
    for name, facts in (await _facts(session, due)).items():
        for kind, rows in facts.items():
            made[kind] += [
                row | {"conversation_id": name, "number": numbers[name], "n": n}
                for n, row in enumerate(rows)
            ]
    customers: set[str] = set()
    days: set[tuple[str, int]] = set()
    for kind, model in FACTS.items():
        mine = model.conversation_id.in_(due)
        days |= {
            (kind, at // DAY_MS) for at in await session.scalars(select(model.at_ms).where(mine))
        }
        if model is StartRow:
            customers |= set(await session.scalars(select(StartRow.customer_id).where(mine)))
        await session.execute(delete(model).where(mine))
        if made[kind]:
            await session.execute(insert(model.__table__), made[kind])  # type: ignore[attr-defined]
        days |= {(kind, row["at_ms"] // DAY_MS) for row in made[kind]}
    customers |= {row["customer_id"] for row in made["starts"]}
    days |= await _note_returns(session, customers - {""})
    await give_up_pages(database, session, days)


async def _facts(session: AsyncSession, due: Sequence[str]) -> dict[str, dict[str, list[Row]]]:
    events = await session.scalars(
        select(EventRow)
        .join(ConversationRow, ConversationRow.id == EventRow.conversation_id)
        .where(EventRow.conversation_id.in_(due), EventRow.seq <= ConversationRow.last_seq)
        .order_by(EventRow.conversation_id, EventRow.seq)
    )
    return {
        name: facts_of(its).by_kind()
        for name, its in groupby(events, key=lambda event: event.conversation_id)
    }


async def _note_returns(session: AsyncSession, customers: set[str]) -> set[tuple[str, int]]:
    """Note of the rounds of customers when the next one began; return which days that changed."""
    if not customers:
        return set()
    rounds = (
        await session.execute(
            select(
                RoundRow.conversation_id, RoundRow.n, RoundRow.at_ms, RoundRow.next_ms,
                RoundRow.customer_id,
            ).where(RoundRow.customer_id.in_(customers))
        )
    ).all()  # fmt: skip
    began = await session.execute(
        select(StartRow.customer_id, StartRow.at_ms).where(StartRow.customer_id.in_(customers))
    )
    starts: dict[str, list[int]] = defaultdict(list)
    for customer, at_ms in began:
        starts[customer].append(at_ms)
    for its in starts.values():
        its.sort()
    changed = []
    for row in rounds:
        its = starts[row.customer_id]
        place = bisect_right(its, row.at_ms)
        next_ms = its[place] if place < len(its) else None
        if next_ms != row.next_ms:
            changed.append((row, next_ms))
    for row, next_ms in changed:
        await session.execute(
            update(RoundRow)
            .where(RoundRow.conversation_id == row.conversation_id, RoundRow.n == row.n)
            .values(next_ms=next_ms)
        )
    return {("rounds", row.at_ms // DAY_MS) for row, _ in changed}


async def make_pages(database: Database, *, now_ms: int, limit: int) -> int:
    """Make pages of days that are over and have none; return how many.

    Raises:
        ArchiveUnavailable: some may be made; the rest another time.
    """
    async with database.session() as session:
        found = await session.execute(
            select(PageRow.kind, PageRow.day)
            .where(PageRow.records.is_(None), PageRow.day < now_ms // DAY_MS)
            .order_by(PageRow.day.desc())
            .limit(limit)
        )
        without = [(kind, day) for kind, day in found]
    for place in range(0, len(without), PAGES_AT_ONCE):
        async with database.session() as session:
            await take_turn(session)
            for kind, day in without[place : place + PAGES_AT_ONCE]:
                await _make_page(session, kind, day)
    return len(without)


async def _make_page(session: AsyncSession, kind: str, day: int) -> None:
    page = make_page(kind, await session.execute(facts_of_days(kind, [day])))
    where = (PageRow.kind == kind, PageRow.day == day)
    if len(page.records):
        values = {"records": page.records.tobytes(), "words": page.words}
        await session.execute(update(PageRow).where(*where).values(**values))
    else:
        await session.execute(delete(PageRow).where(*where))


def facts_of_days(kind: str, days: Sequence[int]) -> Select[Any]:
    """Select the facts of a kind that belong to days that follow each other, in order."""
    at_ms = FACTS[kind].at_ms
    return (
        select(*attributes(kind))
        .where(at_ms >= days[0] * DAY_MS, at_ms < (days[-1] + 1) * DAY_MS)
        .order_by(at_ms, FACTS[kind].number, FACTS[kind].n)
    )


async def note_all_due(database: Database) -> int:
    """Let every conversation be counted anew; return how many. Raises ArchiveUnavailable."""
    every = select(ConversationRow.id).where(ConversationRow.last_seq > 0)
    async with database.session() as session:
        await session.execute(
            database.insert(DueRow).from_select(["conversation_id"], every).on_conflict_do_nothing()
        )
        return await session.scalar(select(func.count()).select_from(DueRow)) or 0
