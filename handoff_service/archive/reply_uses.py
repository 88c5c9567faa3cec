"""Counts what agents wrote with canned replies and macros; each message once, as it is folded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.projection import Fact
from handoff_service.archive.tables.replies import ReplyUseRow
from handoff_service.domain import Author, EventType

#: A day, in milliseconds: uses are counted by days of UTC.
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Used:
    """How often something was used, and when last."""

    uses: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class Uses:
    """Messages written with one reply: of one agent, team and language on one day."""

    canned_id: str
    agent_id: str
    team: str  #: "": of conversations without a team
    language: str
    day_ms: int  #: when the day began, UTC
    uses: int


def use_of(row: ConversationRow, fact: Fact) -> dict[str, Any] | None:
    """Return the row of `reply_uses` that an event makes; None: nothing ready was used."""
    if fact.type != EventType.MESSAGE_POSTED or fact.data.get("author") != Author.AGENT:
        return None
    used = {name: str(fact.data.get(name) or "")[:64] for name in ("canned_id", "macro_id")}
    if not any(used.values()):
        return None
    return used | {
        "conversation_id": row.id,
        "seq": fact.seq,
        "at_ms": fact.at_ms,
        "agent_id": fact.data.get("agent_id") or row.agent_id or "",
        "team": row.team or "",
        "language": row.language,
    }


async def used_by_reply(
    database: Database, *, since_ms: int, agent_id: str | None = None
) -> Mapping[str, Used]:
    """Count uses of each canned reply since a time, of all agents or of one, by its id.

    Raises ArchiveUnavailable.
    """
    row = ReplyUseRow
    query = (
        select(row.canned_id, func.count(), func.max(row.at_ms))
        .where(row.at_ms >= since_ms, row.canned_id != "")
        .group_by(row.canned_id)
    )
    if agent_id is not None:
        query = query.where(row.agent_id == agent_id)
    async with database.session() as session:
        return {found[0]: Used(found[1], found[2]) for found in await session.execute(query)}


async def uses_by_day(database: Database, canned_id: str, *, since_ms: int) -> Sequence[Uses]:
    """Count the uses of one reply by day, agent, team and language, the latest day first.

    Raises ArchiveUnavailable.
    """
    row = ReplyUseRow
    day_ms = row.at_ms - row.at_ms % DAY_MS
    groups = (row.canned_id, row.agent_id, row.team, row.language, day_ms.label("day_ms"))
    query = (
        select(*groups, func.count())
        .where(row.canned_id == canned_id, row.at_ms >= since_ms)
        .group_by(*groups)
        .order_by(day_ms.desc(), row.agent_id, row.team, row.language)
    )
    async with database.session() as session:
        return [Uses(*found) for found in await session.execute(query)]
