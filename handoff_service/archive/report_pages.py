"""Gives up pages of facts when something of their day changes; they are made again later.

Whoever changes facts takes the turn first, so that one at a time does (reports/counting.py).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.tables.reports import FACTS, PageRow, TurnRow

DAY_MS = 86_400_000


async def take_turn(session: AsyncSession) -> None:
    """Wait until nobody else changes facts; the first statement of a transaction."""
    await session.execute(update(TurnRow).values(turn=TurnRow.turn + 1))


async def give_up_pages(
    database: Database, session: AsyncSession, days: set[tuple[str, int]]
) -> None:
    """Let facts of these kinds and UTC days be read from their own tables, until made again."""
    if not days:
        return
    insert = database.insert(PageRow)
    insert = insert.on_conflict_do_update(
        index_elements=["kind", "day"], set_={"records": None, "words": insert.excluded.words}
    )
    rows: list[dict[str, Any]] = [
        {"kind": kind, "day": day, "records": None, "words": []} for kind, day in sorted(days)
    ]
    await session.execute(insert, rows)


async def give_up_pages_of(
    database: Database, session: AsyncSession, conversation_ids: Sequence[str]
) -> None:
    """Give up the pages in which conversations stand, before they are deleted."""
    await take_turn(session)
    days: set[tuple[str, int]] = set()
    for kind, model in FACTS.items():
        its = select(model.at_ms).where(model.conversation_id.in_(conversation_ids))
        days |= {(kind, at_ms // DAY_MS) for at_ms in await session.scalars(its)}
    await give_up_pages(database, session, days)
