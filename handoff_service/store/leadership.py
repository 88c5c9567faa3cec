"""Which replica routes: a lease on the desk that has to be renewed."""

from handoff_service.store.keys import Keys
from handoff_service.store.scripts import Scripts


class Leadership:
    """The lease of one desk. Its clock is Redis's own."""

    def __init__(self, keys: Keys, *, scripts: Scripts) -> None:
        """Use the lease of the desk that `keys` names."""
        self._keys = keys
        self._scripts = scripts

    async def take(self, holder: str, *, life_ms: int) -> bool:
        """Take the lease, or renew it; False: another replica has it. Raises StoreUnavailable."""
        words = await self._scripts.call("lead", [self._keys.router], args=[holder, life_ms])
        return words[0] == "LEADS"

    async def give_up(self, holder: str) -> None:
        """Leave it to whoever asks next, unless another replica has it. Raises StoreUnavailable."""
        await self._scripts.call("lead", [self._keys.router], args=[holder, 0])
