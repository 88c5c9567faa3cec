"""The inbox: conversations by view, filters and words, a page at a time, and how many there are.

Live conversations and old ones are rows of one table that the archiver keeps a moment behind the
live store, so there is one order, and a page begins where the last one ended: after a pair of value
and id, not after a number of rows. A row whose value changes meanwhile moves towards the top, where
who watches is told of it; none comes twice, and none that stays is left out.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from handoff_service.archive.accounts import Account
from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.reading import OPEN_TO_ALL, readable_by
from handoff_service.archive.searching import conditions_of, snippets
from handoff_service.archive.tables.inbox import PersonRow, TagRow
from handoff_service.domain import State
from handoff_service.search.query import Query
from handoff_service.search.snippets import Piece

#: A view with more is told to have more than this.
MOST_COUNTED = 9_999
#: After any time: rows without one come last.
NEVER = 2**62


class View(StrEnum):
    """Which conversations a list shows, before it is filtered."""

    MINE = "mine"  #: held by who asks
    WAITING = "waiting"  #: in the queue, or before an agent
    TEAMS = "teams"  #: open, and meant for a team of who asks
    PARKED = "parked"  #: set aside, by who asks unless they see all
    CLOSED = "closed"  #: over
    LEFT = "left"  #: messages that were left while nobody was there
    MENTIONS = "mentions"  #: somebody named who asks in a note
    ALL = "all"  #: whatever who asks may read


class Sort(StrEnum):
    """In which order."""

    LATEST = "latest"  #: what was said last first
    OLDEST = "oldest"  #: what was said longest ago first
    WAITING = "waiting"  #: who has waited longest first
    PRIORITY = "priority"  #: the most urgent first, then who has waited longest


#: The order of a view where none is asked for.
USUAL_SORT = {View.WAITING: Sort.PRIORITY, View.LEFT: Sort.WAITING}
#: States in which the conversation of a row has an agent now, or had one at the end.
WITH_AGENT = frozenset({State.ASSIGNED, State.WRAP_UP, State.PARKED, State.CLOSED})
HELD = (State.ASSIGNED, State.WRAP_UP)
OPEN = (State.WAITING, State.OFFERED, State.ASSIGNED, State.WRAP_UP, State.PARKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is asked for; None: whatever."""

    view: View = View.ALL
    sort: Sort | None = None
    query: Query = field(default_factory=Query)
    state: str | None = None
    language: str | None = None
    topic: str | None = None
    reason: str | None = None
    team: str | None = None
    #: An account id, or the beginning of a name.
    agent: str | None = None
    tag: str | None = None
    #: At least.
    priority: int | None = None
    site: str | None = None
    disposition: str | None = None
    stars: int | None = None
    #: Something happened in it from then on, and the last thing before then.
    from_ms: int | None = None
    to_ms: int | None = None
    #: Of these alone: whether they still belong to a list that is shown.
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as a list shows it."""

    conversation_id: str
    state: str
    customer_id: str
    customer_name: str
    language: str
    site: str
    topic: str
    reason: str
    team: str | None
    tags: tuple[str, ...]
    priority: int
    #: Who has it, parked it, or had it at the end.
    agent_id: str | None
    agent_name: str | None
    waiting_since_ms: int | None
    sla_due_ms: int | None
    parked_until_ms: int | None
    last_at_ms: int
    last_line: str
    last_author: str
    disposition: str | None
    stars: int | None
    #: Where the words that were searched for stand; () when none were.
    snippet: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next ones begin: None when there are no more."""

    rows: tuple[Row, ...]
    after: str | None


class CursorInvalid(ValueError):
    """No cursor of ours, or one of another order."""


async def list_inbox(
    database: Database, account: Account, wanted: Wanted, *, after: str | None, limit: int
) -> Page:
    """Return a page of what an account wants to see, of what it may read.

    Raises:
        CursorInvalid: `after` is not what an earlier page of this order gave.
        ArchiveUnavailable: the database is away.
    """
    sort = wanted.sort or USUAL_SORT.get(wanted.view, Sort.LATEST)
    values, descending = _order(sort)
    statement = _wanted(account, wanted, dialect=database.dialect)
    statement = statement.add_columns(
        *(value.label(f"place_{n}") for n, value in enumerate(values))
    )
    statement = statement.order_by(*(v.desc() if descending else v for v in values))
    if after is not None:
        place = tuple_(*(literal(value) for value in _read_cursor(after, sort, len(values))))
        here = tuple_(*values)
        statement = statement.where(here < place if descending else here > place)
    async with database.session() as session:
        found = (await session.execute(statement.limit(limit + 1))).all()
        rows = tuple(_row_of(row) for row in found[:limit])
        names = [row.conversation_id for row in rows]
        pieces = await snippets(session, names, wanted.query, dialect=database.dialect)
    rows = tuple(replace(row, snippet=pieces.get(row.conversation_id, ())) for row in rows)
    if len(found) <= limit:
        return Page(rows, None)
    last = found[limit - 1]
    return Page(rows, _cursor(sort, last[-len(values) :]))


async def count_inbox(database: Database, account: Account) -> dict[View, int]:
    """Return how many conversations each view has; MOST_COUNTED + 1 for more than that."""
    async with database.session() as session:
        counts = {}
        for view in View:
            some = _wanted(account, Wanted(view=view), dialect=database.dialect)
            some = some.with_only_columns(literal(1)).limit(MOST_COUNTED + 1)
            counts[view] = await session.scalar(select(func.count()).select_from(some.subquery()))
    return {view: count or 0 for view, count in counts.items()}


