"""That an agent is there and takes conversations: kept true while Redis comes and goes."""

import asyncio

from handoff_service.agent_frames import SetPresence
from handoff_service.archive.accounts import Account
from handoff_service.gateway.agent_writes import set_presence
from handoff_service.services import Services


class Attendance:
    """Of one tab."""

    def __init__(self, services: Services, account: Account) -> None:
        """Speak for whoever has `account`."""
        self._services = services
        self._account = account
        self._wish: SetPresence | None = None  #: what is not known to be stored
        self._turn = asyncio.Lock()  # an old wish must not overtake a new one

    async def set(self, frame: SetPresence) -> None:
        """Do as the agent wishes. Raises StoreUnavailable: each beat tries again."""
        self._wish = frame
        await self._carry_out()

    async def beat(self) -> None:
        """Say that the agent is there. Raises StoreUnavailable."""
        await self._carry_out()
        await self._services.store.agents.heartbeat(
            self._account.account_id, now_ms=self._services.clock.now_ms()
        )

    async def _carry_out(self) -> None:
        async with self._turn:
            wish = self._wish
            if wish is None:
                return
            await set_presence(self._services, self._account, wish)
            if self._wish is wish:
                self._wish = None
