"""Keeps what customers asked the bot: which conversations are to be read, turns and phrases."""

import hashlib
import unicodedata
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Select, bindparam, case, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.models import UNLEARNED, ConversationRow, EventRow
from handoff_service.archive.tables.learn_turns import LearnTurnRow, PhraseRow

#: Rows that are read at a time; bounds the memory.
PAGE = 1000
#: At the end of a question, or not.
MARKS = " .,!?…~。、"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation that is to be collected, with every event of it in order."""

    conversation_id: str
    last_seq: int
    customer_name: str  #: as the site signed it; "": unknown
    events: Sequence[EventRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnTurn:
    """One turn as it is kept: masked. What the fields mean: `LearnTurnRow`."""

    conversation_id: str
    seq: int
    at_ms: int
    asks: bool
    language: str
    text: str
    did: str
    site: str = ""
    query: str = ""
    intent: str | None = None
    intent_confidence: float | None = None
    scope_confidence: float | None = None
    runner_up: str | None = None
    reply_seq: int | None = None
    answer_confidence: float | None = None
    article_id: str | None = None
    article_locale: str | None = None
    vote: int | None = None
    mark: str | None = None
    handoff_reason: str | None = None
    helped: bool | None = None
    agent_answer: str | None = None
    agent_id: str | None = None
    release: str | None = None
    index_version: str | None = None
    masked: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording without its vector."""

    phrase_id: int
    language: str
    text: str


