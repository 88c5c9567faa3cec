"""What an operator should know of the Redis behind the live store."""

from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from handoff_service.durability import Durability
from handoff_service.errors import Fault, StoreUnsafe
from handoff_service.store.transport import Client, translated


@dataclass(frozen=True, slots=True)
class Health:
    """Answer of `Store.health`."""

    version: str
    aof: bool  #: the append-only file is on: without it a restart forgets acknowledged messages
    aof_ok: bool  #: the last write to it succeeded
    fsync: str  #: always, everysec, no, or "unknown" where CONFIG is forbidden
    evicts: bool  #: under memory pressure it would throw live conversations away

    def problems(self, wanted: Durability = Durability.ALWAYS) -> tuple[str, ...]:
        """Return codes of what falls short of `wanted`; one word each, remedies in REMEDIES."""
        if wanted is Durability.NONE:
            return ()
        enough = {"always"} if wanted is Durability.ALWAYS else {"always", "everysec"}
        hidden = self.fsync == "unknown"
        found = {
            "aof_off": not self.aof,
            "aof_failing": not self.aof_ok,
            "fsync_hidden": self.aof and hidden and wanted is Durability.ALWAYS,
            "fsync_late": self.aof and not hidden and self.fsync not in enough,
            "evicts": self.evicts,
        }
        return tuple(code for code, wrong in found.items() if wrong)


#: What a fault of Redis means and how to mend it. Meanwhile nothing is acknowledged: customers and
#: agents are told, and their pages send again by themselves.
FAULTS = {
    Fault.AWAY: "Redis does not answer: see that it runs, BATON_REDIS_URL",
    Fault.PASSWORD: "Redis refuses the user or the password in BATON_REDIS_URL",
    Fault.FULL: "the memory of Redis is full: raise `maxmemory`, or give it a larger machine",
    Fault.DISK: "Redis cannot write to disk: free space, look at its log",
    Fault.READ_ONLY: "BATON_REDIS_URL leads to a replica: name the primary, or the sentinels",
    Fault.CLUSTER: "the Redis cluster has no node for the desk now: look at `CLUSTER INFO`",
    Fault.REPLICAS: "too few replicas of Redis confirm writes: see that they run, or lower "
    "BATON_REDIS_WAIT_REPLICAS",
}
#: What each problem means and how to mend it.
REMEDIES = {
    "aof_off": "persistence is off: set `appendonly yes`, or a restart loses messages",
    "aof_failing": "the append-only file cannot be written: look at the disk",
    "fsync_hidden": "this Redis does not say when it writes to disk (CONFIG is hidden): if its "
    "provider promises less than every write, or you accept not to know, say so with "
    "BATON_REDIS_DURABILITY=everysec",
    "fsync_late": "acknowledged messages are not on disk yet: set `appendfsync always`, or accept "
    "the loss with BATON_REDIS_DURABILITY=everysec (up to two seconds) or none",
    "evicts": "memory pressure would delete conversations: set `maxmemory-policy noeviction`",
}


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


def refuse_unsafe(health: Health, wanted: Durability) -> None:
    """Raise StoreUnsafe, with every remedy, unless `health` is as `wanted`."""
    problems = health.problems(wanted)
    if problems:
        raise StoreUnsafe([REMEDIES[code] for code in problems])
