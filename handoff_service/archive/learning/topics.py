"""Keeps topics: those that are found again stay what people made of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveError
from handoff_service.archive.tables.learn_jobs import LearnJobRow
from handoff_service.archive.tables.learn_topics import TopicRow
from handoff_service.archive.tables.learn_turns import PhraseRow
from handoff_service.ids import new_id

#: Of all phrases of two topics, the share that both have, from which on they are the same one.
SAME = 0.5
#: Phrases of a topic that are shown.
SHOWN = 8


class NoSuchTopic(ArchiveError):
    """There is no topic of this id."""

    code = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTopic:
    """A topic as it was found; what the fields mean: `TopicRow`."""

    label: str
    kind: str
    medoid: int
    size: int
    languages: Sequence[str]
    trend: Sequence[int]
    near: dict[str, Any]
    phrase_ids: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(FoundTopic):
    """A topic, and what people made of it."""

    topic_id: str
    found_ms: int
    state: str
    accepted_as: str | None
    name: str | None
    decision_ids: Sequence[str]
    suggestion_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What somebody made of a topic, and what came of it."""

    state: str
    accepted_as: str | None = None
    name: str | None = None
    decision_ids: Sequence[str] = field(default_factory=tuple)
    suggestion_id: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A phrase of a topic, masked."""

    phrase_id: int
    text: str
    language: str


async def keep_topics(
    database: Database, found: Sequence[FoundTopic], *, now_ms: int
) -> tuple[int, int]:
    """Keep what was found in the place of what was; return how many are new, and how many known.

    One that shares enough phrases with an old one keeps its id and what was made of it. What is
    not found any more goes, unless somebody decided on it. Raises ArchiveUnavailable.
    """
    async with database.session() as session:
        old = {row.id: row for row in await session.scalars(select(TopicRow).with_for_update())}
        again = pair({name: row.phrase_ids for name, row in old.items()}, found)
        for place, topic in enumerate(found):
            row = old.get(again.get(place, ""))
            if row is None:
                row = TopicRow(id=new_id("t"), state="open", decision_ids=[])
                session.add(row)
            row.found_ms, row.label, row.kind = now_ms, topic.label, topic.kind
            row.medoid, row.size, row.near = topic.medoid, topic.size, dict(topic.near)
            row.languages, row.trend = list(topic.languages), list(topic.trend)
            row.phrase_ids = list(topic.phrase_ids)
        for name in old.keys() - set(again.values()):
            if old[name].state == "open":
                await session.delete(old[name])
        return len(found) - len(again), len(again)


def pair(old: dict[str, list[int]], found: Sequence[FoundTopic]) -> dict[int, str]:
    """Return which of `found`, by number, is which old topic: the most alike first, each once.

    Alike is Jaccard's index of their phrases, at least SAME.
    """
    homes: dict[int, list[str]] = {}
    for name, phrases in old.items():
        for phrase in phrases:
            homes.setdefault(phrase, []).append(name)
    alike: list[tuple[float, int, str]] = []
    for place, topic in enumerate(found):
        shared: dict[str, int] = {}
        for phrase in topic.phrase_ids:
            for name in homes.get(phrase, ()):
                shared[name] = shared.get(name, 0) + 1
        for name, both in shared.items():
            likeness = both / (len(topic.phrase_ids) + len(old[name]) - both)
            if likeness >= SAME:
                alike.append((-likeness, place, name))
    pairs: dict[int, str] = {}
    taken: set[str] = set()
    for _, place, name in sorted(alike):
        if place not in pairs and name not in taken:
            pairs[place] = name
            taken.add(name)
    return pairs


async def list_topics(database: Database, *, limit: int = 200) -> list[Topic]:
    """Return topics, open ones first, noise last, then by size. Raises ArchiveUnavailable."""
    row = TopicRow
    undecided = case((row.state == "open", 0), else_=1)
    telling = case((row.kind == "noise", 1), else_=0)
    order = (undecided, telling, row.size.desc(), row.id)
    wanted = select(row).order_by(*order).limit(limit)
    async with database.session() as session:
        return [_read(each) for each in await session.scalars(wanted)]


async def find_topic(database: Database, topic_id: str) -> Topic:
    """Return one. Raises NoSuchTopic, ArchiveUnavailable."""
    async with database.session() as session:
        return _read(await _get(session, topic_id))


async def last_found_ms(database: Database) -> int | None:
    """Return when topics were looked for last; None: never."""
    row = LearnJobRow
    done = select(func.max(row.ended_ms)).where(row.kind == "discover", row.state == "done")
    async with database.session() as session:
        ended: int | None = await session.scalar(done)
        return ended or await session.scalar(select(func.max(TopicRow.found_ms)))


async def examples_of(database: Database, topics: Iterable[Topic]) -> dict[int, Example]:
    """Return the phrases that are shown of topics, and their medoids, by phrase."""
    ids = {phrase for topic in topics for phrase in (topic.medoid, *topic.phrase_ids[:SHOWN])}
    row = PhraseRow
    wanted = select(row.id, row.text, row.language).where(row.id.in_(sorted(ids)))
    async with database.session() as session:
        found = await session.execute(wanted)
        return {each.id: Example(each.id, each.text, each.language) for each in found}


async def make_of_topic(
    database: Database, topic_id: str, made: Made, *, actor: str, origin: str, now_ms: int
) -> Topic:
    """Note what somebody made of a topic; the audit trail says so.

    Raises:
        NoSuchTopic: none of this id, or it is gone meanwhile.
        ArchiveUnavailable: try again.
    """
    async with database.session() as session:
        await _get(session, topic_id)
        await session.execute(
            update(TopicRow)
            .where(TopicRow.id == topic_id)
            .values(
                state=made.state,
                accepted_as=made.accepted_as,
                name=made.name,
                decision_ids=list(made.decision_ids),
                suggestion_id=made.suggestion_id,
            )
        )
        write_audit(
            session,
            actor=actor,
            origin=origin,
            action="learning.decided",
            subject=topic_id,
            at_ms=now_ms,
            data={"kind": "topic", "state": made.state, "as": made.accepted_as, "name": made.name},
        )
        row = await session.get(TopicRow, topic_id, populate_existing=True)
        assert row is not None  # noqa: S101 (it was there in this transaction)
        return _read(row)


async def _get(session: AsyncSession, topic_id: str) -> TopicRow:
    row = await session.get(TopicRow, topic_id, with_for_update=True)
    if row is None:
        raise NoSuchTopic(topic_id)
    return row


def _read(row: TopicRow) -> Topic:
    return Topic(
        topic_id=row.id,
        found_ms=row.found_ms,
        label=row.label,
        kind=row.kind,
        medoid=row.medoid,
        size=row.size,
        languages=tuple(row.languages),
        trend=tuple(row.trend),
        near=row.near,
        phrase_ids=tuple(row.phrase_ids),
        state=row.state,
        accepted_as=row.accepted_as,
        name=row.name,
        decision_ids=tuple(row.decision_ids),
        suggestion_id=row.suggestion_id,
    )
