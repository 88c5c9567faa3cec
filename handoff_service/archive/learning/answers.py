"""Reads what people answered where the bot had not, masked, for whoever looks for habits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from handoff_service.archive.database import Database
from handoff_service.archive.tables.learn_turns import LearnTurnRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAnswer:
    """The first words of substance that a person wrote on a question."""

    conversation_id: str
    seq: int  #: of the question
    language: str
    question: str
    text: str
    agent_id: str


async def latest_answers(database: Database, *, limit: int) -> list[AgentAnswer]:
    """Return agents' answers, the latest first; of a conversation each wording once.

    Raises:
        ArchiveUnavailable: try again.
    """
    return await _read(database, limit=limit)


async def answers_on(database: Database, phrase_ids: Sequence[int]) -> list[AgentAnswer]:
    """Return agents' answers on phrases, as `latest_answers` does."""
    return await _read(database, LearnTurnRow.phrase_id.in_(phrase_ids))


async def _read(
    database: Database, *which: ColumnElement[bool], limit: int | None = None
) -> list[AgentAnswer]:
    row = LearnTurnRow
    wanted = (
        select(
            row.conversation_id, row.seq, row.language, row.text, row.agent_answer, row.agent_id
        )
        .where(row.agent_answer.is_not(None), row.agent_answer != "", *which)
        .order_by(row.at_ms.desc(), row.conversation_id, row.seq)
        .limit(limit)
    )  # fmt: skip
    found: dict[tuple[str, str], AgentAnswer] = {}
    async with database.session() as session:
        for talk, seq, language, question, text, agent_id in await session.execute(wanted):
            answer = AgentAnswer(
                conversation_id=talk,
                seq=seq,
                language=language,
                question=question,
                text=text or "",
                agent_id=agent_id or "",
            )
            found.setdefault((talk, answer.text), answer)
    return list(found.values())
