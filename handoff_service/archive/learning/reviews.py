"""Keeps what reviewers decide: each decision with its line in the audit trail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.learning.review_codes import language_bits
from handoff_service.archive.learning.verdicts import (
    Agreement,
    Decision,
    GroupState,
    Verdict,
    agreement,
    outcome,
)
from handoff_service.archive.tables.learn_turns import LearnTurnRow, PhraseRow
from handoff_service.archive.tables.reviews import ReviewDecisionRow, ReviewGroupRow
from handoff_service.errors import BatonError
from handoff_service.ids import new_id

#: Rows that are named in one statement; SQLite takes 32,766 values.
AT_ONCE = 5000
#: States in which a group may be asked about.
ASKING = frozenset({GroupState.OPEN, GroupState.DISPUTED})


class NoSuchGroup(BatonError):
    """There is no such group of phrases."""


class NoSuchDecision(BatonError):
    """There is no such decision, or it is withdrawn already."""


class DecisionApplied(BatonError):
    """What came of the decision is in the files already: decide anew instead."""


class DecisionInvalid(BatonError):
    """A decision that says too little, or what cannot be; `field` says where."""

    def __init__(self, field: str) -> None:
        """Name the field."""
        self.field = field
        super().__init__(field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a reviewer says of a group."""

    verdict: Verdict
    intent: str | None = None
    article_id: str | None = None
    locale: str | None = None
    #: Phrases that it does not hold for: they become a group of their own.
    without: frozenset[int] = frozenset()
    note: str = ""

    def check(self) -> None:
        """Raises DecisionInvalid: what the verdict needs is not there."""
        if self.verdict == Verdict.INTENT and not self.intent:
            raise DecisionInvalid("intent")
        if self.verdict == Verdict.ARTICLE and not self.article_id:
            raise DecisionInvalid("article_id")


async def decide(
    database: Database, group_id: int, word: Word, *, reviewer: str, now_ms: int
) -> tuple[Decision, GroupState]:
    """Keep a reviewer's decision in the place of their last; return it and where the group stands.

    Raises:
        NoSuchGroup: no group has this id.
        DecisionInvalid: the verdict needs more, or `without` names phrases that are none, or all.
        ArchiveUnavailable: nothing was kept.
    """
    word.check()
    async with database.session() as session:
        group = await session.get(ReviewGroupRow, group_id, with_for_update=True)
        if group is None:
            raise NoSuchGroup(str(group_id))
        there = await _phrase_ids(session, group_id)
        without = word.without & there  # the others were taken out already: it is said again
        if without == there or not await _are_phrases(session, word.without - there):
            raise DecisionInvalid("without")
        if without:
            await _split_off(session, group, without)
        await session.execute(
            update(ReviewDecisionRow)
            .where(
                ReviewDecisionRow.group_id == group_id,
                ReviewDecisionRow.reviewer == reviewer,
                ReviewDecisionRow.withdrawn_ms.is_(None),
                ReviewDecisionRow.applied.is_(None),
            )
            .values(withdrawn_ms=now_ms)
        )
        row = ReviewDecisionRow(
            id=new_id("d"),
            group_id=group_id,
            reviewer=reviewer,
            at_ms=now_ms,
            verdict=word.verdict.value,
            phrase_ids=sorted(there - without),
            note=word.note,
            **await _meant(session, group, word),
        )
        session.add(row)
        state = await _settle(session, group)
        write_audit(
            session,
            actor=reviewer,
            action="learning.decided",
            at_ms=now_ms,
            subject=row.id,
            data={
                "group_id": group_id,
                "verdict": row.verdict,
                "intent": row.intent,
                "article_id": row.article_id,
                "phrases": len(row.phrase_ids),
                "state": state.value,
            },
        )
        return read_decision(row), state


async def withdraw(
    database: Database, decision_id: str, *, actor: str, now_ms: int
) -> tuple[Decision, GroupState]:
    """Take a decision back; return it and where its group stands then.

    Raises:
        NoSuchDecision: none of this id stands.
        DecisionApplied: too late.
        ArchiveUnavailable: nothing was changed.
    """
    async with database.session() as session:
        row = await session.get(ReviewDecisionRow, decision_id, with_for_update=True)
        if row is None or row.withdrawn_ms is not None:
            raise NoSuchDecision(decision_id)
        if row.applied is not None:
            raise DecisionApplied(decision_id)
        row.withdrawn_ms = now_ms
        group = await session.get_one(ReviewGroupRow, row.group_id, with_for_update=True)
        state = await _settle(session, group)
        write_audit(
            session,
            actor=actor,
            action="learning.withdrawn",
            at_ms=now_ms,
            subject=decision_id,
            data={"group_id": group.id, "state": state.value},
        )
        return read_decision(row), state


async def decisions_of(database: Database, group_ids: Iterable[int]) -> dict[int, list[Decision]]:
    """Return decisions that are not withdrawn, by group, oldest first."""
    found: dict[int, list[Decision]] = {}
    row = ReviewDecisionRow
    async with database.session() as session:
        rows = await session.scalars(
            select(row)
            .where(row.group_id.in_(group_ids), row.withdrawn_ms.is_(None))
            .order_by(row.at_ms, row.id)
        )
        for each in rows:
            found.setdefault(each.group_id, []).append(read_decision(each))
    return found


