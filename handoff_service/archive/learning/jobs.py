"""Keeps long work: asked for by people, done by one process at a time, told step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveError
from handoff_service.archive.tables.learn_jobs import LearnJobRow, LearnLeaseRow
from handoff_service.ids import new_id

#: What can be asked for. `learning/jobs/kinds.py` says what does it.
KINDS = (
    "collect", "group", "discover", "suggest", "preview", "apply", "candidate", "promote",
    "rollback", "split_start", "split_stop", "unlearn",
)  # fmt: skip
#: Ended jobs that are kept, the latest.
KEPT = 200
#: Who works says so this often; longer silent than the lease, and another may go on. In ms.
BEAT_MS, LEASE_MS = 2_000, 15_000
ENDED = ("done", "failed", "cancelled")


class NoSuchJob(ArchiveError):
    """There is no job of this id, or it has ended."""

    code = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work."""

    job_id: str
    kind: str
    args: dict[str, Any]
    state: str  #: queued, running, done, failed, cancelled
    step: str
    share: float | None  #: 0..1; None: not known
    line: str
    result: dict[str, Any]
    error: str
    asked_by: str
    asked_ms: int
    started_ms: int | None
    ended_ms: int | None


async def ask_for_job(
    database: Database, kind: str, args: dict[str, Any], *, asked_by: str, now_ms: int
) -> Job:
    """Put a job at the end of the line, and into the audit trail. Raises ArchiveUnavailable."""
    row = LearnJobRow(
        id=new_id("j"),
        kind=kind,
        args=args,
        state="queued",
        step="",
        line="",
        result={},
        error="",
        asked_by=asked_by,
        asked_ms=now_ms,
        changed_ms=now_ms,
    )
    async with database.session() as session:
        session.add(row)
        write_audit(
            session,
            actor=asked_by,
            action="learning.asked",
            at_ms=now_ms,
            subject=row.id,
            data={"kind": kind, "args": args},
        )
    return _read(row)


async def list_jobs(database: Database, *, limit: int = 50) -> Sequence[Job]:
    """Return jobs, the one asked for last first. Raises ArchiveUnavailable."""
    statement = select(LearnJobRow).order_by(LearnJobRow.asked_ms.desc()).limit(limit)
    async with database.session() as session:
        return [_read(row) for row in await session.scalars(statement)]


async def find_job(database: Database, job_id: str) -> Job:
    """Return a job. Raises NoSuchJob, ArchiveUnavailable."""
    async with database.session() as session:
        row = await session.get(LearnJobRow, job_id)
        if row is None:
            raise NoSuchJob(job_id)
        return _read(row)


async def cancel_job(database: Database, job_id: str, *, actor: str, now_ms: int) -> Job:
    """End a job that waits; let one that runs end at its next step.

    Raises:
        NoSuchJob: none of this id, or it has ended.
        ArchiveUnavailable: try again.
    """
    async with database.session() as session:
        row = await session.get(LearnJobRow, job_id, with_for_update=True)
        if row is None or row.state in ENDED:
            raise NoSuchJob(job_id)
        row.cancel_ms = row.changed_ms = now_ms
        if row.state == "queued":
            row.state, row.ended_ms = "cancelled", now_ms
        write_audit(session, actor=actor, action="learning.cancelled", at_ms=now_ms, subject=job_id)
        return _read(row)


async def last_change_ms(database: Database) -> int:
    """Return when a job changed last; 0: there is none. Raises ArchiveUnavailable."""
    async with database.session() as session:
        return await session.scalar(select(func.max(LearnJobRow.changed_ms))) or 0


async def take_lease(database: Database, owner: str, *, now_ms: int) -> bool:
    """Become, or stay, the one that works; False: another does."""
    mine = (
        update(LearnLeaseRow)
        .where(
            LearnLeaseRow.id == 1,
            or_(LearnLeaseRow.owner == owner, LearnLeaseRow.until_ms < now_ms),
        )
        .values(owner=owner, until_ms=now_ms + LEASE_MS)
    )
    async with database.session() as session:
        return bool((await session.execute(mine)).rowcount)  # type: ignore[attr-defined]


