"""Puts what is searched for into conditions, as either database indexes words."""

import asyncio
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Row, cast, column, literal_column, not_, select, table, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.models import ConversationRow, EventRow
from handoff_service.archive.searchable import WHO, searchable, words_in
from handoff_service.archive.tables.inbox import SearchRow
from handoff_service.search.query import Clause, Phrase, Query
from handoff_service.search.snippets import Piece, says, snippet_of

#: Words of the conversations of one page that snippets are looked for in, as rows: the latest.
MOST_READ = 10_000


def conditions_of(query: Query, *, dialect: str) -> Iterator[ColumnElement[bool]]:
    """Yield what a row of `conversations` must fulfil: each clause is said in some message."""
    for clause in query.clauses:
        said = _said(clause, dialect=dialect)
        yield not_(said) if clause.without else said
    for clause in query.writers:
        yield _said(clause, dialect=dialect, part=WHO)


async def snippets(
    session: AsyncSession, conversation_ids: Sequence[str], query: Query, *, dialect: str
) -> dict[str, tuple[Piece, ...]]:
    """Return, of each of these conversations, the piece of the latest message that was found."""
    clauses = [clause for clause in (*query.clauses, *query.writers) if not clause.without]
    if not clauses or not conversation_ids:
        return {}
    row = SearchRow
    terms = select(row.conversation_id, row.seq, row.terms).order_by(row.seq.desc())
    terms = terms.where(row.conversation_id.in_(conversation_ids)).limit(MOST_READ)
    rows = (await session.execute(terms)).all()
    # In threads: a page of a hundred rows would else keep everybody's sockets waiting.
    latest = await asyncio.to_thread(_latest, rows, clauses, dialect)
    events = await session.scalars(
        select(EventRow).where(
            tuple_(EventRow.conversation_id, EventRow.seq).in_(list(latest.items()))
        )
    )
    return await asyncio.to_thread(_cut, events.all(), clauses)


def _latest(
    rows: Sequence[Row[str, int, str]], clauses: Sequence[Clause], dialect: str
) -> dict[str, int]:
    """Return, of each conversation, the latest event that says any of the clauses."""
    latest: dict[str, int] = {}
    for conversation_id, seq, terms in rows:
        if conversation_id not in latest and says(words_in(terms, dialect=dialect), clauses):
            latest[conversation_id] = seq
    return latest


def _cut(events: Sequence[EventRow], clauses: Sequence[Clause]) -> dict[str, tuple[Piece, ...]]:
    said = {event.conversation_id: searchable(event) for event in events}
    return {name: snippet_of(found[1], clauses) for name, found in said.items() if found}


def _said(clause: Clause, *, dialect: str, part: str | None = None) -> ColumnElement[bool]:
    found = select(SearchRow.conversation_id)
    if part is not None:
        found = found.where(SearchRow.part == part)
    if dialect == "postgresql":
        asked = cast(" | ".join(_tsquery(phrase) for phrase in clause.ways), TSQUERY)
        found = found.where(cast(SearchRow.terms, TSVECTOR).bool_op("@@")(asked))
    else:
        index = table("search_index", column("rowid"))
        ways = " OR ".join(_fts(phrase) for phrase in clause.ways)
        matches = literal_column("search_index").bool_op("MATCH")(ways)
        found = found.where(SearchRow.id.in_(select(index.c.rowid).where(matches)))
    return ConversationRow.id.in_(found)


def _fts(phrase: Phrase) -> str:
    """Write a phrase for FTS5; terms are letters and digits."""
    return f'"{" ".join(phrase.terms)}"' + (" *" if phrase.open_end else "")


def _tsquery(phrase: Phrase) -> str:
    """Write a phrase as a tsquery."""
    words = [f"'{term}'" for term in phrase.terms]
    if phrase.open_end:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"
