"""Who was named in notes and has not looked yet; which accounts there are to be named."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, tuple_, update

from handoff_service.archive.database import Database
from handoff_service.archive.models import AccountRow
from handoff_service.archive.projection import Fact
from handoff_service.archive.tables.talk import MentionRow

#: How much of a note is told with a mention, in characters.
BEGINNING_CHARS = 200


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody was named in a note."""

    conversation_id: str
    seq: int  #: of the note
    at_ms: int
    from_id: str
    from_name: str
    text: str  #: how the note begins
    seen_ms: int | None  #: None: not yet


def mention_rows(fact: Fact) -> list[dict[str, Any]]:
    """Return the rows of a `note.posted`, one for each who is named. Pure."""
    data = fact.data
    return [
        {
            "conversation_id": fact.conversation_id,
            "seq": fact.seq,
            "agent_id": str(agent_id)[:64],
            "at_ms": fact.at_ms,
            "from_id": data["agent_id"][:64],
            "from_name": data["author_name"][:200],
            "text": beginning(data["text"]),
            "seen_ms": None,
        }
        for agent_id in data.get("mentions") or ()
    ]


def beginning(text: str) -> str:
    """Return how a note begins. Pure."""
    return text.replace("\0", "")[:BEGINNING_CHARS]


async def known_accounts(database: Database, ids: Collection[str]) -> set[str]:
    """Return those of the ids that belong to an account. Raises ArchiveUnavailable."""
    statement = select(AccountRow.id).where(AccountRow.id.in_(ids))
    async with database.session() as session:
        return set(await session.scalars(statement))


async def list_mentions(
    database: Database,
    agent_id: str,
    *,
    unseen: bool,
    before: tuple[int, str, int] | None,
    limit: int,
) -> list[Mention]:
    """Return where somebody was named, the latest first, `unseen`: and has not looked.

    `before`: at_ms, conversation and number of the last one already known. Raises
    ArchiveUnavailable.
    """
    place = tuple_(MentionRow.at_ms, MentionRow.conversation_id, MentionRow.seq)
    statement = (
        select(MentionRow)
        .where(MentionRow.agent_id == agent_id)
        .order_by(MentionRow.at_ms.desc(), MentionRow.conversation_id.desc(), MentionRow.seq.desc())
        .limit(limit)
    )
    if unseen:
        statement = statement.where(MentionRow.seen_ms.is_(None))
    if before is not None:
        statement = statement.where(place < before)
    async with database.session() as session:
        return [_mention(row) for row in await session.scalars(statement)]


async def count_unseen(database: Database, agent_id: str) -> int:
    """Return how often somebody was named and has not looked. Raises ArchiveUnavailable."""
    statement = select(func.count()).where(
        MentionRow.agent_id == agent_id, MentionRow.seen_ms.is_(None)
    )
    async with database.session() as session:
        return await session.scalar(statement) or 0


async def note_seen(
    database: Database, agent_id: str, *, conversation_id: str, now_ms: int
) -> None:
    """Note that somebody looked at a conversation they were named in. Raises ArchiveUnavailable."""
    theirs = (
        MentionRow.conversation_id == conversation_id,
        MentionRow.agent_id == agent_id,
        MentionRow.seen_ms.is_(None),
    )
    async with database.session() as session:
        # Most who look were never named: nothing is locked for them.
        if await session.scalar(select(MentionRow.seq).where(*theirs).limit(1)) is not None:
            await session.execute(update(MentionRow).where(*theirs).values(seen_ms=now_ms))


def _mention(row: MentionRow) -> Mention:
    return Mention(
        conversation_id=row.conversation_id,
        seq=row.seq,
        at_ms=row.at_ms,
        from_id=row.from_id,
        from_name=row.from_name,
        text=row.text,
        seen_ms=row.seen_ms,
    )
