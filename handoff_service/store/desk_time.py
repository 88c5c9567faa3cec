"""The time of the desk, which all its replicas share."""

from dataclasses import dataclass
from enum import StrEnum

from handoff_service.clock import JUMP_MS
from handoff_service.store.keys import Keys
from handoff_service.store.scripts import Scripts


class Agreement(StrEnum):
    """What became of a replica's time."""

    JOINED = "JOINED"  #: it takes the desk's
    AGREED = "AGREED"  #: it is the desk's
    FOLLOW = "FOLLOW"  #: the other replicas agree on another: this one stood still
    HELD = "HELD"  #: the clock of Redis was set: the desk goes on with the replica's time


@dataclass(frozen=True, slots=True)
class DeskTime:
    """Answer of `Times.agree`."""

    agreement: Agreement
    now_ms: int  #: the desk's time
    added_ms: int  #: what it is ahead of the clock of Redis


class Times:
    """All methods raise StoreUnavailable."""

    def __init__(self, keys: Keys, *, scripts: Scripts) -> None:
        """Keep the time of the desk that `keys` names."""
        self._keys = keys
        self._scripts = scripts

    async def agree(self, replica: str, *, now_ms: int, joins: bool = False) -> DeskTime:
        """Compare a replica's time with the desk's. `joins`: it has none of its own yet."""
        word, desk_ms, added_ms = await self._scripts.call(
            "agree_time", [self._keys.clock], args=[now_ms, replica, JUMP_MS, int(joins)]
        )
        return DeskTime(Agreement(word), int(desk_ms), int(added_ms))
