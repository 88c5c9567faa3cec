"""Lists of conversations, and how many there are."""

from dataclasses import asdict
from zoneinfo import ZoneInfo

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.api.bodies import answer, read_values
from handoff_service.api.inbox.bodies import (
    InboxAnswer,
    InboxCountsAnswer,
    InboxQuery,
    InboxRowView,
)
from handoff_service.archive.inbox import (
    CursorInvalid,
    Row,
    Wanted,
    count_inbox,
    list_inbox,
)
from handoff_service.domain import LOCALES, Author, State
from handoff_service.refusals import BadFrame
from handoff_service.search.errors import BadSearch
from handoff_service.search.query import Query, parse_query, read_day
from handoff_service.services import SERVICES

#: Conversations that a list can be asked for by name.
MOST_IDS = 100
STATES = frozenset({*(state.value for state in State), "open"})
LANGUAGES = frozenset({*LOCALES, *(locale.split("-")[0] for locale in LOCALES)})


async def show_inbox(request: web.Request) -> web.Response:
    """List conversations by view, filters and words, a page at a time."""
    services = request.app[SERVICES]
    query = read_values(request.query, InboxQuery)
    try:
        page = await list_inbox(
            services.database,
            request[CALLER].account,
            wanted_of(query),
            after=query.after,
            limit=query.limit,
        )
    except CursorInvalid as error:
        raise BadFrame(["after"]) from error
    rows = [row_view(row) for row in page.rows]
    return answer(InboxAnswer(rows, page.after, services.clock.now_ms()))


async def show_counts(request: web.Request) -> web.Response:
    """Say how many conversations each view has."""
    counts = await count_inbox(request.app[SERVICES].database, request[CALLER].account)
    return answer(InboxCountsAnswer(counts))


def wanted_of(query: InboxQuery) -> Wanted:
    """Return what a query asks for; what stands in its text counts like the filters beside it.

    Raises:
        BadSearch: the text cannot be searched for, or says another than a filter.
        BadFrame: a filter has a value that it cannot have.
    """
    try:
        zone = ZoneInfo(query.tz)
    except (LookupError, ValueError, OSError) as error:
        raise BadFrame(["tz"]) from error
    asked = parse_query(query.text)
    said = dict(asked.filters)
    from_ms, to_ms = query.from_ms, query.to_ms
    if "after" in said:
        from_ms = read_day(said.pop("after"), name="after", zone=zone)
    if "before" in said:
        to_ms = read_day(said.pop("before"), name="before", zone=zone)
    if query.state is not None and query.state not in STATES:
        raise BadFrame(["state"])
    state = _one_of(said, "state", STATES) or query.state
    language = _one_of(said, "language", LANGUAGES) or query.language
    return Wanted(
        view=query.view,
        sort=query.sort,
        query=Query(asked.clauses, asked.writers),
        state=state,
        language=language,
        topic=said.get("topic", query.topic),
        reason=said.get("reason", query.reason),
        team=said.get("team", query.team),
        agent=said.get("agent", query.agent),
        tag=said.get("tag", query.tag),
        priority=_number(said, "priority", 9, query.priority),
        site=said.get("site", query.site),
        disposition=said.get("disposition", query.disposition),
        stars=_number(said, "stars", 5, query.stars),
        from_ms=from_ms,
        to_ms=to_ms,
        ids=None if query.ids is None else tuple(query.ids.split(",")[:MOST_IDS]),
    )


def row_view(row: Row) -> InboxRowView:
    """Return a row as it is answered."""
    values = asdict(row)
    unread = row.last_author == Author.CUSTOMER and row.state != State.CLOSED
    return InboxRowView(**values, unread=unread)


def _one_of(said: dict[str, str], name: str, known: frozenset[str]) -> str | None:
    """Return a word of a text, in the case that it is known in. Raises BadSearch."""
    word = said.get(name)
    if word is None:
        return None
    for one in known:
        if one.casefold() == word.casefold():
            return one
    raise BadSearch(f"{name}:")


def _number(said: dict[str, str], name: str, most: int, otherwise: int | None) -> int | None:
    word = said.get(name)
    if word is None:
        return otherwise
    if not (word.isascii() and word.isdigit() and int(word[:3]) <= most):
        raise BadSearch(f"{name}:")
    return int(word)
