"""Removes conversations from the tables of what the bot has learned."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.learning.reviews import settle_again
from handoff_service.archive.models import Model

#: Ids that one statement names.
AT_ONCE = 500
#: Shorter phrases are looked for as a whole only: they stand in other words.
LEAST_CHARS = 8


@dataclass(frozen=True, slots=True)
class Gone:
    """A phrase that nobody says any more."""

    group_id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """By what somebody is known in JSON: ids of their conversations, phrases of theirs alone."""

    ids: frozenset[str]
    texts: frozenset[str] = frozenset()

    def taken_out_of(self, value: Any) -> Any:
        """Return JSON without the members of its lists that say one of them; other words: ""."""
        if isinstance(value, dict):
            return {name: self.taken_out_of(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.taken_out_of(each) for each in value if not self._is_about(each)]
        return "" if isinstance(value, str) and self._say(value) else value

    def _is_about(self, value: Any) -> bool:
        words = value.values() if isinstance(value, dict) else [value]
        return any(isinstance(each, str) and self._say(each) for each in words)

    def _say(self, word: str) -> bool:
        return (
            word in self.ids
            or word in self.texts
            or any(len(text) >= LEAST_CHARS and text in word for text in self.texts)
        )


async def forget_learned(session: AsyncSession, conversation_ids: Sequence[str]) -> dict[str, int]:
    """Remove what came of conversations, in the transaction that deletes them.

    What others said, too, stays: a phrase goes with its last turn, a group with its last phrase.
    A suggestion quotes conversations, so it goes with the first of them; it is made again of the
    others. Of reports on candidates, and of what jobs told, only the lines about them go.

    Returns table → rows that were removed or changed. Raises ArchiveUnavailable.
    """
    counts: dict[str, int] = {}
    if not conversation_ids:
        return counts
    ids = set(conversation_ids)
    turns = _table("learn_turns")
    texts: set[str] = set()
    for some in _slices(sorted(ids)):
        texts |= await _forget_turns(session, turns.c.conversation_id.in_(some), counts)
        await _forget_shown(session, some)
    await _forget_suggestions(session, Words(frozenset(ids)), counts)
    await _forget_told(session, Words(frozenset(ids), frozenset(texts)), counts)
    # What writing would change quotes them, perhaps; it is computed anew.
    await session.execute(delete(_table("learn_changes")))
    return counts


async def forget_texts(database: Database, texts: Collection[str]) -> int:
    """Take phrases out of reports on candidates and of what jobs told; how many these were.

    Raises ArchiveUnavailable.
    """
    counts: dict[str, int] = {}
    if texts:
        async with database.session() as session:
            await _forget_told(session, Words(frozenset(), frozenset(texts)), counts)
    return sum(counts.values())


async def forget_turns(session: AsyncSession, turns: Sequence[tuple[str, int]]) -> None:
    """Delete turns by conversation and number, and all that nobody else said."""
    table = _table("learn_turns")
    for some in _slices(turns):
        named = tuple_(table.c.conversation_id, table.c.seq).in_(some)
        await _forget_turns(session, named, {})


async def _forget_turns(
    session: AsyncSession, theirs: ColumnElement[bool], counts: dict[str, int]
) -> set[str]:
    """Delete turns and what nobody else said; return the words of these phrases."""
    gone = await _forget_phrases(session, theirs, counts)
    if gone:
        groups = {name: phrase.group_id for name, phrase in gone.items()}
        await _forget_in_groups(session, groups, counts)
        await _forget_in_topics(session, set(gone), counts)
    return {phrase.text for phrase in gone.values()}


async def _forget_shown(session: AsyncSession, conversation_ids: Sequence[str]) -> None:
    """Let groups show no turn of these conversations; they are given another one."""
    groups = _table("review_groups")
    of = groups.c.conversation_id.in_(conversation_ids)
    await session.execute(update(groups).where(of).values(conversation_id=None, seq=None))


async def _forget_phrases(
    session: AsyncSession, theirs: ColumnElement[bool], counts: dict[str, int]
) -> dict[int, Gone]:
    """Delete turns, and phrases that nobody else said; return these by id."""
    turns, phrases = _table("learn_turns"), _table("learn_phrases")
    found = (
        select(phrases.c.id, phrases.c.group_id, phrases.c.text)
        .join(turns, turns.c.phrase_id == phrases.c.id)
        .where(theirs)
    )
    said = {row.id: Gone(row.group_id, row.text) for row in await session.execute(found)}
    _add(counts, turns, await session.execute(delete(turns).where(theirs)))
    gone: dict[int, Gone] = {}
    for ids in _slices(sorted(said)):
        asked = select(turns.c.phrase_id).where(turns.c.phrase_id.in_(ids))
        others = set(await session.scalars(asked.distinct()))
        gone |= {name: said[name] for name in ids if name not in others}
        # Triggers have deleted them already where they count turns; twice does no harm.
        lost = [name for name in ids if name not in others]
        await session.execute(delete(phrases).where(phrases.c.id.in_(lost)))
    if gone:
        counts[phrases.name] = counts.get(phrases.name, 0) + len(gone)
    return gone


async def _forget_in_groups(
    session: AsyncSession, gone: dict[int, int | None], counts: dict[str, int]
) -> None:
    """Take phrases out of groups and decisions; what is left without any goes."""
    phrases, groups = _table("learn_phrases"), _table("review_groups")
    decisions = _table("review_decisions")
    for group_id in sorted({name for name in gone.values() if name is not None}):
        row = (await session.execute(select(groups).where(groups.c.id == group_id))).first()
        if row is None:
            continue
        await _forget_in_decisions(session, decisions, group_id, set(gone), counts)
        first = (
            select(phrases.c.id)
            .where(phrases.c.group_id == group_id)
            .order_by(phrases.c.turns.desc(), phrases.c.id)
            .limit(1)
        )
        example = await session.scalar(first)
        of = groups.c.id == group_id
        if example is None:
            dropped = decisions.c.group_id == group_id
            _add(counts, decisions, await session.execute(delete(decisions).where(dropped)))
            _add(counts, groups, await session.execute(delete(groups).where(of)))
            continue
        if row.phrase_id in gone:
            changed = update(groups).where(of).values(phrase_id=example)
            _add(counts, groups, await session.execute(changed))
        await settle_again(session, group_id)


async def _forget_in_decisions(
    session: AsyncSession,
    decisions: Table,
    group_id: int,
    gone: set[int],
    counts: dict[str, int],
) -> None:
    found = select(decisions).where(decisions.c.group_id == group_id)
    for row in (await session.execute(found)).all():
        named = row.phrase_ids or []
        if kept := [name for name in named if name not in gone]:
            if len(kept) < len(named):
                changed = update(decisions).where(decisions.c.id == row.id)
                _add(counts, decisions, await session.execute(changed.values(phrase_ids=kept)))
        else:
            dropped = delete(decisions).where(decisions.c.id == row.id)
            _add(counts, decisions, await session.execute(dropped))


async def _forget_in_topics(session: AsyncSession, gone: set[int], counts: dict[str, int]) -> None:
    """Delete topics that phrases of theirs are in: their words may be the label; found again."""
    topics = _table("learn_topics")
    found = await session.execute(select(topics.c.id, topics.c.phrase_ids))
    lost = [row.id for row in found if gone.intersection(row.phrase_ids or [])]
    for ids in _slices(lost):
        _add(counts, topics, await session.execute(delete(topics).where(topics.c.id.in_(ids))))


async def _forget_suggestions(session: AsyncSession, words: Words, counts: dict[str, int]) -> None:
    suggestions = _table("learn_suggestions")
    found = await session.execute(select(suggestions.c.id, suggestions.c.sources))
    lost = [row.id for row in found if words.taken_out_of(row.sources) != row.sources]
    for some in _slices(lost):
        dropped = delete(suggestions).where(suggestions.c.id.in_(some))
        _add(counts, suggestions, await session.execute(dropped))


async def _forget_told(session: AsyncSession, words: Words, counts: dict[str, int]) -> None:
    """Take lines out of reports, whose pages are made again, and out of what jobs told."""
    candidates, jobs = _table("learn_candidates"), _table("learn_jobs")
    for table, column, more in (
        (candidates, candidates.c.report, {"page": ""}),
        (jobs, jobs.c.result, {}),
    ):
        for name in list(await session.scalars(select(table.c.id))):
            of = table.c.id == name
            told = await session.scalar(select(column).where(of))
            if told and (left := words.taken_out_of(told)) != told:
                changed = update(table).where(of).values({column.name: left} | more)
                _add(counts, table, await session.execute(changed))


def _table(name: str) -> Table:
    return Model.metadata.tables[name]


def _slices(names: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]


def _add(counts: dict[str, int], table: Table, result: Any) -> None:
    if result.rowcount:
        counts[table.name] = counts.get(table.name, 0) + int(result.rowcount)
