"""What grouping reads and writes: phrases without a group, examples, turns by group, scores."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, or_, select, update

from handoff_service.archive.database import Database
from handoff_service.archive.learning.verdicts import GroupState
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.tables.learn_jobs import LearnJobRow
from handoff_service.archive.tables.learn_turns import LearnTurnRow, PhraseRow
from handoff_service.archive.tables.reviews import ReviewDecisionRow, ReviewGroupRow
from handoff_service.domain import Json

#: Ids that are named in one statement; SQLite takes 32,766 values.
AT_ONCE = 5000
#: Rows that are read at a time.
PAGE = 20_000
#: What happened may come into the history so much later, in ms.
LATE_MS = 3_600_000
ASKING = (GroupState.OPEN.value, GroupState.DISPUTED.value)

_UNGROUPED = and_(PhraseRow.group_id.is_(None), PhraseRow.vector.is_not(None))


@dataclass(frozen=True, slots=True)
class Placed:
    """Where phrases belong: to groups that are there, or to new ones."""

    joined: Mapping[int, int]  #: phrase → group
    new: Mapping[int, Sequence[int]]  #: example → all phrases of its group


async def has_ungrouped(database: Database) -> bool:
    """Whether a phrase waits for a group. Raises ArchiveUnavailable."""
    async with database.session() as session:
        return await session.scalar(select(PhraseRow.id).where(_UNGROUPED).limit(1)) is not None


async def last_ended_ms(database: Database, kind: str) -> int:
    """Return when a job of a kind was done last, by when it started; 0: never."""
    row = LearnJobRow
    done = select(func.max(row.started_ms)).where(row.kind == kind, row.state == "done")
    async with database.session() as session:
        return await session.scalar(done) or 0


async def ungrouped(database: Database) -> list[int]:
    """Return the phrases that wait for a group, what is said most first."""
    order = (PhraseRow.turns.desc(), PhraseRow.id)
    async with database.session() as session:
        return list(await session.scalars(select(PhraseRow.id).where(_UNGROUPED).order_by(*order)))


async def vectors_of(database: Database, phrase_ids: Sequence[int]) -> dict[int, bytes]:
    """Return the packed vectors of phrases; those that are gone are left out."""
    found: dict[int, bytes] = {}
    row = PhraseRow
    async with database.session() as session:
        for start in range(0, len(phrase_ids), AT_ONCE):
            which = row.id.in_(phrase_ids[start : start + AT_ONCE])
            rows = await session.execute(select(row.id, row.vector).where(which))
            found |= {each.id: each.vector for each in rows if each.vector is not None}
    return found


async def examples(database: Database) -> AsyncIterator[list[tuple[int, bytes]]]:
    """Yield group and packed vector of its example, in pages, whatever their number."""
    after = 0
    group, phrase = ReviewGroupRow, PhraseRow
    statement = select(group.id, phrase.vector).join(phrase, phrase.id == group.phrase_id)
    while True:
        async with database.session() as session:
            rows = await session.execute(
                statement.where(group.id > after, phrase.vector.is_not(None))
                .order_by(group.id)
                .limit(PAGE)
            )
            page = [(each.id, each.vector) for each in rows]
        if not page:
            return
        yield page
        after = page[-1][0]


async def place(database: Database, placed: Placed) -> dict[int, int]:
    """Put phrases into groups, in one transaction; return the new groups by their examples."""
    leads = sorted(placed.new)
    async with database.session() as session:
        made: dict[int, int] = {}
        if leads:
            ids = await session.scalars(
                insert(ReviewGroupRow).returning(ReviewGroupRow.id, sort_by_parameter_order=True),
                [{"phrase_id": lead} for lead in leads],
            )
            made = dict(zip(leads, ids, strict=True))
        where = dict(placed.joined)
        for lead in leads:
            where |= dict.fromkeys(placed.new[lead], made[lead])
        if where:
            await session.execute(
                update(PhraseRow),
                [{"id": phrase, "group_id": group} for phrase, group in sorted(where.items())],
            )
    return made


async def mend_examples(database: Database) -> None:
    """Give groups whose example was deleted another one; delete those that have no phrase."""
    group, phrase = ReviewGroupRow, PhraseRow
    lost = ~select(phrase.id).where(phrase.id == group.phrase_id).exists()
    heir = (
        select(phrase.id)
        .where(phrase.group_id == group.id)
        .order_by(phrase.turns.desc(), phrase.id)
        .limit(1)
        .scalar_subquery()
    )
    empty = ~select(phrase.id).where(phrase.group_id == group.id).exists()
    async with database.session() as session:
        ids = list(await session.scalars(select(group.id).where(lost)))
        for start in range(0, len(ids), AT_ONCE):
            some = group.id.in_(ids[start : start + AT_ONCE])
            await session.execute(delete(group).where(some, empty))
            await session.execute(update(group).where(some).values(phrase_id=heir))


async def changed_groups(database: Database, *, since_ms: int) -> list[int]:
    """Return groups that have other turns than when they were scored, or turns that changed since.

    `since_ms`: when it was looked last; 0: all groups.
    """
    group, phrase, turn = ReviewGroupRow, PhraseRow, LearnTurnRow
    if not since_ms:
        async with database.session() as session:
            return list(await session.scalars(select(group.id).order_by(group.id)))
    sums = (
        select(
            phrase.group_id,
            func.sum(phrase.turns).label("turns"),
            func.count().label("phrases"),
        )
        .where(phrase.group_id.is_not(None))
        .group_by(phrase.group_id)
        .subquery()
    )
    other = select(group.id).join(sums, sums.c.group_id == group.id, isouter=True)
    talks = select(ConversationRow.id).where(ConversationRow.last_at_ms >= since_ms - LATE_MS)
    lately = (
        select(phrase.group_id)
        .join(turn, turn.phrase_id == phrase.id)
        .where(turn.conversation_id.in_(talks), phrase.group_id.is_not(None))
    )
    differs = or_(
        func.coalesce(sums.c.turns, 0) != group.turns,
        func.coalesce(sums.c.phrases, 0) != group.phrases,
    )
    async with database.session() as session:
        found = set(await session.scalars(other.where(differs)))
        return sorted(found | set(await session.scalars(lately)))


#: What is read of a turn, in this order.
SEEN = (
    LearnTurnRow.phrase_id, LearnTurnRow.at_ms, LearnTurnRow.conversation_id, LearnTurnRow.seq,
    LearnTurnRow.language, LearnTurnRow.intent, LearnTurnRow.intent_confidence,
    LearnTurnRow.scope_confidence, LearnTurnRow.did, LearnTurnRow.answer_confidence,
    LearnTurnRow.article_id, LearnTurnRow.article_locale, LearnTurnRow.vote, LearnTurnRow.mark,
    LearnTurnRow.handoff_reason, LearnTurnRow.helped,
)  # fmt: skip


async def turns_by_group(
    database: Database, group_ids: Sequence[int]
) -> dict[int, list[Sequence[Any]]]:
    """Return what SEEN names of every turn of the groups. Ask for as many as fit into memory."""
    found: dict[int, list[Sequence[Any]]] = {group_id: [] for group_id in group_ids}
    statement = select(PhraseRow.group_id, *SEEN).join(
        LearnTurnRow, LearnTurnRow.phrase_id == PhraseRow.id
    )
    async with database.session() as session:
        for group, *seen in await session.execute(
            statement.where(PhraseRow.group_id.in_(group_ids))
        ):
            if group is not None:  # what was asked for has one
                found[group].append(seen)
    return found


async def phrase_counts(database: Database, group_ids: Sequence[int]) -> dict[int, int]:
    """Return how many phrases groups have."""
    row = PhraseRow
    statement = select(row.group_id, func.count()).where(row.group_id.in_(group_ids))
    async with database.session() as session:
        found = await session.execute(statement.group_by(row.group_id))
        return {each[0]: each[1] for each in found if each[0] is not None}


async def examples_of(database: Database, group_ids: Sequence[int]) -> dict[int, int]:
    """Return the phrases that groups are named by."""
    row = ReviewGroupRow
    async with database.session() as session:
        found = await session.execute(select(row.id, row.phrase_id).where(row.id.in_(group_ids)))
        return {each.id: each.phrase_id for each in found}


async def decided_ms(database: Database, group_ids: Sequence[int]) -> dict[int, int]:
    """Return when groups were decided last; those that are not are left out."""
    row = ReviewDecisionRow
    statement = select(row.group_id, func.max(row.at_ms)).where(
        row.group_id.in_(group_ids), row.withdrawn_ms.is_(None)
    )
    async with database.session() as session:
        found = await session.execute(statement.group_by(row.group_id))
        return {each[0]: each[1] for each in found}


async def write_tallies(
    database: Database, tallies: Sequence[Json], *, again: Iterable[int], seen_ms: int
) -> None:
    """Keep what groups add up to; what reviewers decided meanwhile stands.

    Args:
        database: The history.
        tallies: Values of columns, each with the `id` of its group.
        again: Decided groups that are to be asked about again.
        seen_ms: When the decisions were looked at.
    """
    row, decision = ReviewGroupRow, ReviewDecisionRow
    newer = (
        select(decision.id).where(decision.group_id == row.id, decision.at_ms > seen_ms).exists()
    )
    ids = [each["id"] for each in tallies]
    async with database.session() as session:
        await session.execute(update(row), list(tallies))
        for group_id in again:
            await session.execute(
                update(row)
                .where(row.id == group_id, row.state == GroupState.DECIDED.value, ~newer)
                .values(state=GroupState.OPEN.value)
            )
        await session.execute(
            update(row).where(row.id.in_(ids)).values(queued=_is_queued(row.reason_bits != 0))
        )


def _is_queued(has_reasons: ColumnElement[bool]) -> ColumnElement[bool]:
    state = ReviewGroupRow.state
    return case(
        (state == GroupState.DISPUTED.value, True), (state.in_(ASKING), has_reasons), else_=False
    )


async def heaviest(database: Database, limit: int) -> list[tuple[int, float, Json, bytes]]:
    """Return id, mass, near and packed vector of the groups in the queue with the most mass."""
    group, phrase = ReviewGroupRow, PhraseRow
    statement = (
        select(group.id, group.mass, group.near, phrase.vector)
        .join(phrase, phrase.id == group.phrase_id)
        .where(group.queued.is_(True), phrase.vector.is_not(None))
        .order_by(group.mass.desc(), group.id)
        .limit(limit)
    )
    async with database.session() as session:
        return [tuple(each) for each in await session.execute(statement)]


async def decided_intents(database: Database, limit: int) -> list[tuple[str, bytes]]:
    """Return intents that reviewers gave to groups, and the groups' packed vectors."""
    decision, group, phrase = ReviewDecisionRow, ReviewGroupRow, PhraseRow
    statement = (
        select(decision.intent, phrase.vector)
        .join(group, group.id == decision.group_id)
        .join(phrase, phrase.id == group.phrase_id)
        .where(
            decision.withdrawn_ms.is_(None),
            decision.intent.is_not(None),
            group.state == GroupState.DECIDED.value,
            phrase.vector.is_not(None),
        )
        .order_by(decision.at_ms.desc())
        .limit(limit)
    )
    async with database.session() as session:
        return [(each.intent, each.vector) for each in await session.execute(statement)]


async def write_order(
    database: Database, scores: Mapping[int, float], near: Mapping[int, Json]
) -> None:
    """Keep the scores of the groups that were put in order; the others' are their masses."""
    row = ReviewGroupRow
    async with database.session() as session:
        await session.execute(
            update(row).where(row.queued.is_(True), row.score != row.mass).values(score=row.mass)
        )
        if scores:
            await session.execute(
                update(row), [{"id": each, "score": score} for each, score in scores.items()]
            )
        if near:
            await session.execute(
                update(row), [{"id": each, "near": value} for each, value in near.items()]
            )
