"""Which replica does what one should do for all: leases on a desk that have to be renewed."""

from handoff_service.store.scripts import Scripts


class Leadership:
    """One lease. Its clock is Redis's own."""

    def __init__(self, key: str, *, scripts: Scripts) -> None:
        """Use the lease that `key` holds."""
        self._key = key
        self._scripts = scripts

    async def take(self, holder: str, *, life_ms: int) -> bool:
        """Take the lease, or renew it; False: another replica has it. Raises StoreUnavailable."""
        words = await self._scripts.call("lead", [self._key], args=[holder, life_ms])
        return words[0] == "LEADS"

    async def give_up(self, holder: str) -> None:
        """Leave it to whoever asks next, unless another replica has it. Raises StoreUnavailable."""
        await self._scripts.call("lead", [self._key], args=[holder, 0])
