"""Keeps the canned replies that people made for themselves."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from handoff_service.archive.database import Database
from handoff_service.archive.tables.replies import OwnReplyRow
from handoff_service.domain import Json

#: More than these nobody finds anything among.
MOST_OWN = 100


async def own_replies(database: Database, agent_id: str) -> Sequence[tuple[str, Json]]:
    """Return id and document of each, by id. Raises ArchiveUnavailable."""
    row = OwnReplyRow
    query = (
        select(row.reply_id, row.document).where(row.agent_id == agent_id).order_by(row.reply_id)
    )
    async with database.session() as session:
        return [(found[0], found[1]) for found in await session.execute(query)]


async def save_own_reply(
    database: Database, agent_id: str, reply_id: str, *, document: Json, now_ms: int
) -> bool:
    """Keep a reply in the place of one with this id; False: there are too many already.

    Raises ArchiveUnavailable.
    """
    row = OwnReplyRow
    others = select(func.count()).where(row.agent_id == agent_id, row.reply_id != reply_id)
    values = {"document": document, "changed_ms": now_ms}
    insert = database.insert(row)
    async with database.session() as session:
        if (await session.scalar(others) or 0) >= MOST_OWN:
            return False
        await session.execute(
            insert.values(agent_id=agent_id, reply_id=reply_id, **values).on_conflict_do_update(
                index_elements=["agent_id", "reply_id"], set_=values
            )
        )
    return True


async def delete_own_reply(database: Database, agent_id: str, reply_id: str) -> bool:
    """Delete a reply; False: there is none. Raises ArchiveUnavailable."""
    row = OwnReplyRow
    async with database.session() as session:
        done = await session.execute(
            delete(row).where(row.agent_id == agent_id, row.reply_id == reply_id)
        )
        return bool(done.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it