def _wanted(account: Account, wanted: Wanted, *, dialect: str) -> Select[Any]:
    row = ConversationRow
    columns: list[SQLColumnExpression[Any]] = [
        row.id, row.state, row.customer_id, row.customer_name, row.language, row.site, row.topic,
        row.reason, row.team, row.tags, row.priority, row.agent_id, row.agent_name,
        row.requested_ms, row.sla_due_ms, row.parked_until_ms, row.last_at_ms, row.last_line,
        row.last_author, row.disposition, row.stars,
    ]  # fmt: skip
    statement = select(*columns).where(row.last_seq > 0, *_of_view(account, wanted.view))
    statement = statement.where(*_filters(account, wanted))
    return statement.where(*conditions_of(wanted.query, dialect=dialect))


def _of_view(account: Account, view: View) -> list[ColumnElement[bool]]:
    row, me = ConversationRow, account.account_id
    match view:
        case View.MINE:
            return [row.agent_id == me, row.state.in_(HELD)]
        case View.WAITING:
            return [row.state.in_((State.WAITING, State.OFFERED))]
        case View.TEAMS:
            return [row.team.in_(account.teams), row.state.in_(OPEN)]
        case View.PARKED:
            mine = [] if account.role.sees_all else [row.agent_id == me]
            return [row.state == State.PARKED, *mine]
        case View.CLOSED:
            return [row.state == State.CLOSED, readable_by(account)]
        case View.LEFT:
            return [row.state == State.MESSAGE_LEFT]
        case View.MENTIONS:
            named = select(PersonRow.conversation_id).where(
                PersonRow.agent_id == me, PersonRow.how == "mentioned"
            )
            return [row.id.in_(named)]
        case View.ALL:
            return [readable_by(account)]


def _filters(account: Account, wanted: Wanted) -> list[ColumnElement[bool]]:
    row = ConversationRow
    plain = {
        row.topic: wanted.topic,
        row.reason: wanted.reason,
        row.team: wanted.team,
        row.site: wanted.site,
        row.disposition: wanted.disposition,
        row.stars: wanted.stars,
    }
    found = [column == value for column, value in plain.items() if value is not None]
    if wanted.state is not None:
        found.append(row.state.in_(OPEN) if wanted.state == "open" else row.state == wanted.state)
    if wanted.language is not None:  # zh: both ways to write it
        kinds = row.language.startswith(f"{wanted.language}-", autoescape=True)
        found.append(or_(row.language == wanted.language, kinds))
    if wanted.agent is not None:
        folded = func.lower(row.agent_name)  # of SQLite, which folds no Cyrillic
        named = or_(
            row.agent_name.startswith(wanted.agent, autoescape=True),
            folded.startswith(wanted.agent.lower(), autoescape=True),
        )
        one = account.account_id if wanted.agent == "me" else wanted.agent
        found += [or_(row.agent_id == one, named), row.state.in_(sorted(WITH_AGENT))]
    if wanted.tag is not None:
        tagged = select(TagRow.conversation_id).where(TagRow.tag == wanted.tag)
        found.append(row.id.in_(tagged))
    if wanted.priority is not None:
        found.append(row.priority >= wanted.priority)
    if wanted.ids is not None:
        found.append(row.id.in_(wanted.ids))
    if wanted.from_ms is not None:
        found.append(row.last_at_ms >= wanted.from_ms)
    if wanted.to_ms is not None:
        found.append(row.last_at_ms < wanted.to_ms)
    return found


def _order(sort: Sort) -> tuple[list[SQLColumnExpression[Any]], bool]:
    """Return what rows are ordered by, the id last, and whether downwards."""
    row = ConversationRow
    asked = func.coalesce(row.requested_ms, NEVER)
    match sort:
        case Sort.LATEST:
            return [row.last_at_ms, row.id], True
        case Sort.OLDEST:
            return [row.last_at_ms, row.id], False
        case Sort.WAITING:
            return [asked, row.id], False
        case Sort.PRIORITY:
            return [-row.priority, asked, row.id], False


def _cursor(sort: Sort, values: Sequence[Any]) -> str:
    text = json.dumps([sort.value, *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(text: str, sort: Sort, length: int) -> list[Any]:
    try:
        padded = text + "=" * (-len(text) % 4)
        name, *values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise CursorInvalid from error
    shapes = [int] * (length - 1) + [str]
    if name != sort.value or [type(value) for value in values] != shapes:
        raise CursorInvalid
    if any(isinstance(value, int) and abs(value) > NEVER for value in values):
        raise CursorInvalid
    return list(values)


def _row_of(found: Any) -> Row:  # a row of SQLAlchemy: its columns are attributes
    waits = found.state in OPEN_TO_ALL
    has_agent = found.state in WITH_AGENT
    return Row(
        conversation_id=found.id,
        state=found.state,
        customer_id=found.customer_id,
        customer_name=found.customer_name,
        language=found.language,
        site=found.site,
        topic=found.topic or "",
        reason=found.reason or "",
        team=found.team,
        tags=tuple(found.tags),
        priority=found.priority,
        agent_id=found.agent_id if has_agent else None,
        agent_name=found.agent_name if has_agent else None,
        waiting_since_ms=found.requested_ms if waits else None,
        sla_due_ms=found.sla_due_ms if waits else None,
        parked_until_ms=found.parked_until_ms if found.state == State.PARKED else None,
        last_at_ms=found.last_at_ms,
        last_line=found.last_line,
        last_author=found.last_author,
        disposition=found.disposition,
        stars=found.stars,
    )
