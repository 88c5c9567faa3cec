"""Works out any past number from `events` and `presence_log` alone: slow, plain, to check by."""

from collections.abc import AsyncIterator
from itertools import groupby
from typing import Any

from sqlalchemy import or_, select

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow, EventRow
from handoff_service.archive.tables.presence import PresenceRow
from handoff_service.domain import State
from handoff_service.reports.adding_up import Seens, Sum
from handoff_service.reports.question import Question
from handoff_service.reports.recount import Recount, recount

#: Conversations read at a time; bounds the memory.
PAGE = 200
#: In these an agent has it, however long nothing has happened.
HELD = (State.ASSIGNED.value, State.WRAP_UP.value)


async def measure_slowly(database: Database, question: Question) -> dict[str, Any]:
    """Return total and groups, as the API has them. Raises ArchiveUnavailable."""
    recounts = [each async for each in _recounts(database, question)]
    statement = (
        select(PresenceRow.agent_id, PresenceRow.at_ms, PresenceRow.status)
        .where(PresenceRow.at_ms < question.to_ms)
        .order_by(PresenceRow.at_ms, PresenceRow.entry_id)
    )
    async with database.session() as session:
        presence = [
            (row.agent_id, row.at_ms, row.status) for row in await session.execute(statement)
        ]
    return Sum(question, Seens.of(recounts), presence).report()


async def _recounts(database: Database, question: Question) -> AsyncIterator[Recount]:
    """Yield each conversation in which something can count: the last word is not before it."""
    after = ""
    while True:
        names = (
            select(ConversationRow.id)
            .where(
                ConversationRow.id > after,
                or_(
                    ConversationRow.last_at_ms >= question.from_ms, ConversationRow.state.in_(HELD)
                ),
            )
            .order_by(ConversationRow.id)
            .limit(PAGE)
        )
        async with database.session() as session:
            if not (page := list(await session.scalars(names))):
                return
            events = await session.scalars(
                select(EventRow)
                .join(ConversationRow, ConversationRow.id == EventRow.conversation_id)
                .where(EventRow.conversation_id.in_(page), EventRow.seq <= ConversationRow.last_seq)
                .order_by(EventRow.conversation_id, EventRow.seq)
            )
            for _, its in groupby(events, key=lambda event: event.conversation_id):
                yield recount(its)
        after = page[-1]
