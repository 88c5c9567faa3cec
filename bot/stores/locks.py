"""Let the turns of one conversation run one after the other, without Rasa's one-second polling."""

# ruff: noqa: ARG002  (the arguments are Rasa's)
from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore


class TurnLocks(InMemoryLockStore):
    """An asyncio lock per conversation, first come, first served, gone when nobody holds or waits.

    Rasa's own stores look every second whether the turn before has ended. Locks live in this
    process: the service already sends the turns of a conversation in order, whichever process
    answers them, so this is only the second line.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()
        self._held: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[TicketLock, None]:
        lock, users = self._held.get(conversation_id) or (asyncio.Lock(), 0)
        self._held[conversation_id] = (lock, users + 1)
        try:
            async with lock:
                yield TicketLock(conversation_id)
        finally:
            _, users = self._held[conversation_id]
            if users == 1:
                del self._held[conversation_id]
            else:
                self._held[conversation_id] = (lock, users - 1)
