"""Answers that people marked: the maintainers' list of what to look into."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_

from handoff_service.archive.database import Database
from handoff_service.archive.projection import Fact
from handoff_service.archive.tables.talk import AnswerMarkRow


@dataclass(frozen=True, slots=True)
class AnswerMark:
    """The last mark on a turn."""

    conversation_id: str
    turn_seq: int  #: of the answer, or of the question that had none
    at_ms: int
    verdict: str  #: wrong, missing, or right: it was a mistake
    agent_id: str
    agent_name: str
    note: str
    query: str  #: what was asked
    language: str  #: of the customer
    intent: str
    article_id: str  #: of the article that the answer quoted first; "" for none
    locale: str  #: of that article
    confidence: float | None
    index_version: str | None


def mark_row(fact: Fact, *, language: str) -> dict[str, Any]:
    """Return the row of an `answer.marked`. Pure."""
    data = fact.data
    first: dict[str, Any] = next(iter(data.get("sources") or []), {})
    return {
        "conversation_id": fact.conversation_id,
        "turn_seq": data["seq"],
        "seq": fact.seq,
        "at_ms": fact.at_ms,
        "verdict": data["verdict"][:16],
        "agent_id": data["agent_id"][:64],
        "agent_name": data["author_name"][:200],
        "note": (data.get("note") or "").replace("\0", ""),
        "query": (data.get("query") or "").replace("\0", ""),
        "language": language[:16],
        "intent": (data.get("intent") or "")[:200],
        "article_id": (first.get("article_id") or "")[:200],
        "locale": (first.get("locale") or "")[:16],
        "confidence": data.get("confidence"),
        "index_version": data.get("index_version"),
    }


async def list_marks(
    database: Database, *, verdict: str, before: tuple[int, str, int] | None, limit: int
) -> list[AnswerMark]:
    """Return turns whose last mark says so, the latest first.

    `before`: at_ms, conversation and turn of the last one already known. Raises
    ArchiveUnavailable.
    """
    place = tuple_(AnswerMarkRow.at_ms, AnswerMarkRow.conversation_id, AnswerMarkRow.turn_seq)
    statement = (
        select(AnswerMarkRow)
        .where(AnswerMarkRow.verdict == verdict)
        .order_by(
            AnswerMarkRow.at_ms.desc(),
            AnswerMarkRow.conversation_id.desc(),
            AnswerMarkRow.turn_seq.desc(),
        )
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(place < before)
    async with database.session() as session:
        return [_mark(row) for row in await session.scalars(statement)]


def _mark(row: AnswerMarkRow) -> AnswerMark:
    return AnswerMark(
        conversation_id=row.conversation_id,
        turn_seq=row.turn_seq,
        at_ms=row.at_ms,
        verdict=row.verdict,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        note=row.note,
        query=row.query,
        language=row.language,
        intent=row.intent,
        article_id=row.article_id,
        locale=row.locale,
        confidence=row.confidence,
        index_version=row.index_version,
    )