async def count_agreement(database: Database) -> Agreement:
    """Return how far reviewers agree, over everything that two of them decided."""
    row = ReviewDecisionRow
    several = (
        select(row.group_id).group_by(row.group_id).having(func.count(row.reviewer.distinct()) > 1)
    )
    async with database.session() as session:
        rows = await session.scalars(select(row).where(row.group_id.in_(several)))
        return agreement(read_decision(each) for each in rows)


def read_decision(row: ReviewDecisionRow) -> Decision:
    """Return the value of a row."""
    return Decision(
        decision_id=row.id,
        group_id=row.group_id,
        reviewer=row.reviewer,
        at_ms=row.at_ms,
        verdict=Verdict(row.verdict),
        intent=row.intent,
        article_id=row.article_id,
        locale=row.locale,
        phrase_ids=tuple(row.phrase_ids),
        note=row.note,
        withdrawn_ms=row.withdrawn_ms,
        applied=row.applied,
    )


async def _meant(session: AsyncSession, group: ReviewGroupRow, word: Word) -> dict[str, str | None]:
    """Return intent, article and locale of a word; what was right is what the bot said."""
    said = {"intent": word.intent, "article_id": word.article_id, "locale": word.locale}
    if word.verdict != Verdict.RIGHT or word.intent:
        return said
    turn = await example_turn(session, group)
    if turn is None:
        return said
    return {
        "intent": turn.intent, "article_id": turn.article_id, "locale": turn.article_locale,
    }  # fmt: skip


async def example_turn(session: AsyncSession, group: ReviewGroupRow) -> LearnTurnRow | None:
    """Return the turn that shows what a group is about; the last of its example if that is gone."""
    if group.conversation_id is not None and group.seq is not None:
        turn = await session.get(LearnTurnRow, (group.conversation_id, group.seq))
        if turn is not None:
            return turn
    row = LearnTurnRow
    statement = select(row).where(row.phrase_id == group.phrase_id)
    found: LearnTurnRow | None = await session.scalar(statement.order_by(row.at_ms.desc()).limit(1))
    return found


async def settle_again(session: AsyncSession, group_id: int) -> None:
    """Let a group stand where those of its decisions put it that are left."""
    group = await session.get(ReviewGroupRow, group_id, populate_existing=True)
    if group is not None:
        await _settle(session, group)
        await session.flush()


async def _settle(session: AsyncSession, group: ReviewGroupRow) -> GroupState:
    """Let a group stand where its decisions put it."""
    await session.flush()
    rows = await session.scalars(_standing().where(ReviewDecisionRow.group_id == group.id))
    state, _ = outcome(read_decision(each) for each in rows)
    group.state = state.value
    group.queued = state in ASKING and bool(group.reasons or state == GroupState.DISPUTED)
    return state


def _standing() -> Select[Any]:
    row = ReviewDecisionRow
    return select(row).where(row.withdrawn_ms.is_(None)).order_by(row.at_ms, row.id)


async def _phrase_ids(session: AsyncSession, group_id: int) -> frozenset[int]:
    found = await session.scalars(select(PhraseRow.id).where(PhraseRow.group_id == group_id))
    return frozenset(found)


async def _are_phrases(session: AsyncSession, ids: frozenset[int]) -> bool:
    found = await session.scalars(select(PhraseRow.id).where(PhraseRow.id.in_(ids)))
    return ids == frozenset(found)


async def _split_off(
    session: AsyncSession, group: ReviewGroupRow, phrase_ids: frozenset[int]
) -> None:
    """Make phrases a group of their own. The next grouping gives both their exact scores."""
    rows: Sequence[PhraseRow] = (
        await session.scalars(
            select(PhraseRow)
            .where(PhraseRow.id.in_(phrase_ids))
            .order_by(PhraseRow.turns.desc(), PhraseRow.id)
        )
    ).all()
    turns = sum(row.turns for row in rows)
    languages = sorted({row.language for row in rows})
    new = ReviewGroupRow(
        phrase_id=rows[0].id,
        score=group.score * turns / max(group.turns, 1),
        reasons=group.reasons,
        reason_bits=group.reason_bits,
        languages=languages,
        language_bits=language_bits(languages),
        near=group.near,
        phrases=len(rows),
        turns=turns,
        conversations=turns,
        last_ms=max(row.last_ms for row in rows),
        state=GroupState.OPEN.value,
        queued=bool(group.reasons),
    )
    session.add(new)
    await session.flush()
    await session.execute(
        update(PhraseRow).where(PhraseRow.id.in_(phrase_ids)).values(group_id=new.id)
    )
    group.phrases -= len(rows)
    group.turns -= turns
    if group.phrase_id in phrase_ids:
        first = select(PhraseRow.id).where(PhraseRow.group_id == group.id)
        best = await session.scalar(first.order_by(PhraseRow.turns.desc(), PhraseRow.id).limit(1))
        group.phrase_id, group.conversation_id, group.seq = best or group.phrase_id, None, None
