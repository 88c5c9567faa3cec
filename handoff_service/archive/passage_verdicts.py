"""Keeps what agents said of passages that were suggested to them: a queue for maintainers."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.tables.replies import PassageVerdictRow

#: What is kept; a passage that is right after all has no row.
NOT_RIGHT = "not_right"


async def not_right(database: Database, conversation_id: str, seq: int) -> Collection[str]:
    """Return the passages that do not answer a message, by id. Raises ArchiveUnavailable."""
    row = PassageVerdictRow
    query = select(row.passage_id).where(row.conversation_id == conversation_id, row.seq == seq)
    async with database.session() as session:
        return set(await session.scalars(query))


async def keep_verdict(database: Database, values: dict[str, Any]) -> None:
    """Keep that a passage does not answer; the last word of the agents counts.

    `values`: every column but `verdict`. Raises ArchiveUnavailable.
    """
    values = values | {"verdict": NOT_RIGHT}
    insert = database.insert(PassageVerdictRow)
    key = ["conversation_id", "seq", "passage_id"]
    async with database.session() as session:
        # The archiver may not have come to the conversation yet.
        await session.execute(
            database.insert(ConversationRow)
            .on_conflict_do_nothing()
            .values(id=values["conversation_id"])
        )
        await session.execute(
            insert.values(**values).on_conflict_do_update(
                index_elements=key, set_={k: v for k, v in values.items() if k not in key}
            )
        )


async def forget_verdict(
    database: Database, conversation_id: str, seq: int, *, passage_id: str
) -> None:
    """Take a verdict back, if there is one. Raises ArchiveUnavailable."""
    row = PassageVerdictRow
    async with database.session() as session:
        await session.execute(
            delete(row).where(
                row.conversation_id == conversation_id,
                row.seq == seq,
                row.passage_id == passage_id,
            )
        )
