"""Reads the events that somebody has not seen: from the live store, older ones from the history."""

from handoff_service.archive.transcripts import read_events
from handoff_service.domain import Event
from handoff_service.errors import NoSuchConversation
from handoff_service.services import Services


async def events_after(services: Services, conversation_id: str, *, seq: int) -> list[Event]:
    """Return every event numbered above `seq`, in order, without a gap.

    The live store may have forgotten the beginning, or the whole, of what is in the history.

    Raises:
        NoSuchConversation: neither has heard of it.
        StoreUnavailable, ArchiveUnavailable: try again.
    """
    live = await services.store.conversations.events(conversation_id, after_seq=seq)
    if live and live[0].seq == seq + 1:
        return live
    if not live and await _is_live(services, conversation_id):
        return []
    archived = await read_events(services.database, conversation_id, after_seq=seq)
    first_live = live[0].seq if live else None
    older = [event for event in archived if first_live is None or event.seq < first_live]
    if not older and not live and seq == 0:
        raise NoSuchConversation(conversation_id)
    return [*older, *live]


async def _is_live(services: Services, conversation_id: str) -> bool:
    try:
        await services.store.conversations.get(conversation_id)
    except NoSuchConversation:
        return False
    return True
