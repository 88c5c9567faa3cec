"""Reads the review queue: groups in the order of what a decision would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.learning.review_codes import REASON_BITS, language_bits
from handoff_service.archive.learning.reviews import NoSuchGroup, example_turn
from handoff_service.archive.learning.verdicts import GroupState
from handoff_service.archive.tables.learn_turns import LearnTurnRow, PhraseRow
from handoff_service.archive.tables.reviews import ReviewDecisionRow, ReviewGroupRow
from handoff_service.errors import BatonError

#: Phrases of a group that are shown beside the example.
SHOWN = 8
#: Of a second opinion there is need where one reviewer has decided.
SETTLED = (GroupState.DECIDED.value, GroupState.IGNORED.value, GroupState.SPAM.value)


class CursorInvalid(BatonError):
    """Not what the last page gave as `after`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which groups; None: any."""

    language: str | None = None
    reason: str | None = None
    #: Instead of the queue: what one other than this reviewer has decided.
    second_opinion_of: str | None = None


@dataclass(frozen=True, slots=True)
class SeenPhrase:
    """A phrase of a group."""

    phrase_id: int
    text: str
    language: str
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group as it is put before a reviewer."""

    group_id: int
    state: GroupState
    score: float
    reasons: tuple[str, ...]
    phrases: int
    turns: int
    conversations: int
    languages: tuple[str, ...]
    last_ms: int
    near: dict[str, Any]
    example: LearnTurnRow | None  #: None: every conversation of its example was deleted just now
    others: tuple[SeenPhrase, ...]  #: at most SHOWN, without the example


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the queue."""

    groups: Sequence[Group]
    open: int  #: how many are in the queue, whatever was asked for
    after: str | None  #: None: the end


async def read_queue(database: Database, wanted: Wanted, *, after: str, limit: int) -> Page:
    """Return the next groups; `after` as the page before gave it, "" for the first.

    Raises:
        CursorInvalid: `after` is not of a page.
        ArchiveUnavailable: try again.
    """
    row = ReviewGroupRow
    ids = select(row.score, row.id).where(*_filters(wanted))
    if after:
        ids = ids.where(tuple_(row.score, row.id) < _place(after))
    ids = ids.order_by(row.score.desc(), row.id.desc()).limit(limit + 1)
    async with database.session() as session:
        places = (await session.execute(ids)).all()
        groups = await _groups(session, [place.id for place in places[:limit]])
        queued = select(func.count()).select_from(row).where(row.queued.is_(True))
        count = await session.scalar(queued) or 0
    more = len(places) > limit
    return Page(
        groups, count, f"{places[limit - 1].score!r} {places[limit - 1].id}" if more else None
    )


async def read_group(database: Database, group_id: int) -> Group:
    """Return one group. Raises NoSuchGroup, ArchiveUnavailable."""
    async with database.session() as session:
        groups = await _groups(session, [group_id])
    if not groups:
        raise NoSuchGroup(str(group_id))
    return groups[0]


async def phrases_of(
    database: Database, group_id: int, *, after: int, limit: int
) -> Sequence[SeenPhrase]:
    """Return phrases of a group whose id is above `after`. Raises ArchiveUnavailable."""
    row = PhraseRow
    statement = select(row.id, row.text, row.language, row.turns).where(
        row.group_id == group_id, row.id > after
    )
    async with database.session() as session:
        found = await session.execute(statement.order_by(row.id).limit(limit))
        return [SeenPhrase(*each) for each in found]


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    row = ReviewGroupRow
    filters: list[ColumnElement[bool]]
    if wanted.second_opinion_of is None:
        filters = [row.queued.is_(True)]
    else:
        decided = ReviewDecisionRow
        once = (
            select(decided.group_id)
            .where(decided.withdrawn_ms.is_(None))
            .group_by(decided.group_id)
            .having(
                func.count(decided.reviewer.distinct()) == 1,
                func.max(decided.reviewer) != wanted.second_opinion_of,
            )
        )
        filters = [row.state.in_(SETTLED), row.id.in_(once)]
    if wanted.language is not None:
        filters.append(row.language_bits.op("&")(language_bits([wanted.language])) != 0)
    if wanted.reason is not None:
        filters.append(row.reason_bits.op("&")(REASON_BITS[wanted.reason]) != 0)
    return filters


def _place(after: str) -> tuple[float, int]:
    score, _, group_id = after.partition(" ")
    try:
        return float(score), int(group_id)
    except ValueError:
        raise CursorInvalid(after) from None


async def _groups(session: AsyncSession, ids: Sequence[int]) -> list[Group]:
    if not ids:
        return []
    rows = {
        row.id: row
        for row in await session.scalars(select(ReviewGroupRow).where(ReviewGroupRow.id.in_(ids)))
    }
    examples = await _examples(session, rows.values())
    others = await _others(session, ids)
    return [
        _group(rows[each], examples.get(each), others.get(each, [])) for each in ids if each in rows
    ]


async def _examples(
    session: AsyncSession, rows: Iterable[ReviewGroupRow]
) -> dict[int, LearnTurnRow]:
    """Return the turn that shows what each group is about."""
    turn = LearnTurnRow
    named = [(row.conversation_id, row.seq) for row in rows if row.conversation_id is not None]
    statement = select(turn).where(tuple_(turn.conversation_id, turn.seq).in_(named))
    there = {(each.conversation_id, each.seq): each for each in await session.scalars(statement)}
    found = {}
    for row in rows:
        place = row.conversation_id or "", row.seq or 0
        example = there.get(place) or await example_turn(session, row)
        if example is not None:
            found[row.id] = example
    return found


async def _others(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[SeenPhrase]]:
    """Return the phrases of each group that are said most, one short look at each group."""
    found: dict[int, list[SeenPhrase]] = {}
    statement = union_all(*(_most_said(group_id) for group_id in ids))
    for each in await session.execute(statement):
        phrase = SeenPhrase(each.id, each.text, each.language, each.turns)
        found.setdefault(each.group_id, []).append(phrase)
    return found


def _most_said(group_id: int) -> Select[Any]:
    row = PhraseRow
    some = (
        select(row.group_id, row.id, row.text, row.language, row.turns)
        .where(row.group_id == group_id)
        .order_by(row.turns.desc())
        .limit(SHOWN + 1)
    ).subquery()
    return select(some)


def _group(
    row: ReviewGroupRow, example: LearnTurnRow | None, phrases: Iterable[SeenPhrase]
) -> Group:
    shown = example.phrase_id if example else row.phrase_id
    others = [phrase for phrase in phrases if phrase.phrase_id != shown]
    return Group(
        group_id=row.id,
        state=GroupState(row.state),
        score=row.score,
        reasons=tuple(row.reasons),
        phrases=row.phrases,
        turns=row.turns,
        conversations=row.conversations,
        languages=tuple(row.languages),
        last_ms=row.last_ms,
        near=row.near,
        example=example,
        others=tuple(others[:SHOWN]),
    )
