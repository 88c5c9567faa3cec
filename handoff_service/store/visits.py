"""Visits of browsers: which are over, and what a customer who is identified goes on with."""

from handoff_service.store.keys import GOES_ON_S, Keys
from handoff_service.store.scripts import Scripts
from handoff_service.store.transport import Client, translated


class Visits:
    """Of the customers of one desk. All methods raise StoreUnavailable."""

    def __init__(self, redis: Client, keys: Keys, *, scripts: Scripts) -> None:
        """Use the visits of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys
        self._scripts = scripts

    async def end(self, visit: str, *, keep_s: int) -> None:
        """Refuse the tokens of a visit from now on; `keep_s`: until the last of them is over."""
        with translated():
            await self._redis.set(self._keys.visit_over(visit), 1, ex=keep_s)

    async def over(self, visit: str) -> bool:
        """Whether the visit was ended."""
        with translated():
            return bool(await self._redis.exists(self._keys.visit_over(visit)))

    async def conversation_of(self, customer_id: str) -> str | None:
        """Return what an identified customer goes on with; None when nobody remembers."""
        with translated():
            found: str | None = await self._redis.get(self._keys.of_customer(customer_id))
        return found

    async def go_on_with(
        self, customer_id: str, conversation_id: str, *, before: str | None
    ) -> str:
        """Let an identified customer go on with a conversation, if it is still `before` they had.

        Returns what they go on with: another one, when another device was faster.
        """
        (current,) = await self._scripts.call(
            "go_on_with",
            [self._keys.of_customer(customer_id)],
            args=[conversation_id, before or "", GOES_ON_S],
        )
        return current
