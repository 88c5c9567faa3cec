"""What is due in the queue: offers that expired, times that are over, agents who vanished."""

import logging
from contextlib import suppress

from handoff_service.errors import NoSuchConversation
from handoff_service.store import Store
from handoff_service.store.results import LostResult

logger = logging.getLogger(__name__)


async def expire_offers(store: Store, conversation_ids: tuple[str, ...], *, now_ms: int) -> None:
    """Put offered conversations whose deadline is over back in the queue."""
    for talk in await store.conversations.get_many(conversation_ids):
        if talk.agent_id is None:
            continue  # accepted, declined or cancelled since it was read
        outcome = await store.handoffs.expire_offer(
            talk.conversation_id, agent_id=talk.agent_id, epoch=talk.epoch, now_ms=now_ms
        )
        logger.info("offer of %s to %s: %s", talk.conversation_id, talk.agent_id, outcome.result)


async def close_due(store: Store, conversation_ids: tuple[str, ...], *, now_ms: int) -> None:
    """Close conversations whose wrap-up or idle time is over."""
    for conversation_id in conversation_ids:
        with suppress(NoSuchConversation):  # its timer is dropped then
            await store.conversations.close_due(conversation_id, now_ms=now_ms)


async def release_lost_agents(
    store: Store, agent_ids: tuple[str, ...], *, lost_at_ms: int, now_ms: int
) -> None:
    """Take everything from agents who were last seen at `lost_at_ms` or before."""
    for agent_id in agent_ids:
        for conversation_id in await store.agents.held(agent_id):
            outcome = await store.handoffs.agent_lost(
                conversation_id, agent_id=agent_id, lost_at_ms=lost_at_ms, now_ms=now_ms
            )
            if outcome.result is LostResult.BACK:
                break
            logger.info("agent %s lost, %s: %s", agent_id, conversation_id, outcome.result)
        await store.agents.mark_lost(agent_id, lost_at_ms=lost_at_ms)
