"""Reads the events that somebody has not seen: from the live store, older ones from the history."""

import logging
from dataclasses import replace

from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.transcripts import read_events
from handoff_service.domain import Event
from handoff_service.errors import NoSuchConversation
from handoff_service.services import Services
from handoff_service.summary import Offer

logger = logging.getLogger(__name__)


async def events_after(services: Services, conversation_id: str, *, seq: int) -> list[Event]:
    """Return every event numbered above `seq`, in order.

    The live store may have forgotten the beginning, or the whole, of what is in the history. While
    the history is away, what a live conversation's latest events are is better than nothing: they
    are returned without the older ones.

    Raises:
        NoSuchConversation: neither has heard of it.
        StoreUnavailable, ArchiveUnavailable: try again.
    """
    live = await services.store.conversations.events(conversation_id, after_seq=seq)
    if live and live[0].seq == seq + 1:
        return live
    if not live and await _is_live(services, conversation_id):
        return []
    try:
        archived = await read_events(services.database, conversation_id, after_seq=seq)
    except ArchiveUnavailable:
        if not live:
            raise
        logger.warning("history away: %s is shown from event %s on", conversation_id, live[0].seq)
        return live
    first_live = live[0].seq if live else None
    older = [event for event in archived if first_live is None or event.seq < first_live]
    if not older and not live and seq == 0:
        raise NoSuchConversation(conversation_id)
    return [*older, *live]


async def offer_view(services: Services, conversation_id: str) -> Offer:
    """Return what the agent sees of an offer, with what only the history still has of the talk.

    Raises:
        NoSuchConversation, StoreUnavailable, ArchiveUnavailable: as `events_after`.
    """
    offer = await services.store.handoffs.offer_view(conversation_id)
    if offer.transcript and offer.transcript[0].seq > 1:
        whole = await events_after(services, conversation_id, seq=0)
        return replace(offer, transcript=tuple(whole))
    return offer


async def _is_live(services: Services, conversation_id: str) -> bool:
    try:
        await services.store.conversations.get(conversation_id)
    except NoSuchConversation:
        return False
    return True
