"""Lets an agent at a conversation that they may read, and at no other."""

from handoff_service.access import may_read
from handoff_service.archive.accounts import Account
from handoff_service.archive.reading import is_known_to
from handoff_service.archive.transcripts import find_record
from handoff_service.domain import EventType, Json
from handoff_service.errors import NoSuchConversation
from handoff_service.refusals import NotFound
from handoff_service.services import Services
from handoff_service.summary import Summary

#: Events in which the history may lag behind, with a wide margin: it follows within a second.
RECENT = 50


async def access_as_agent(services: Services, account: Account, conversation_id: str) -> Json:
    """Return the summary of a conversation that this account may read.

    Raises:
        NotFound: no such conversation, or not theirs: one answer for both.
    """
    record = await find_record(services.database, conversation_id)
    summary: Json = record.to_json() if record is not None else {}
    try:
        talk = await services.store.conversations.get(conversation_id)
        holder = talk.agent_id or summary.get("agent_id")
        summary |= Summary(talk).to_json() | {"agent_id": holder}
    except NoSuchConversation:
        pass
    if not summary:
        raise NotFound
    needs = summary.get("needs") or {}
    known = (
        False
        if account.role.sees_all
        else await _is_known(services, conversation_id, account.account_id)
    )
    if not may_read(
        account,
        state=summary["state"],
        agent_id=summary.get("agent_id"),
        team=needs.get("team") or summary.get("team"),
        known=known,
    ):
        raise NotFound
    return summary


async def _is_known(services: Services, conversation_id: str, account_id: str) -> bool:
    """Whether somebody held a conversation or was named in it, be it this very moment."""
    if await is_known_to(services.database, conversation_id, account_id):
        return True
    recent = await services.store.conversations.latest_events(conversation_id, limit=RECENT)
    return any(
        event.type is EventType.NOTE_POSTED and account_id in event.data["mentions"]
        for event in recent
    )
