"""What an operator should know of the Redis behind the live store."""

from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from handoff_service.store.transport import Client, translated


@dataclass(frozen=True, slots=True)
class Health:
    """Answer of `Store.health`."""

    version: str
    aof: bool  #: the append-only file is on: without it a restart forgets acknowledged messages
    aof_ok: bool  #: the last write to it succeeded
    fsync: str  #: always, everysec, no, or "unknown" where CONFIG is forbidden
    evicts: bool  #: under memory pressure it would throw live conversations away

    @property
    def problems(self) -> tuple[str, ...]:
        """Return codes of what is wrong: aof_off, aof_failing, fsync_no, evicts."""
        found = {
            "aof_off": not self.aof,
            "aof_failing": not self.aof_ok,
            "fsync_no": self.fsync == "no",
            "evicts": self.evicts,
        }
        return tuple(code for code, wrong in found.items() if wrong)


async def read_health(redis: Client) -> Health:
    """Ask Redis. Raises StoreUnavailable."""
    with translated():
        info: dict[str, Any] = await redis.info()
        try:
            config: dict[str, str] = await redis.config_get("appendfsync")
        except ResponseError:  # a managed Redis that hides CONFIG
            config = {}
    return Health(
        version=str(info.get("valkey_version") or info.get("redis_version", "unknown")),
        aof=bool(info.get("aof_enabled")),
        aof_ok=info.get("aof_last_write_status", "ok") == "ok",
        fsync=config.get("appendfsync", "unknown"),
        evicts=info.get("maxmemory_policy", "noeviction") != "noeviction",
    )
