"""Reads everything that any table keeps about a customer or their conversations."""

import base64
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow, ErasedRow, ErasureRow, EventRow, Model
from handoff_service.archive.tables.inbox import SearchRow
from handoff_service.archive.tables.reports import FACTS, DueRow, NumberRow

#: Rows that are read at a time.
PAGE = 500
#: What other tables say in another form: words as the search keeps them, figures made of events.
MADE_OF_OTHERS = frozenset(
    model.__tablename__ for model in (EventRow, ErasedRow, ErasureRow, SearchRow, DueRow, NumberRow)
) | {f"report_{kind}" for kind in FACTS}


def tables_about_customers() -> list[Table]:
    """Return the tables with rows about a customer or a conversation, by name."""
    return [
        table
        for table in sorted(Model.metadata.tables.values(), key=lambda each: each.name)
        if table.name not in MADE_OF_OTHERS
        and (
            table.name == ConversationRow.__tablename__
            or "conversation_id" in table.c
            or "customer_id" in table.c
        )
    ]


async def records_of(
    database: Database, table: Table, customer_id: str, conversation_ids: Sequence[str]
) -> AsyncIterator[dict[str, Any]]:
    """Yield the rows of a table that are about a customer. Raises ArchiveUnavailable."""
    whose: list[ColumnElement[bool]] = []
    if table.name == ConversationRow.__tablename__:
        whose.append(table.c.id.in_(conversation_ids))
    if "conversation_id" in table.c:
        whose.append(table.c.conversation_id.in_(conversation_ids))
    if "customer_id" in table.c:
        whose.append(table.c.customer_id == customer_id)
    statement = select(table).where(or_(*whose)).order_by(*table.primary_key.columns).limit(PAGE)
    start = 0
    while True:
        async with database.session() as session:
            rows = (await session.execute(statement.offset(start))).mappings().all()
        for row in rows:
            yield {name: _plain(value) for name, value in row.items()}
        if len(rows) < PAGE:
            return
        start += PAGE


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
