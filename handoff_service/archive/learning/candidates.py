"""Keeps models that might serve, and the history of what was made live and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveError
from handoff_service.archive.tables.learn_candidates import LearnCandidateRow, LearnReleaseRow

#: Candidates and releases that a list shows at most.
SHOWN = 200
#: States in which there is no report yet, or never.
UNFINISHED = ("training", "judging", "failed")


class NoSuchCandidate(ArchiveError):
    """There is no candidate of this id."""

    code = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model that might serve."""

    candidate_id: str
    created_ms: int
    changed_ms: int
    asked_by: str
    branch: str | None
    revision: str
    base_model: str
    model: str
    base_index: str
    index_version: str
    state: str  #: training, judging, passed, refused, live, retired, failed
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A change of what serves."""

    release_id: str
    at_ms: int
    actor: str
    action: str  #: promote, rollback
    state: str  #: begun, done, undone
    candidate_id: str
    model: str
    index_version: str
    before_model: str
    before_index: str
    takes_back: str = ""
    note: str = ""
    overruled: tuple[dict[str, Any], ...] = ()


async def begin_candidate(database: Database, candidate: Candidate, *, job_id: str) -> Candidate:
    """Note a candidate, or return the one that this job began before. Raises ArchiveUnavailable."""
    async with database.session() as session:
        known = select(LearnCandidateRow).where(LearnCandidateRow.job_id == job_id)
        row = await session.scalar(known)
        if row is None:
            row = LearnCandidateRow(
                id=candidate.candidate_id,
                job_id=job_id,
                created_ms=candidate.created_ms,
                changed_ms=candidate.changed_ms,
                asked_by=candidate.asked_by,
                branch=candidate.branch,
                revision=candidate.revision,
                base_model=candidate.base_model,
                model=candidate.model,
                base_index=candidate.base_index,
                index_version=candidate.index_version,
                state=candidate.state,
                reasons={"reasons": candidate.reasons},
                report={},
                page="",
            )
            session.add(row)
        return _candidate(row)


async def note_candidate(
    database: Database, candidate_id: str, *, now_ms: int, **changes: Any
) -> None:
    """Change columns of a candidate; `reasons` is a list. Raises ArchiveUnavailable."""
    if "reasons" in changes:
        changes["reasons"] = {"reasons": changes["reasons"]}
    statement = (
        update(LearnCandidateRow)
        .where(LearnCandidateRow.id == candidate_id)
        .values(changed_ms=now_ms, **changes)
    )
    async with database.session() as session:
        await session.execute(statement)


async def list_candidates(database: Database, *, limit: int = SHOWN) -> Sequence[Candidate]:
    """Return candidates, the latest first. Raises ArchiveUnavailable."""
    asked = select(LearnCandidateRow).order_by(LearnCandidateRow.created_ms.desc()).limit(limit)
    async with database.session() as session:
        return [_candidate(row) for row in await session.scalars(asked)]


async def find_candidate(database: Database, candidate_id: str) -> Candidate:
    """Return a candidate. Raises NoSuchCandidate, ArchiveUnavailable."""
    async with database.session() as session:
        row = await session.get(LearnCandidateRow, candidate_id)
        if row is None:
            raise NoSuchCandidate(candidate_id)
        return _candidate(row)


async def read_report(database: Database, candidate_id: str) -> dict[str, Any]:
    """Return what was measured of it. Raises NoSuchCandidate, ArchiveUnavailable."""
    return dict((await _whole(database, candidate_id)).report)


async def read_page(database: Database, candidate_id: str) -> str:
    """Return its report as a page, "" while there is none. Raises as `read_report`."""
    return (await _whole(database, candidate_id)).page


async def candidates_without_page(database: Database) -> dict[str, dict[str, Any]]:
    """Return the reports, by candidate, that have no page. Raises ArchiveUnavailable."""
    asked = (
        select(LearnCandidateRow)
        .where(LearnCandidateRow.page == "", LearnCandidateRow.state.not_in(UNFINISHED))
        .options(undefer(LearnCandidateRow.report))
    )
    async with database.session() as session:
        found = await session.scalars(asked)
        return {row.id: dict(row.report) for row in found if row.report}


async def set_page(database: Database, candidate_id: str, page: str) -> None:
    """Keep the page of a report. Raises ArchiveUnavailable."""
    statement = (
        update(LearnCandidateRow).where(LearnCandidateRow.id == candidate_id).values(page=page)
    )
    async with database.session() as session:
        await session.execute(statement)


async def begin_release(database: Database, release: Release) -> Release:
    """Write down what is about to serve, before anything changes; the same again is the same.

    Raises ArchiveUnavailable.
    """
    async with database.session() as session:
        row = await session.get(LearnReleaseRow, release.release_id)
        if row is None:
            row = LearnReleaseRow(
                id=release.release_id,
                at_ms=release.at_ms,
                actor=release.actor,
                action=release.action,
                state=release.state,
                candidate_id=release.candidate_id,
                model=release.model,
                index_version=release.index_version,
                before_model=release.before_model,
                before_index=release.before_index,
                takes_back=release.takes_back,
                note=release.note,
                overruled={"reasons": list(release.overruled)},
            )
            session.add(row)
        return _release(row)


async def end_release(database: Database, release: Release, *, state: str, now_ms: int) -> None:
    """Note that what was begun is done, or undone; the candidates and the audit trail follow it.

    Raises ArchiveUnavailable.
    """
    async with database.session() as session:
        row = await session.get(LearnReleaseRow, release.release_id, with_for_update=True)
        if row is None or row.state != "begun":
            return
        row.state = state
        if state != "done":
            return
        promoted = release.action == "promote"
        await session.execute(
            update(LearnCandidateRow)
            .where(LearnCandidateRow.state == "live")
            .values(state="retired", changed_ms=now_ms)
        )
        serving = (
            LearnCandidateRow.id == release.candidate_id
            if promoted
            else (LearnCandidateRow.model == release.model)
            & (LearnCandidateRow.index_version == release.index_version)
            & (LearnCandidateRow.state == "retired")
            & (LearnCandidateRow.id != release.candidate_id)
        )
        await session.execute(
            update(LearnCandidateRow).where(serving).values(state="live", changed_ms=now_ms)
        )
        write_audit(
            session,
            actor=release.actor,
            action="learning.promoted" if promoted else "learning.rolled_back",
            at_ms=now_ms,
            subject=release.candidate_id or release.model,
            data={
                "model": release.model,
                "index_version": release.index_version,
                "before_model": release.before_model,
                "before_index": release.before_index,
                "note": release.note,
                "overruled": [one["code"] for one in release.overruled],
            },
        )


async def list_releases(database: Database, *, limit: int = SHOWN) -> Sequence[Release]:
    """Return what was made live and taken back, the latest first. Raises ArchiveUnavailable."""
    asked = (
        select(LearnReleaseRow)
        .order_by(LearnReleaseRow.at_ms.desc(), LearnReleaseRow.id.desc())
        .limit(limit)
    )
    async with database.session() as session:
        return [_release(row) for row in await session.scalars(asked)]


def to_take_back(releases: Sequence[Release]) -> Release | None:
    """Return the last release that stands, of all, the latest first; None: there is none."""
    taken = {one.takes_back for one in releases if one.state == "done"}
    return next(
        (
            one
            for one in releases
            if one.action == "promote" and one.state == "done" and one.release_id not in taken
        ),
        None,
    )


async def _whole(database: Database, candidate_id: str) -> LearnCandidateRow:
    asked = (
        select(LearnCandidateRow)
        .where(LearnCandidateRow.id == candidate_id)
        .options(undefer(LearnCandidateRow.report), undefer(LearnCandidateRow.page))
    )
    async with database.session() as session:
        row = await session.scalar(asked)
        if row is None:
            raise NoSuchCandidate(candidate_id)
        return row


def _candidate(row: LearnCandidateRow) -> Candidate:
    return Candidate(
        candidate_id=row.id,
        created_ms=row.created_ms,
        changed_ms=row.changed_ms,
        asked_by=row.asked_by,
        branch=row.branch,
        revision=row.revision,
        base_model=row.base_model,
        model=row.model,
        base_index=row.base_index,
        index_version=row.index_version,
        state=row.state,
        reasons=list((row.reasons or {}).get("reasons", [])),
    )


def _release(row: LearnReleaseRow) -> Release:
    return Release(
        release_id=row.id,
        at_ms=row.at_ms,
        actor=row.actor,
        action=row.action,
        state=row.state,
        candidate_id=row.candidate_id,
        model=row.model,
        index_version=row.index_version,
        before_model=row.before_model,
        before_index=row.before_index,
        takes_back=row.takes_back,
        note=row.note,
        overruled=tuple((row.overruled or {}).get("reasons", [])),
    )
