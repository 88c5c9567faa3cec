"""Changes of agents' presence that the history does not have yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from handoff_service.store.confirmation import Confirmation
from handoff_service.store.keys import Keys
from handoff_service.store.transport import Client, translated


@dataclass(frozen=True, slots=True)
class PresenceChange:
    """From `at_ms` on an agent's presence is `status`, because of `reason`."""

    entry_id: str  #: of the stream; names the change for good
    agent_id: str
    at_ms: int
    status: str  #: a Presence; text, as a newer version may know others
    reason: str  #: asked, missed_offers, lost, forced, signed_out, disabled, registered


class PresenceChanges:
    """All methods raise StoreUnavailable."""

    def __init__(
        self, redis: Client, keys: Keys, *, confirmation: Confirmation | None = None
    ) -> None:
        """Read those of the desk that `keys` names. `confirmation`: what replicas must have."""
        self._redis = redis
        self._keys = keys
        self._confirmation = confirmation

    async def oldest(self, *, count: int) -> list[PresenceChange]:
        """Return the oldest changes that are still here, and would be after a failover."""
        changes = await self._read(count)
        if self._confirmation is None or not changes:
            return changes
        # What the server still has after this, the replicas have as well.
        await self._confirmation.probe(self._redis)
        certain = set(await self._read(count))
        return [change for change in changes if change in certain]

    async def forget(self, changes: Sequence[PresenceChange]) -> None:
        """Delete changes that the history has."""
        if changes:
            ids = [change.entry_id for change in changes]
            with translated():
                await self._redis.xdel(self._keys.presence, *ids)

    async def _read(self, count: int) -> list[PresenceChange]:
        with translated():
            entries = await self._redis.xrange(self._keys.presence, count=count)
        return [
            PresenceChange(
                entry_id=entry_id,
                agent_id=fields["agent"],
                at_ms=int(fields["at"]),
                status=fields["status"],
                reason=fields["reason"],
            )
            for entry_id, fields in entries
        ]
