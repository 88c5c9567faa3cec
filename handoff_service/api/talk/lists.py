"""Lists of mentions and marks."""

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.api.bodies import answer, read_values
from handoff_service.api.talk.bodies import (
    MarksAnswer,
    MarksQuery,
    MentionsAnswer,
    MentionsQuery,
    read_cursor,
    write_cursor,
)
from handoff_service.archive.answer_marks import list_marks
from handoff_service.archive.mentions import count_unseen, list_mentions
from handoff_service.services import SERVICES


async def show_mentions(request: web.Request) -> web.Response:
    """List where the caller was named in a note."""
    database, account = request.app[SERVICES].database, request[CALLER].account
    query = read_values(request.query, MentionsQuery)
    found = await list_mentions(
        database,
        account.account_id,
        unseen=query.unseen,
        before=read_cursor(query.after),
        limit=query.limit + 1,
    )
    page, more = found[: query.limit], len(found) > query.limit
    after = write_cursor(page[-1].at_ms, page[-1].conversation_id, page[-1].seq) if more else None
    return answer(MentionsAnswer(page, await count_unseen(database, account.account_id), after))


async def show_marks(request: web.Request) -> web.Response:
    """List turns that people marked."""
    query = read_values(request.query, MarksQuery)
    found = await list_marks(
        request.app[SERVICES].database,
        verdict=query.verdict,
        before=read_cursor(query.after),
        limit=query.limit + 1,
    )
    page, more = found[: query.limit], len(found) > query.limit
    last = page[-1] if more else None
    after = write_cursor(last.at_ms, last.conversation_id, last.turn_seq) if last else None
    return answer(MarksAnswer(page, after))
