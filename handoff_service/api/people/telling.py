"""Tells the desk what changed about an account, so that it holds at once everywhere."""

import logging
from contextlib import suppress

from handoff_service.archive.accounts import Account
from handoff_service.errors import NoSuchAgent, StoreUnavailable
from handoff_service.services import Services
from handoff_service.store.signals import ACCOUNT

logger = logging.getLogger(__name__)


async def tell(services: Services, account_id: str) -> None:
    """Let every open tab of an account look whether its session still stands.

    Without the live store each finds out by itself, within the grace.
    """
    try:
        await services.store.signals.send(ACCOUNT, {"agent_id": account_id})
    except StoreUnavailable:
        logger.warning("account %s: its tabs are not told for now", account_id)


async def renew_at_desk(services: Services, account: Account) -> None:
    """Let the desk route by what an account says now, if it has ever been there.

    Raises StoreUnavailable.
    """
    agents = services.store.agents
    with suppress(NoSuchAgent):
        await agents.get(account.account_id)
        await agents.register(
            account.account_id,
            name=account.name,
            languages=account.languages,
            capacity=account.capacity,
            now_ms=services.clock.now_ms(),
            skills=account.skills,
            teams=account.teams,
        )
    await tell(services, account.account_id)
