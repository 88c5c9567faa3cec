"""Splits: which of the two bots a conversation belongs to, and how it goes between them."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.tables.learn_splits import LearnSplitRow
from handoff_service.ids import new_id

#: Who is silent for longer runs the candidate's Rasa no more, in ms.
KEEPER_MS = 15_000


class Arm(StrEnum):
    """Which bot a conversation belongs to while a split goes on."""

    LIVE = "live"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A candidate that answers a share of new conversations."""

    split_id: str
    candidate_id: str
    share: float  #: of the new conversations, 0 to 1
    state: str  #: starting, running, stopped
    url: str | None  #: None: the candidate's Rasa does not answer now
    model: str  #: name of the model file
    index_version: str | None  #: None: the live one's
    live_model: str
    asked_by: str
    asked_ms: int
    started_ms: int | None
    ended_ms: int | None
    ended_why: str
    problem: str
    verdict: dict[str, Any]
    kept_ms: int  #: when whoever serves the candidate was last there; 0: never

    @property
    def release(self) -> str:
        """Return what the candidate's replies carry as `release`."""
        return self.model.removesuffix(".tar.gz")

    @property
    def live_release(self) -> str:
        """Return what the live bot's replies carry."""
        return self.live_model.removesuffix(".tar.gz")

    def arm_of(self, conversation_id: str, *, started_ms: int) -> Arm | None:
        """Return whose a conversation is: the same always and everywhere; None: it is older.

        A hash of both ids, as a number in [0, 1), is held against the share.
        """
        if self.started_ms is None or started_ms < self.started_ms:
            return None
        digest = hashlib.sha256(f"{self.split_id}:{conversation_id}".encode()).digest()
        lot = int.from_bytes(digest[:8], "big") / 2**64
        return Arm.CANDIDATE if lot < self.share else Arm.LIVE


async def ask_for_split(
    database: Database,
    *,
    split_id: str,
    candidate_id: str,
    model: str,
    index_version: str | None,
    live_model: str,
    share: float,
    asked_by: str,
    now_ms: int,
) -> Split:
    """Note the wish of a split, once by id; nothing is divided before it runs."""
    async with database.session() as session:
        row = await session.get(LearnSplitRow, split_id)
        if row is None:
            row = LearnSplitRow(
                id=split_id,
                candidate_id=candidate_id,
                share=share,
                state="starting",
                model=model,
                index_version=index_version,
                live_model=live_model,
                asked_by=asked_by,
                asked_ms=now_ms,
                ended_why="",
                problem="",
                verdict={},
                keeper="",
                kept_ms=0,
            )
            session.add(row)
        return _read(row)


def new_split_id() -> str:
    """Return a name for one split."""
    return new_id("sp")


async def find_split(database: Database, split_id: str) -> Split | None:
    """Return a split; None: there is none of this id."""
    async with database.session() as session:
        row = await session.get(LearnSplitRow, split_id)
        return _read(row) if row else None


async def latest_split(database: Database) -> Split | None:
    """Return the split that goes on, else the one that ended last; None: never any."""
    order = LearnSplitRow.asked_ms.desc()
    async with database.session() as session:
        row = await session.scalar(select(LearnSplitRow).order_by(order).limit(1))
        return _read(row) if row else None


async def open_split(database: Database) -> Split | None:
    """Return the split that starts or runs; None: none does."""
    statement = select(LearnSplitRow).where(_GOES_ON).order_by(LearnSplitRow.asked_ms).limit(1)
    async with database.session() as session:
        row = await session.scalar(statement)
        return _read(row) if row else None


async def keep_split(database: Database, split_id: str, keeper: str, *, now_ms: int) -> bool:
    """Be, or stay, the process that runs the candidate's Rasa; False: another is, or it is over."""
    mine = or_(LearnSplitRow.keeper == keeper, LearnSplitRow.kept_ms < now_ms - KEEPER_MS)
    statement = (
        update(LearnSplitRow)
        .where(LearnSplitRow.id == split_id, _GOES_ON, mine)
        .values(keeper=keeper, kept_ms=now_ms)
    )
    async with database.session() as session:
        return bool((await session.execute(statement)).rowcount)  # type: ignore[attr-defined]


async def leave_split(database: Database, split_id: str, keeper: str) -> None:
    """Let another process run the candidate's Rasa at once: ours ends."""
    statement = (
        update(LearnSplitRow)
        .where(LearnSplitRow.id == split_id, LearnSplitRow.keeper == keeper)
        .values(keeper="", kept_ms=0, url=None)
    )
    async with database.session() as session:
        await session.execute(statement)


async def note_engine(
    database: Database, split_id: str, *, url: str | None, problem: str, from_ms: int | None = None
) -> None:
    """Note where the candidate's Rasa answers, or why it does not.

    The first time that it does, `from_ms` says which conversations are divided.
    """
    async with database.session() as session:
        row = await session.get(LearnSplitRow, split_id, with_for_update=True)
        if row is None or row.state == "stopped":
            return
        row.url, row.problem = url, problem
        if url is not None and row.started_ms is None and from_ms is not None:
            row.started_ms, row.state = from_ms, "running"


async def note_verdict(database: Database, split_id: str, verdict: dict[str, Any]) -> None:
    """Keep what is known of the two bots so far."""
    statement = update(LearnSplitRow).where(LearnSplitRow.id == split_id).values(verdict=verdict)
    async with database.session() as session:
        await session.execute(statement)


async def end_split(
    database: Database, split_id: str, *, why: str, actor: str, now_ms: int, problem: str = ""
) -> bool:
    """End a split and put it into the audit trail; False: it had ended."""
    async with database.session() as session:
        row = await session.get(LearnSplitRow, split_id, with_for_update=True)
        if row is None or row.state == "stopped":
            return False
        row.state, row.url, row.ended_ms, row.ended_why = "stopped", None, now_ms, why
        row.problem = problem
        told = {"why": why, "candidate_id": row.candidate_id, "verdict": row.verdict}
        write_audit(
            session,
            actor=actor,
            action="learning.split_ended",
            at_ms=now_ms,
            subject=split_id,
            data=told,
        )
        return True


_GOES_ON: ColumnElement[bool] = LearnSplitRow.state.in_(("starting", "running"))


def _read(row: LearnSplitRow) -> Split:
    return Split(
        split_id=row.id,
        candidate_id=row.candidate_id,
        share=row.share,
        state=row.state,
        url=row.url,
        model=row.model,
        index_version=row.index_version,
        live_model=row.live_model,
        asked_by=row.asked_by,
        asked_ms=row.asked_ms,
        started_ms=row.started_ms,
        ended_ms=row.ended_ms,
        ended_why=row.ended_why,
        problem=row.problem,
        verdict=row.verdict or {},
        kept_ms=row.kept_ms,
    )
