"""Conversations as agents read them: live where they are live, else from the history."""

from dataclasses import dataclass
from typing import Annotated

from aiohttp import web
from pydantic import Field

from handoff_service.access import CALLER
from handoff_service.agent_access import access_as_agent
from handoff_service.api.bodies import answer, read_values
from handoff_service.archive.accounts import Account
from handoff_service.archive.transcripts import list_records
from handoff_service.backlog import events_after
from handoff_service.conversation import Conversation
from handoff_service.domain import Json, State
from handoff_service.services import SERVICES, Services
from handoff_service.summary import Summary

#: Waiting conversations that a list can show; a longer queue is a matter for the numbers.
MAX_WAITING = 500


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list is asked for."""

    state: State | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@dataclass(frozen=True, slots=True)
class EventsQuery:
    """From where events are asked for."""

    after: Annotated[int, Field(ge=0, le=2**53)] = 0


async def list_conversations(request: web.Request) -> web.Response:
    """List conversations, latest first; an agent sees their own."""
    services, account = request.app[SERVICES], request[CALLER].account
    query = read_values(request.query, ListQuery)
    own = None if account.role.sees_all else account.account_id
    records = await list_records(
        services.database, state=query.state, agent_id=own, limit=query.limit
    )
    found = {record.conversation_id: record.to_json() for record in records}
    for talk in await _live(services, account, query, known=list(found)):
        shown = Summary(talk).to_json()
        found[talk.conversation_id] = found.get(talk.conversation_id, {}) | shown
    fitting = [
        summary
        for summary in found.values()
        if (query.state is None or summary["state"] == query.state.value)
        and own in {None, summary.get("agent_id")}
    ]
    fitting.sort(key=_latest, reverse=True)
    return answer({"conversations": fitting[: query.limit]})


async def show_conversation(request: web.Request) -> web.Response:
    """Show one conversation, whole, or what is new of it."""
    services = request.app[SERVICES]
    conversation_id = request.match_info["conversation_id"]
    query = read_values(request.query, EventsQuery)
    summary = await access_as_agent(services, request[CALLER].account, conversation_id)
    events = await events_after(services, conversation_id, seq=query.after)
    return answer({"summary": summary, "events": [event.to_json() for event in events]})


async def list_events(request: web.Request) -> web.Response:
    """Show the events of a conversation after one."""
    services = request.app[SERVICES]
    conversation_id = request.match_info["conversation_id"]
    query = read_values(request.query, EventsQuery)
    await access_as_agent(services, request[CALLER].account, conversation_id)
    events = await events_after(services, conversation_id, seq=query.after)
    return answer({"events": [event.to_json() for event in events]})


async def _live(
    services: Services, account: Account, query: ListQuery, *, known: list[str]
) -> list[Conversation]:
    """Return live conversations: those listed, and those the history has not heard of yet."""
    store = services.store
    ids = dict.fromkeys(known)
    ids |= dict.fromkeys(await store.agents.held(account.account_id))
    if account.role.sees_all and query.state in {None, State.WAITING}:
        ids |= dict.fromkeys(await store.queue.waiting(count=MAX_WAITING))
    return await store.conversations.get_many(list(ids))


def _latest(summary: Json) -> int:
    times = (summary.get(name) for name in ("last_at_ms", "assigned_ms", "waiting_since_ms"))
    return max((time for time in times if time is not None), default=0)