def phrase_key(language: str, text: str) -> str:
    """Return what tells phrases apart: case, width, spaces and last mark of a wording do not."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(f"{language}\n{plain.rstrip(MARKS) or plain}".encode()).hexdigest()


async def count_due(database: Database) -> int:
    """Return how many conversations are closed and changed since their turns were collected."""
    async with database.session() as session:
        due = select(func.count()).select_from(ConversationRow).where(UNLEARNED)
        return await session.scalar(due) or 0


async def next_due(database: Database, *, after: str, limit: int) -> list[Talk]:
    """Return the next conversations that are due, by id from `after` on.

    Each with all its events in memory: ask for few. Raises ArchiveUnavailable.
    """
    row = ConversationRow
    due = select(row.id, row.last_seq, row.customer_name).where(UNLEARNED, row.id > after)
    async with database.session() as session:
        found = (await session.execute(due.order_by(row.id).limit(limit))).all()
        events = await session.scalars(
            select(EventRow)
            .where(EventRow.conversation_id.in_([each.id for each in found]))
            .order_by(EventRow.conversation_id, EventRow.seq)
        )
        by_talk = {
            name: list(its)
            for name, its in groupby(events, key=lambda event: event.conversation_id)
        }
    return [
        Talk(
            conversation_id=each.id,
            last_seq=each.last_seq,
            customer_name=each.customer_name,
            events=[event for event in by_talk.get(each.id, ()) if event.seq <= each.last_seq],
        )
        for each in found
    ]


async def write_turns(
    database: Database, talks: Mapping[str, int], turns: Sequence[LearnTurn]
) -> None:
    """Put the turns of conversations in the place of those that are there, in one transaction.

    What happened meanwhile makes a conversation due again; one that was deleted meanwhile stays so.

    Args:
        database: The history.
        talks: Conversation → up to which number its events were looked at.
        turns: All turns of these conversations.

    Raises:
        ArchiveUnavailable: nothing was written.
    """
    async with database.session() as session:
        there = set(
            await session.scalars(
                select(ConversationRow.id)
                .where(ConversationRow.id.in_(talks))
                .order_by(ConversationRow.id)
                .with_for_update()
            )
        )
        kept = [turn for turn in turns if turn.conversation_id in there]
        ids = await _phrase_ids(database, session, kept)
        rows = [
            asdict(turn)
            | {"phrase_id": ids[phrase_key(turn.language, turn.text)] if turn.asks else None}
            for turn in kept
        ]
        if rows:
            insert = database.insert(LearnTurnRow)
            key = ["conversation_id", "seq"]
            changed = {c.name: c for c in insert.excluded if c.name not in key}
            await session.execute(
                insert.on_conflict_do_update(index_elements=key, set_=changed), rows
            )
        await _delete_others(session, there, {(turn.conversation_id, turn.seq) for turn in kept})
        for conversation_id in sorted(there):
            await session.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation_id)
                .values(learned_seq=talks[conversation_id])
            )


async def _delete_others(
    session: AsyncSession, conversation_ids: Iterable[str], kept: Set[tuple[str, int]]
) -> None:
    row = LearnTurnRow
    found = await session.execute(
        select(row.conversation_id, row.seq).where(row.conversation_id.in_(conversation_ids))
    )
    for conversation_id, seq in {(name, seq) for name, seq in found} - kept:
        await session.execute(
            delete(row).where(row.conversation_id == conversation_id, row.seq == seq)
        )


async def _phrase_ids(
    database: Database, session: AsyncSession, turns: Iterable[LearnTurn]
) -> dict[str, int]:
    """Make the phrases of turns that ask, and return their ids by key."""
    new: dict[str, dict[str, Any]] = {}
    for turn in turns:
        if turn.asks:
            key = phrase_key(turn.language, turn.text)
            first = {"key": key, "language": turn.language, "text": turn.text}
            phrase = new.setdefault(key, first | {"first_ms": turn.at_ms, "last_ms": turn.at_ms})
            phrase["first_ms"] = min(phrase["first_ms"], turn.at_ms)
            phrase["last_ms"] = max(phrase["last_ms"], turn.at_ms)
    if not new:
        return {}
    insert = database.insert(PhraseRow)
    told, table = insert.excluded, PhraseRow.__table__.c
    widened = {
        "first_ms": case((told.first_ms < table.first_ms, told.first_ms), else_=table.first_ms),
        "last_ms": case((told.last_ms > table.last_ms, told.last_ms), else_=table.last_ms),
    }
    await session.execute(
        insert.on_conflict_do_update(index_elements=["key"], set_=widened),
        [new[key] for key in sorted(new)],  # in one order: two writers do not wait for each other
    )
    keys = list(new)
    ids: dict[str, int] = {}
    for start in range(0, len(keys), PAGE):
        which = PhraseRow.key.in_(keys[start : start + PAGE])
        found = await session.execute(select(PhraseRow.key, PhraseRow.id).where(which))
        ids |= {row.key: row.id for row in found}
    return ids


async def collect_again(database: Database) -> None:
    """Make every closed conversation due, and every phrase without a vector.

    The turns that are there stay until they are written anew.
    """
    async with database.session() as session:
        await session.execute(
            update(ConversationRow).where(ConversationRow.learned_seq > 0).values(learned_seq=0)
        )
        await session.execute(
            update(PhraseRow).where(PhraseRow.vector.is_not(None)).values(vector=None)
        )


async def keep_vectors_of(database: Database, model: str) -> None:
    """Forget the vectors of all phrases unless it was this model that made them.

    One phrase is looked at: they are all of one model.
    """
    async with database.session() as session:
        one = select(PhraseRow.model).where(PhraseRow.vector.is_not(None)).limit(1)
        made = await session.scalar(one)
        if made not in {None, model}:
            await session.execute(
                update(PhraseRow).where(PhraseRow.vector.is_not(None)).values(vector=None)
            )


async def count_without_vector(database: Database) -> int:
    """Return how many phrases are not embedded."""
    async with database.session() as session:
        missing = select(func.count()).select_from(PhraseRow).where(PhraseRow.vector.is_(None))
        return await session.scalar(missing) or 0


async def without_vector(database: Database, *, limit: int) -> list[Phrase]:
    """Return phrases that are not embedded, the oldest first. Raises ArchiveUnavailable."""
    row = PhraseRow
    statement = select(row.id, row.language, row.text).where(row.vector.is_(None))
    async with database.session() as session:
        found = await session.execute(statement.order_by(row.id).limit(limit))
        return [Phrase(*each) for each in found]


async def write_vectors(database: Database, vectors: Mapping[int, bytes], *, model: str) -> None:
    """Keep vectors of phrases by id; of a phrase that is gone, nothing.

    `model` is the fingerprint of the embedding model.
    """
    table = PhraseRow.__table__
    statement = (
        update(PhraseRow)
        .where(table.c.id == bindparam("which"))
        .values(vector=bindparam("made"), model=model)
    )
    async with database.session() as session:
        connection = await session.connection()
        await connection.execute(
            statement, [{"which": name, "made": made} for name, made in sorted(vectors.items())]
        )


async def turns_between(
    database: Database, *, since_ms: int = 0, until_ms: int | None = None
) -> AsyncIterator[LearnTurnRow]:
    """Yield the turns of a time, oldest first, whatever their number. Raises ArchiveUnavailable."""
    after: tuple[int, str, int] | None = None
    while True:
        page = await _page(database, _between(since_ms, until_ms), after=after)
        for turn in page:
            yield turn
        if len(page) < PAGE:
            return
        last = page[-1]
        after = (last.at_ms, last.conversation_id, last.seq)


def _between(since_ms: int, until_ms: int | None) -> Select[Any]:
    statement = select(LearnTurnRow).where(LearnTurnRow.at_ms >= since_ms)
    return statement if until_ms is None else statement.where(LearnTurnRow.at_ms < until_ms)


async def _page(
    database: Database,
    statement: Select[Any],
    *,
    after: tuple[int, str, int] | None,
) -> Sequence[LearnTurnRow]:
    place = (LearnTurnRow.at_ms, LearnTurnRow.conversation_id, LearnTurnRow.seq)
    if after is not None:
        statement = statement.where(tuple_(*place) > after)
    async with database.session() as session:
        return (await session.scalars(statement.order_by(*place).limit(PAGE))).all()
