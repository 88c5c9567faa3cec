"""What a batch of events adds to the tables of the inbox: words, people, tags."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.projection import Fact
from handoff_service.archive.searchable import search_row
from handoff_service.archive.tables.inbox import PersonRow, SearchRow, TagRow
from handoff_service.domain import EventType

#: After these an agent has the conversation.
HOLDS = frozenset({EventType.HANDOFF_ASSIGNED, EventType.HANDOFF_TAKEN_OVER, EventType.RESUMED})


class InboxRows:
    """Gathered first, written at once; what is there already stays as it is."""

    def __init__(self, database: Database) -> None:
        """Gather rows for `database`."""
        self._database = database
        self._found: list[dict[str, Any]] = []
        self._people: list[dict[str, Any]] = []
        self._tagged: dict[str, ConversationRow] = {}

    def take(self, row: ConversationRow, fact: Fact) -> None:
        """Take what one event of a conversation, folded into `row`, adds.

        Raises LookupError, TypeError, AttributeError: the event has another shape.
        """
        if (found := search_row(fact, dialect=self._database.dialect)) is not None:
            self._found.append(found)
        if fact.type in HOLDS and fact.data["agent_id"]:
            self._people.append(_person(fact, fact.data["agent_id"], "held"))
        elif fact.type == EventType.NOTE_POSTED:
            mentions = fact.data.get("mentions") or ()
            self._people += [_person(fact, agent_id, "mentioned") for agent_id in mentions]
        elif fact.type == EventType.TAGGED:
            self._tagged[row.id] = row

    async def write(self, session: AsyncSession) -> None:
        """Write what was gathered."""
        for table, rows in ((SearchRow, self._found), (PersonRow, self._people)):
            if rows:
                await session.execute(self._database.insert(table).on_conflict_do_nothing(), rows)
        if not self._tagged:
            return
        await session.execute(delete(TagRow).where(TagRow.conversation_id.in_(self._tagged)))
        tags = [
            {"conversation_id": row.id, "tag": tag}
            for row in self._tagged.values()
            for tag in row.tags
        ]
        if tags:
            await session.execute(self._database.insert(TagRow), tags)


def _person(fact: Fact, agent_id: str, how: str) -> dict[str, Any]:
    return {
        "conversation_id": fact.conversation_id,
        "agent_id": agent_id[:64],
        "how": how,
        "at_ms": fact.at_ms,
    }
