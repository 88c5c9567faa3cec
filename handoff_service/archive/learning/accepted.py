"""Reads what reviewers decided and no file holds yet, and notes which file holds it."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select, func, or_, select, update

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.models import AccountRow
from handoff_service.archive.tables.learn_turns import LearnTurnRow, PhraseRow
from handoff_service.archive.tables.learn_writing import SuggestionRow
from handoff_service.archive.tables.reviews import ReviewDecisionRow, ReviewGroupRow

T = TypeVar("T")

#: Verdicts that change a file.
WRITTEN = ("right", "intent", "article", "new_intent")
#: Rows asked for at a time.
PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision that stands."""

    decision_id: str
    reviewer: str  #: name, or the account id of somebody who is gone
    at_ms: int
    verdict: str
    intent: str
    article_id: str
    locale: str
    phrase_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A phrase, and the turn in which it was said first."""

    phrase_id: int
    key: str
    language: str
    text: str
    conversation_id: str
    seq: int


async def standing_decisions(database: Database) -> list[Decision]:
    """Return what is decided, not disputed and in no file, in the order of deciding.

    Raises:
        ArchiveUnavailable: try again.
    """
    async with database.session() as session:
        rows = list(await session.scalars(_standing()))
        reviewers = {row.reviewer for row in rows}
        account = select(AccountRow.id, AccountRow.name).where(AccountRow.id.in_(reviewers))
        names = {found.id: found.name for found in await session.execute(account)}
    return [
        Decision(
            decision_id=str(row.id),
            reviewer=names.get(row.reviewer) or row.reviewer,
            at_ms=row.at_ms,
            verdict=row.verdict,
            intent=row.intent or "",
            article_id=row.article_id or "",
            locale=row.locale or "",
            phrase_ids=tuple(row.phrase_ids),
        )
        for row in rows
    ]


async def wordings(database: Database, phrase_ids: Iterable[int]) -> dict[int, Wording]:
    """Return phrases by id, those that are still there. Raises ArchiveUnavailable."""
    turn, phrase = LearnTurnRow, PhraseRow
    order = (turn.at_ms, turn.conversation_id, turn.seq)
    place = func.row_number().over(partition_by=turn.phrase_id, order_by=order).label("place")
    first = select(turn.phrase_id, turn.conversation_id, turn.seq, place)
    found: dict[int, Wording] = {}
    for page in _pages(sorted(set(phrase_ids))):
        said = first.where(turn.phrase_id.in_(page)).subquery()
        wanted = (
            select(phrase, said.c.conversation_id, said.c.seq)
            .join(said, (said.c.phrase_id == phrase.id) & (said.c.place == 1))
            .where(phrase.id.in_(page))
        )
        async with database.session() as session:
            for row, conversation_id, seq in await session.execute(wanted):
                found[row.id] = Wording(
                    phrase_id=row.id,
                    key=row.key,
                    language=row.language,
                    text=row.text,
                    conversation_id=conversation_id,
                    seq=seq,
                )
    return found


async def fingerprint(database: Database) -> str:
    """Return what changes with whatever is accepted and not written. Raises ArchiveUnavailable."""
    suggestion = SuggestionRow
    accepted = (
        select(suggestion.id, suggestion.edited_ms)
        .where(suggestion.state == "accepted", suggestion.kind == "article")
        .order_by(suggestion.id)
    )
    async with database.session() as session:
        decided = [str(row.id) for row in await session.scalars(_standing())]
        suggested = [tuple(row) for row in await session.execute(accepted)]
    return hashlib.sha256(repr((decided, suggested)).encode()).hexdigest()


async def count_pending(database: Database) -> dict[str, int]:
    """Return how much is accepted and in no file: examples, questions, drafts."""
    suggestion = SuggestionRow
    drafts = select(func.count()).where(
        suggestion.state == "accepted", suggestion.kind == "article"
    )
    async with database.session() as session:
        decided = list(await session.scalars(_standing()))
        count = await session.scalar(drafts) or 0
    examples = {p for row in decided if row.verdict != "article" for p in row.phrase_ids}
    questions = {p for row in decided if row.verdict == "article" for p in row.phrase_ids}
    return {"examples": len(examples), "drafts": count, "questions": len(questions)}


async def mark_decisions(
    database: Database, decision_ids: Sequence[str], *, applied: str, actor: str, now_ms: int
) -> None:
    """Note which commit or backup holds decisions; the audit trail says so once.

    Raises:
        ArchiveUnavailable: nothing was noted.
    """
    row = ReviewDecisionRow
    async with database.session() as session:
        changed = 0
        for page in _pages(decision_ids):
            done = await session.execute(
                update(row).where(row.id.in_(page), row.applied.is_(None)).values(applied=applied)
            )
            changed += done.rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it
        if changed:
            write_audit(
                session,
                actor=actor,
                action="learning.applied",
                subject=applied[:100],
                at_ms=now_ms,
                data={"decisions": changed},
            )


async def unmark_decisions(database: Database, applied: Collection[str]) -> int:
    """Let decisions wait again that were in commits or backups that are no more."""
    row = ReviewDecisionRow
    async with database.session() as session:
        done = await session.execute(
            update(row).where(row.applied.in_(applied)).values(applied=None)
        )
        return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def _standing() -> Select[Any]:
    decision, group = ReviewDecisionRow, ReviewGroupRow
    return (
        select(decision)
        .join(group, group.id == decision.group_id)
        .where(
            group.state == "decided",
            decision.withdrawn_ms.is_(None),
            decision.applied.is_(None),
            decision.verdict.in_(WRITTEN),
            or_(decision.verdict != "right", decision.intent.is_not(None)),
        )
        .order_by(decision.at_ms, decision.id)
    )


def _pages(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + PAGE] for start in range(0, len(items), PAGE))
