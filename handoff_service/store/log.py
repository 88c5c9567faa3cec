"""The desk's log: every event of every conversation, in the order it happened."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from handoff_service.domain import Event, EventType, State
from handoff_service.store import streams
from handoff_service.store.confirmation import Confirmation
from handoff_service.store.keys import ARCHIVER_GROUP, ASIDE_KEPT, EVENT_FIELD, Keys
from handoff_service.store.scripts import Scripts
from handoff_service.store.transport import Client, translated

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class LogEntry:
    """An event with what a reader needs in order to pass it on without asking again.

    What is no event stops no reader: it concerns no conversation, and `event` raises ValueError.

    The event itself is parsed only for who asks for it: most entries concern nobody here, and most
    of those that do go out as they are, in `text`.
    """

    log_id: str
    conversation_id: str
    seq: int
    type: EventType | str  #: text: a version newer than this one wrote it
    text: str  #: the event, JSON
    state: State | None  #: of the conversation, after the event; None: a newer version knows it
    agent_id: str | None  #: to whom it is offered or who holds it, after the event
    released_agent_id: str | None  #: whom this step took it from
    moved: bool  #: this step changed the state

    @cached_property
    def event(self) -> Event:
        """Return the event, parsed once. Raises ValueError when it is none."""
        try:
            return Event.parse(self.text)
        except (TypeError, LookupError) as error:
            raise ValueError(f"no event: {error}") from error


class Log:
    """Reads the log: tails for fan-out and wake-ups, a consumer group for the archiver."""

    def __init__(
        self,
        redis: Client,
        keys: Keys,
        *,
        scripts: Scripts,
        confirmation: Confirmation | None = None,
    ) -> None:
        """Read the log of the desk that `keys` names. `confirmation`: what replicas must have."""
        self._redis = redis
        self._keys = keys
        self._scripts = scripts
        self._confirmation = confirmation

    async def last_id(self) -> str:
        """Return the newest entry's id: pass it to `tail` after taking a snapshot."""
        return await streams.last_id(self._redis, self._keys.log)

    async def tail(self, after_id: str) -> AsyncIterator[LogEntry]:
        """Yield every entry after `after_id`, in order, for ever, through restarts of Redis.

        Where replicas confirm writes, an entry comes once they have it.
        """
        certain = None if self._confirmation is None else self._outlives
        async for batch in streams.tail(
            self._redis, self._keys.log, after_id=after_id, certain=certain
        ):
            for entry in batch:
                yield _entry(entry)

    async def ensure_group(self, group: str = ARCHIVER_GROUP) -> None:
        """Make a consumer group that starts at the oldest entry, unless it exists."""
        with translated():
            await streams.ensure_group(self._redis, self._keys.log, group=group)

    async def read_group(
        self,
        consumer: str,
        *,
        count: int,
        block_ms: int = streams.BLOCK_MS,
        group: str = ARCHIVER_GROUP,
    ) -> list[LogEntry]:
        """Return entries nobody in the group was given yet, [] after `block_ms` without any.

        What is returned stays pending until `ack`. Raises StoreUnavailable.
        """
        entries = await streams.read_group(
            self._redis,
            self._keys.log,
            group=group,
            consumer=consumer,
            count=count,
            block_ms=block_ms,
        )
        return [_entry(entry) for entry in entries]

    async def reclaim(
        self, consumer: str, *, idle_ms: int, count: int, group: str = ARCHIVER_GROUP
    ) -> list[LogEntry]:
        """Take over entries that a dead consumer never acknowledged; [] when there are none."""
        entries = await streams.reclaim(
            self._redis,
            self._keys.log,
            group=group,
            consumer=consumer,
            idle_ms=idle_ms,
            count=count,
        )
        return [_entry(entry) for entry in entries]

    async def forget_consumers(self, *, idle_ms: int, group: str = ARCHIVER_GROUP) -> None:
        """Remove the group's consumers that died long ago and owe nothing. StoreUnavailable."""
        with translated():
            consumers = await self._redis.xinfo_consumers(self._keys.log, group)
        for consumer in consumers:
            if int(consumer["idle"]) >= idle_ms:
                await self._scripts.call(
                    "forget_worker", [self._keys.log], args=[group, consumer["name"]]
                )

    async def is_certain(self, entry: LogEntry) -> bool:
        """Whether an entry, and all before it, will still be there after a failover of Redis.

        Where nobody asked for replicas to confirm writes, it is taken for certain. Raises
        StoreUnavailable when they do not.
        """
        return await self._outlives(entry.log_id)

    async def _outlives(self, log_id: str) -> bool:
        if self._confirmation is None:
            return True
        await self._confirmation.probe(self._redis)
        with translated():  # the present primary may be another than the one it was read from
            return bool(await self._redis.xrange(self._keys.log, log_id, log_id))

    async def ack(self, log_ids: Sequence[str], *, group: str = ARCHIVER_GROUP) -> None:
        """Say that these entries are safe elsewhere."""
        if not log_ids:
            return
        with translated():
            await self._redis.xack(self._keys.log, group, *log_ids)

    async def set_aside(self, entries: Sequence[LogEntry]) -> None:
        """Keep what no history can hold for whoever looks into it. Raises StoreUnavailable."""
        with translated():
            for entry in entries:
                fields: dict[str, str] = {"log_id": entry.log_id, EVENT_FIELD: entry.text}
                await self._redis.xadd(
                    self._keys.aside, fields, maxlen=ASIDE_KEPT, approximate=True
                )

    async def lag(self, group: str = ARCHIVER_GROUP) -> int:
        """Return how many entries the group has not acknowledged (pending and not yet read)."""
        with translated():
            if not await self._redis.exists(self._keys.log):
                return 0
            groups = await self._redis.xinfo_groups(self._keys.log)
        for info in groups:
            if info["name"] == group:
                return int(info["pending"]) + int(info.get("lag") or 0)
        return 0

    async def archived_before(self, group: str = ARCHIVER_GROUP) -> str:
        """Return the id below which the group acknowledged every entry; 0-0 when there is none.

        What this says stays true: acknowledged entries never come back. Raises StoreUnavailable.
        """
        with translated():
            if not await self._redis.exists(self._keys.log):
                return "0-0"
            groups = await self._redis.xinfo_groups(self._keys.log)
            delivered = {info["name"]: str(info["last-delivered-id"]) for info in groups}
            if group not in delivered:
                return "0-0"
            # In this order: what is delivered between the two reads can only be pending.
            pending = await self._redis.xpending(self._keys.log, group)
        if pending["min"] is not None:
            return str(pending["min"])
        ms, number = delivered[group].split("-")
        return f"{ms}-{int(number) + 1}"

    async def trim(self, *, keep_from_ms: int, group: str = ARCHIVER_GROUP) -> int:
        """Drop entries that the group acknowledged and that are older than `keep_from_ms`.

        Returns how many were dropped; 0 when the group does not exist: nothing is archived then.
        """
        answer = await self._scripts.call("trim_log", [self._keys.log], args=[group, keep_from_ms])
        return int(answer[1])


def _entry(raw: streams.Entry) -> LogEntry:
    log_id, fields = raw
    text = fields.get(EVENT_FIELD, "")
    # An older replica, still running beside this one, leaves the three out.
    named = fields if "t" in fields else _names(text)
    return LogEntry(
        log_id=log_id,
        conversation_id=named["c"],
        seq=int(named["n"]),
        type=_known(EventType, named["t"]) or named["t"],
        text=text,
        state=_known(State, fields.get("state", "")),
        agent_id=fields.get("agent") or None,
        released_agent_id=fields.get("released") or None,
        moved=fields.get("moved") == "1",
    )


def _names(text: str) -> Mapping[str, str]:
    """Read the three from the event; of what is none, a name that concerns nobody."""
    try:
        event = Event.parse(text)
        return {"c": event.conversation_id, "n": str(event.seq), "t": str(event.type)}
    except (ValueError, TypeError, LookupError):
        return {"c": "", "n": "0", "t": ""}


def _known(words: type[E], word: str) -> E | None:
    """Return the member of an enum with this value, None if this version knows none."""
    try:
        return words(word)
    except ValueError:
        return None
