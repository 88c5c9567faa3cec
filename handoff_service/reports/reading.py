"""Reads the facts that a question is about: pages where there are some, rows of other days."""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff_service.archive.database import Database
from handoff_service.archive.report_pages import DAY_MS
from handoff_service.archive.tables.presence import PresenceRow
from handoff_service.archive.tables.reports import FACTS, HoldRow, PageRow
from handoff_service.reports.busy import Presence
from handoff_service.reports.counting import facts_of_days
from handoff_service.reports.pages import MISSING, Page, Table, attributes, make_page, read_page
from handoff_service.reports.question import Question


async def read_tables(
    database: Database, question: Question, kinds: Sequence[str] = tuple(FACTS)
) -> dict[str, Table]:
    """Return the facts of these kinds within the time, those that pass the filters.

    Holds are there as well that only reach into the time. Raises ArchiveUnavailable.
    """
    async with database.session() as session:
        pages = await _pages(session, question, kinds)
        if "holds" in kinds:
            pages["holds"].append(await _reaching_in(session, question))
    tables = {kind: Table(kind, its) for kind, its in pages.items()}
    for kind, table in tables.items():
        mask = table["at_ms"] < question.to_ms
        if kind == "holds":
            mask &= (table["ended_ms"] == MISSING) | (table["ended_ms"] > question.from_ms)
        else:
            mask &= table["at_ms"] >= question.from_ms
        for name, words in question.wanted.items():
            fits = table.is_word(name, "") & False
            for word in words:
                fits |= table.is_word(name, word)
            mask &= fits
        table.keep(mask)
    return tables


async def _pages(
    session: AsyncSession, question: Question, kinds: Sequence[str]
) -> dict[str, list[Page]]:
    found: dict[str, list[Page]] = {kind: [] for kind in kinds}
    first, last = question.from_ms // DAY_MS, (question.to_ms - 1) // DAY_MS
    words_text = cast(PageRow.words, Text)
    statement = select(PageRow.kind, PageRow.day, PageRow.records, words_text).where(
        PageRow.kind.in_(kinds), PageRow.day.between(first, last)
    )
    without: dict[str, list[int]] = {kind: [] for kind in kinds}
    for kind, day, records, words in await session.execute(statement):
        if records is None:
            without[kind].append(day)
        else:
            found[kind].append(read_page(kind, records, words))
    for kind, days in without.items():
        for run in _runs(sorted(days)):
            rows = await session.execute(facts_of_days(kind, run))
            found[kind].append(make_page(kind, rows))
    return found


def _runs(days: list[int]) -> list[list[int]]:
    """Return days that follow each other, together."""
    numbered = enumerate(days)
    return [
        [day for _, day in run] for _, run in groupby(numbered, key=lambda pair: pair[1] - pair[0])
    ]


async def _reaching_in(session: AsyncSession, question: Question) -> Page:
    """Return the holds that began on a day before the first, and were not over by its beginning."""
    first = question.from_ms // DAY_MS * DAY_MS
    earliest = await session.scalar(select(func.min(HoldRow.at_ms))) or 0
    # SQLite goes by the index of a plain `at_ms`: of a late time that is nearly all holds there
    # are, and few ended after it; of an early one it is the other way round.
    late = first - earliest > question.now_ms - first
    began = HoldRow.at_ms + 0 if late else HoldRow.at_ms
    rows = await session.execute(
        select(*attributes("holds")).where(
            began < first,
            or_(HoldRow.ended_ms > question.from_ms, HoldRow.ended_ms.is_(None)),
        )
    )
    return make_page("holds", rows)


async def read_presence(database: Database, question: Question) -> Presence:
    """Return when which agents were online, within the time. Raises ArchiveUnavailable."""
    earlier = aliased(PresenceRow)
    standing = (
        select(func.max(earlier.at_ms))
        .where(earlier.agent_id == PresenceRow.agent_id, earlier.at_ms <= question.from_ms)
        .scalar_subquery()
    )
    statement = (
        select(PresenceRow.agent_id, PresenceRow.at_ms, PresenceRow.status)
        .where(PresenceRow.at_ms < question.to_ms, PresenceRow.at_ms >= func.coalesce(standing, 0))
        .order_by(PresenceRow.agent_id, PresenceRow.at_ms, PresenceRow.entry_id)
    )
    async with database.session() as session:
        changes = [tuple(row) for row in await session.execute(statement)]
    return Presence.of(changes, question)
