"""Brings back a conversation that the live store has forgotten, when its customer returns."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from handoff_service.archive.transcripts import read_events
from handoff_service.errors import NoSuchConversation
from handoff_service.past import past_of
from handoff_service.services import Services

logger = logging.getLogger(__name__)

T = TypeVar("T")


async def alive(services: Services, conversation_id: str, step: Callable[[], Awaitable[T]]) -> T:
    """Do a step of a conversation that the live store may have forgotten.

    Raises:
        NoSuchConversation: the history has not heard of it either.
        ArchiveUnavailable: nobody can tell at present.
        BatonError: whatever `step` raises.
    """
    try:
        return await step()
    except NoSuchConversation:
        await _revive(services, conversation_id)
        return await step()


async def _revive(services: Services, conversation_id: str) -> None:
    events = await read_events(services.database, conversation_id)
    past = past_of(events, keep=services.settings.events_kept)
    if past is None:
        raise NoSuchConversation(conversation_id)
    outcome = await services.store.past.restore(past, now_ms=services.clock.now_ms())
    logger.info("conversation %s came back: %s", conversation_id, outcome.result)
