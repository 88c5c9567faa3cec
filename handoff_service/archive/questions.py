"""Reads what customers asked the bot in given spans of time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow, EventRow
from handoff_service.domain import Author, EventType

#: Shorter words are a greeting or a thank-you; of longer ones the beginning says what it is about.
FEWEST_CHARS = 5
MOST_CHARS = 500


@dataclass(frozen=True, slots=True)
class Question:
    """What one customer asked."""

    conversation_id: str
    at_ms: int
    text: str
    language: str


async def questions_between(
    database: Database, from_ms: int, until_ms: int, *, limit: int
) -> Sequence[Question]:
    """Return the latest questions from `from_ms` on and before `until_ms`, latest first.

    Clicks, files without words, and what was said to a person are none. ArchiveUnavailable.
    """
    event, conversation = EventRow, ConversationRow
    query = (
        select(event.conversation_id, event.at_ms, event.data, conversation.language)
        .join(conversation, conversation.id == event.conversation_id)
        .where(
            event.at_ms >= from_ms,
            event.at_ms < until_ms,
            event.type == EventType.MESSAGE_POSTED.value,
            event.data["author"].as_string() == Author.CUSTOMER.value,
        )
        .order_by(event.at_ms.desc())
        .limit(limit)
    )
    async with database.session() as session:
        rows = (await session.execute(query)).all()
    return [
        Question(name, at_ms, data["text"][:MOST_CHARS], language)
        for name, at_ms, data, language in rows
        # Only what the bot was asked is a turn.
        if "turn" in data and not data.get("payload") and len(data.get("text", "")) >= FEWEST_CHARS
    ]