async def give_up_lease(database: Database, owner: str) -> None:
    """Let another work at once."""
    mine = update(LearnLeaseRow).where(LearnLeaseRow.owner == owner).values(owner="", until_ms=0)
    async with database.session() as session:
        await session.execute(mine)


async def note_worker(database: Database, *, now_ms: int) -> None:
    """Note that the process that waits for work is there."""
    async with database.session() as session:
        await session.execute(update(LearnLeaseRow).values(seen_ms=now_ms))


async def worker_seen_ms(database: Database) -> int | None:
    """Return when the process that waits for work was last there; None: never."""
    async with database.session() as session:
        return await session.scalar(select(LearnLeaseRow.seen_ms))


async def somebody_works(database: Database, *, since_ms: int) -> bool:
    """Whether the process that waits for work was there since then, or somebody holds the lease."""
    seen = select(LearnLeaseRow.id).where(
        or_(LearnLeaseRow.seen_ms >= since_ms, LearnLeaseRow.until_ms >= since_ms)
    )
    async with database.session() as session:
        return await session.scalar(seen) is not None


async def next_job(database: Database) -> Job | None:
    """Return what to do next: what was left in the middle, then what was asked for first.

    Only who has the lease may ask: whatever runs was left by somebody who died.
    """
    statement = (
        select(LearnJobRow)
        .where(LearnJobRow.state.in_(("running", "queued")))
        .order_by(LearnJobRow.state.desc(), LearnJobRow.asked_ms, LearnJobRow.id)
        .limit(1)
    )
    async with database.session() as session:
        row = await session.scalar(statement)
        return _read(row) if row else None


async def begin_job(database: Database, job_id: str, *, now_ms: int) -> bool:
    """Note that it runs; False: it was cancelled meanwhile."""
    statement = (
        update(LearnJobRow)
        .where(LearnJobRow.id == job_id, LearnJobRow.state.in_(("queued", "running")))
        .values(state="running", started_ms=now_ms, changed_ms=now_ms)
    )
    async with database.session() as session:
        return bool((await session.execute(statement)).rowcount)  # type: ignore[attr-defined]


async def note_progress(
    database: Database, job_id: str, *, step: str, share: float | None, line: str, now_ms: int
) -> bool:
    """Tell how far it is; whether anybody still wants it."""
    statement = (
        update(LearnJobRow)
        .where(LearnJobRow.id == job_id)
        .values(step=step[:100], share=share, line=line[:2000], changed_ms=now_ms)
    )
    async with database.session() as session:
        await session.execute(statement)
        asked = select(LearnJobRow.cancel_ms).where(LearnJobRow.id == job_id)
        return await session.scalar(asked) is None


async def end_job(
    database: Database,
    job_id: str,
    *,
    state: str,
    now_ms: int,
    result: dict[str, Any] | None = None,
    error: str = "",
) -> Job:
    """Note how it ended (done, failed or cancelled), and forget jobs of long ago."""
    async with database.session() as session:
        row = await session.get(LearnJobRow, job_id)
        if row is None:
            raise NoSuchJob(job_id)
        row.state, row.result, row.error = state, result or {}, error[:4000]
        row.ended_ms = row.changed_ms = now_ms
        old = (
            select(LearnJobRow.id)
            .where(LearnJobRow.state.in_(ENDED))
            .order_by(LearnJobRow.asked_ms.desc())
            .offset(KEPT)
        )
        gone = list(await session.scalars(old))
        if gone:
            await session.execute(delete(LearnJobRow).where(LearnJobRow.id.in_(gone)))
        return _read(row)


def _read(row: LearnJobRow) -> Job:
    return Job(
        job_id=row.id,
        kind=row.kind,
        args=row.args,
        state=row.state,
        step=row.step,
        share=row.share,
        line=row.line,
        result=row.result,
        error=row.error,
        asked_by=row.asked_by,
        asked_ms=row.asked_ms,
        started_ms=row.started_ms,
        ended_ms=row.ended_ms,
    )
