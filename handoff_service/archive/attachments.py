"""What the database knows of attached files: whose they are, and which message they are part of."""

from collections.abc import Sequence

from sqlalchemy import delete, func, or_, select, update

from handoff_service.archive.database import Database
from handoff_service.archive.models import AttachmentRow


async def note_upload(database: Database, row: AttachmentRow) -> None:
    """Write what is known of a file, before the file itself is kept: nothing is kept unknown."""
    async with database.session() as session:
        session.add(row)


async def find_upload(database: Database, attachment_id: str) -> AttachmentRow | None:
    """Return what is known of a file."""
    async with database.session() as session:
        return await session.get(AttachmentRow, attachment_id)


async def bytes_of_conversation(database: Database, conversation_id: str) -> int:
    """Return how many bytes the files of a conversation have together."""
    async with database.session() as session:
        total = await session.scalar(
            select(func.coalesce(func.sum(AttachmentRow.bytes), 0)).where(
                AttachmentRow.conversation_id == conversation_id
            )
        )
    return int(total or 0)


async def claim_uploads(
    database: Database,
    ids: Sequence[str],
    *,
    conversation_id: str,
    uploader: str,
    message_id: str,
) -> list[AttachmentRow] | None:
    """Make files part of one message, all or none; the same again for the same message.

    Returns them in the order of `ids`; None: one is not there, is of another conversation or
    uploader, or is part of another message.
    """
    async with database.session() as session:
        claimed = await session.scalars(
            update(AttachmentRow)
            .where(
                AttachmentRow.id.in_(ids),
                AttachmentRow.conversation_id == conversation_id,
                AttachmentRow.uploader == uploader,
                or_(AttachmentRow.message_id.is_(None), AttachmentRow.message_id == message_id),
            )
            .values(message_id=message_id)
            .returning(AttachmentRow)
        )
        found = {row.id: row for row in claimed}
        if found.keys() != set(ids):
            await session.rollback()
            return None
    return [found[name] for name in ids]


async def note_posted(database: Database, *, message_id: str, ids: Sequence[str], seq: int) -> None:
    """Note that the message of these files is stored as the event `seq`."""
    async with database.session() as session:
        await session.execute(
            update(AttachmentRow)
            .where(AttachmentRow.id.in_(ids), AttachmentRow.message_id == message_id)
            .values(seq=seq)
        )


async def unposted_before(database: Database, at_ms: int, *, limit: int) -> list[AttachmentRow]:
    """Return files uploaded before `at_ms` of which nobody noted that their message is stored."""
    async with database.session() as session:
        rows = await session.scalars(
            select(AttachmentRow)
            .where(AttachmentRow.seq.is_(None), AttachmentRow.at_ms < at_ms)
            .order_by(AttachmentRow.at_ms)
            .limit(limit)
        )
        return list(rows)


async def of_conversation(database: Database, conversation_id: str) -> list[AttachmentRow]:
    """Return every file of a conversation."""
    async with database.session() as session:
        rows = await session.scalars(
            select(AttachmentRow).where(AttachmentRow.conversation_id == conversation_id)
        )
        return list(rows)


async def forget_uploads(database: Database, ids: Sequence[str]) -> None:
    """Delete what is known of files."""
    async with database.session() as session:
        await session.execute(delete(AttachmentRow).where(AttachmentRow.id.in_(ids)))
