"""Reads what customers asked and got no good answer to, phrase by phrase."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import and_, or_, select

from handoff_service.archive.database import Database
from handoff_service.archive.learning.verdicts import GroupState
from handoff_service.archive.tables.learn_turns import LearnTurnRow, PhraseRow
from handoff_service.archive.tables.reviews import ReviewGroupRow

#: What the bot does where it has no answer.
NO_ANSWER = ("offer_person", "none", "clarify")
#: What it understands where it understands nothing.
NOTHING = ("out_of_scope", "nlu_fallback")
#: Phrases that are named in one statement; SQLite takes 32,766 values.
AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Asked:
    """One time that it was said."""

    conversation_id: str
    at_ms: int
    intent: str | None


@dataclass(slots=True)
class Unanswered:
    """A phrase with the turns in which it went wrong."""

    phrase_id: int
    text: str
    language: str
    vector: bytes
    asked: list[Asked] = field(default_factory=list)


async def unanswered(
    database: Database, *, since_ms: int, rightly: Collection[str], limit: int
) -> list[Unanswered]:
    """Return phrases that got no good answer, those of the latest `limit` turns, by id.

    Left out: phrases that nobody grouped or embedded yet, and those decided to be nothing.

    Args:
        database: The history.
        since_ms: From when on.
        rightly: Reasons of handoffs that are right, however well the bot understands.
        limit: Turns at the most.

    Raises:
        ArchiveUnavailable: try again.
    """
    turn, phrase, group = LearnTurnRow, PhraseRow, ReviewGroupRow
    wrong = or_(
        turn.did.in_(NO_ANSWER),
        turn.intent.in_(NOTHING),
        turn.vote < 0,
        turn.mark.in_(("wrong", "missing")),
        and_(turn.handoff_reason.is_not(None), turn.handoff_reason.not_in(rightly)),
        turn.helped.is_(False),
    )
    wanted = (
        select(turn.phrase_id, turn.conversation_id, turn.at_ms, turn.intent)
        .join(phrase, phrase.id == turn.phrase_id)
        .join(group, group.id == phrase.group_id)
        .where(
            turn.asks.is_(True),
            turn.at_ms >= since_ms,
            or_(turn.mark.is_(None), turn.mark != "right"),
            wrong,
            phrase.vector.is_not(None),
            group.state.not_in((GroupState.IGNORED.value, GroupState.SPAM.value)),
        )
        .order_by(turn.at_ms.desc(), turn.conversation_id, turn.seq)
        .limit(limit)
    )
    said: dict[int, list[Asked]] = {}
    found: list[Unanswered] = []
    async with database.session() as session:
        for phrase_id, talk, at_ms, intent in await session.execute(wanted):
            if phrase_id is not None:  # what was joined has one
                said.setdefault(phrase_id, []).append(Asked(talk, at_ms, intent))
        ids = sorted(said)
        for start in range(0, len(ids), AT_ONCE):
            which = phrase.id.in_(ids[start : start + AT_ONCE])
            columns = (phrase.id, phrase.text, phrase.language, phrase.vector)
            for row in await session.execute(select(*columns).where(which).order_by(phrase.id)):
                if row.vector is not None:
                    turns = said[row.id]
                    found.append(Unanswered(row.id, row.text, row.language, row.vector, turns))
    return found
