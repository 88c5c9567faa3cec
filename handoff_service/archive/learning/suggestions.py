"""Keeps what agents' answers suggest: articles, canned replies, contradictions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveError
from handoff_service.archive.tables.learn_writing import SuggestionRow
from handoff_service.ids import new_id

KINDS = ("article", "reply", "contradiction")
#: What people may make of one; `applied` is noted when it is written.
STATES = ("open", "accepted", "dismissed")


class NoSuchSuggestion(ArchiveError):
    """There is no suggestion of this id."""

    code = "not_found"


class AlreadyApplied(ArchiveError):
    """It is written, so that it cannot be decided otherwise."""

    code = "already_applied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One of them; what the fields mean: `SuggestionRow`."""

    suggestion_id: str = ""  #: "": not kept yet
    kind: str
    language: str
    title: str
    body: str
    turns: int
    agents: int
    near: dict[str, Any] = field(default_factory=dict)
    sources: Sequence[dict[str, Any]] = ()
    questions: Sequence[str] = ()
    state: str = "open"
    vector: bytes | None = field(default=None, repr=False)
    found_ms: int = 0
    edited_by: str = ""
    edited_ms: int = 0
    applied: str | None = None


async def list_suggestions(
    database: Database, *, kind: str | None = None, states: Collection[str] = (), limit: int = 200
) -> list[Suggestion]:
    """Return suggestions, those of most conversations first. Raises ArchiveUnavailable."""
    row = SuggestionRow
    wanted = select(row).order_by(row.turns.desc(), row.agents.desc(), row.id).limit(limit)
    if kind is not None:
        wanted = wanted.where(row.kind == kind)
    if states:
        wanted = wanted.where(row.state.in_(states))
    async with database.session() as session:
        return [_read(found) for found in await session.scalars(wanted)]


async def find_suggestion(database: Database, suggestion_id: str) -> Suggestion:
    """Return one. Raises NoSuchSuggestion, ArchiveUnavailable."""
    async with database.session() as session:
        row = await session.get(SuggestionRow, suggestion_id)
        if row is None:
            raise NoSuchSuggestion(suggestion_id)
        return _read(row)


async def change_suggestion(
    database: Database,
    suggestion_id: str,
    *,
    state: str,
    title: str | None = None,
    body: str | None = None,
    applied: str | None = None,
    actor: str,
    origin: str = "",
    now_ms: int,
) -> Suggestion:
    """Decide on a suggestion, and change its words; the audit trail says so.

    Args:
        database: The history.
        suggestion_id: Which.
        state: open, accepted or dismissed; with `applied` it becomes `applied`.
        title: Other words; None: as they are.
        body: Other words; None: as they are.
        applied: What holds it from now on; None: nothing yet.
        actor: An account id, or "operator".
        origin: The actor's address.
        now_ms: The time.

    Raises:
        NoSuchSuggestion: none of this id.
        AlreadyApplied: it is written already.
        ArchiveUnavailable: try again.
    """
    async with database.session() as session:
        row = await session.get(SuggestionRow, suggestion_id, with_for_update=True)
        if row is None:
            raise NoSuchSuggestion(suggestion_id)
        if row.state == "applied":
            raise AlreadyApplied(suggestion_id)
        row.title = row.title if title is None else title
        row.body = row.body if body is None else body
        row.state = state if applied is None else "applied"
        row.applied = applied
        row.edited_by, row.edited_ms = actor, now_ms
        write_audit(
            session,
            actor=actor,
            origin=origin,
            action="learning.decided",
            subject=suggestion_id,
            at_ms=now_ms,
            data={"kind": row.kind, "state": row.state},
        )
        return _read(row)


async def add_suggestion(database: Database, found: Suggestion) -> Suggestion:
    """Keep a suggestion that somebody makes, such as of a topic. Raises ArchiveUnavailable."""
    async with database.session() as session:
        row = _row(found)
        session.add(row)
        return _read(row)


async def replace_open(database: Database, found: Sequence[Suggestion]) -> None:
    """Keep what was found now in the place of what was found before and nobody touched."""
    row = SuggestionRow
    async with database.session() as session:
        await session.execute(delete(row).where(row.state == "open", row.edited_ms == 0))
        session.add_all(_row(suggestion) for suggestion in found)


async def mark_suggestions(
    database: Database, suggestion_ids: Collection[str], *, applied: str
) -> None:
    """Note what holds these accepted suggestions from now on."""
    row = SuggestionRow
    async with database.session() as session:
        await session.execute(
            update(row)
            .where(row.id.in_(suggestion_ids), row.state == "accepted")
            .values(state="applied", applied=applied)
        )


async def unmark_suggestions(database: Database, applied: Collection[str]) -> int:
    """Make accepted again what was in commits or backups that are no more; return how many."""
    row = SuggestionRow
    async with database.session() as session:
        done = await session.execute(
            update(row)
            .where(row.applied.in_(applied), row.state == "applied")
            .values(state="accepted", applied=None)
        )
        return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def _row(found: Suggestion) -> SuggestionRow:
    return SuggestionRow(
        id=found.suggestion_id or new_id("s"),
        kind=found.kind,
        language=found.language,
        title=found.title,
        body=found.body,
        turns=found.turns,
        agents=found.agents,
        near=found.near,
        sources=list(found.sources),
        questions=list(found.questions),
        state=found.state,
        vector=found.vector,
        found_ms=found.found_ms,
        edited_by=found.edited_by,
        edited_ms=found.edited_ms,
        applied=found.applied,
    )


def _read(row: SuggestionRow) -> Suggestion:
    return Suggestion(
        suggestion_id=row.id,
        kind=row.kind,
        language=row.language,
        title=row.title,
        body=row.body,
        turns=row.turns,
        agents=row.agents,
        near=row.near,
        sources=tuple(row.sources),
        questions=tuple(row.questions),
        state=row.state,
        vector=row.vector,
        found_ms=row.found_ms,
        edited_by=row.edited_by,
        edited_ms=row.edited_ms,
        applied=row.applied,
    )
