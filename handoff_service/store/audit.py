"""What the audit reads of a desk: each conversation and each agent as of one moment."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from handoff_service.conversation import Conversation
from handoff_service.domain import Agent, Event, Json
from handoff_service.store import streams
from handoff_service.store.codec import read_agent, read_conversation
from handoff_service.store.keys import EVENT_FIELD, Keys
from handoff_service.store.scripts import Call, Scripts
from handoff_service.store.transport import Client, translated

#: Keys or members taken in one round trip: Redis is kept busy for about a millisecond.
PAGE = 200
#: Events of one conversation taken in one round trip: more than most ever have.
EVENTS = 200

#: A conversation, and the agent whose belongings are looked at with it.
Wanted: TypeAlias = tuple[str, str | None]
#: A conversation, and of its events those above the first and up to the second number.
Span: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One conversation as of one moment, with all that is said of it elsewhere."""

    conversation_id: str
    talk: Conversation | None  #: None: there is none, or `unreadable` says why not
    unreadable: str | None
    wrap_up_ends_ms: int | None
    returned: bool  #: an agent's loss sent it back: before all others in line
    left: bool  #: a message that was left, offered or not
    scores: dict[str, float]  #: by name of the index it is in
    turns: tuple[str, ...]  #: owed by the bot, JSON
    job: str | None  #: that it names
    has_job: bool  #: and that is in `jobs`
    agent_id: str | None  #: of the agent whose belongings were looked at
    agent_known: bool
    weight: float | None  #: among what that agent holds; None: not held
    event_count: int
    logged: Event | None  #: the entry that it names as its latest in the log, if still there


@dataclass(frozen=True, slots=True)
class AgentSnapshot:
    """One agent as of one moment."""

    agent_id: str
    agent: Agent | None  #: None: never registered
    held: dict[str, float]  #: conversation → weight
    listed: bool  #: among all agents
    online: bool  #: among those online
    seen_ms: float | None


@dataclass(frozen=True, slots=True)
class Logged:
    """One entry of the log, beside what the conversation itself has under that number."""

    conversation_id: str
    seq: int
    text: str  #: the event, JSON
    stored: str | None  #: the conversation's own; None: it is in the history only


class AuditReads:
    """Reads only. All methods raise StoreUnavailable."""

    def __init__(self, redis: Client, keys: Keys, *, scripts: Scripts) -> None:
        """Read the desk that `keys` names."""
        self._redis = redis
        self._keys = keys
        self._scripts = scripts

    async def conversation_ids(self, page_size: int = PAGE) -> AsyncIterator[list[str]]:
        """Yield every conversation, a page at a time, found by its hash; some perhaps twice."""
        start = len(self._keys.conversation(""))
        page: list[str] = []
        with translated():
            async for key in self._redis.scan_iter(
                match=self._keys.conversation("*"), count=PAGE, _type="HASH"
            ):
                name = key[start:]
                if ":" not in name:  # else the hash of its message ids
                    page.append(name)
                if len(page) >= page_size:
                    yield page
                    page = []
        yield page

    async def indexed_strangers(self, page_size: int = PAGE) -> AsyncIterator[list[str]]:
        """Yield the members of every index that are no conversations."""
        for key in self._keys.indexes.values():
            page: list[str] = []
            with translated():
                async for member, _ in self._redis.zscan_iter(key, count=PAGE):
                    page.append(member)
                    if len(page) >= page_size:
                        yield await self._unknown(page)
                        page = []
            yield await self._unknown(page)

    async def agent_ids(self) -> list[str]:
        """Return whoever registered, is online, or has been seen."""
        keys = self._keys
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.smembers(keys.agents)
                pipe.smembers(keys.online)
                pipe.zrange(keys.seen, 0, -1)
                listed, online, seen = await pipe.execute()
        return sorted({*listed, *online, *seen})

    async def in_index(self, name: str, *, count: int) -> list[str]:
        """Return the first members of an index, by its name in keys.indexes."""
        with translated():
            return list(await self._redis.zrange(self._keys.indexes[name], 0, count - 1))

    async def look_at(self, wanted: Sequence[Wanted]) -> list[Snapshot]:
        """Return each conversation as it is seen together with the agent named beside it."""
        keys = self._keys
        calls: list[Call] = [
            (
                [
                    keys.conversation(conversation_id),
                    keys.events(conversation_id),
                    keys.turns(conversation_id),
                    keys.jobs,
                    keys.log,
                    *keys.of_agent(agent_id or ""),
                    *keys.indexes.values(),
                ],
                [conversation_id],
            )
            for conversation_id, agent_id in wanted
        ]
        answers = await self._ask("look_at_conversation", calls)
        return [
            _snapshot(conversation_id, agent_id, raw, list(keys.indexes))
            for (conversation_id, agent_id), raw in zip(wanted, answers, strict=True)
        ]

    async def look_with_holders(self, conversation_ids: Sequence[str]) -> list[Snapshot]:
        """Return each conversation as it is seen together with the agent whom it names."""
        found: list[Snapshot] = []
        wanted: list[Wanted] = [(name, None) for name in conversation_ids]
        while wanted:
            again: list[Wanted] = []
            for seen in await self.look_at(wanted):
                holder = seen.talk.agent_id if seen.talk else None
                if holder == seen.agent_id:
                    found.append(seen)
                else:
                    again.append((seen.conversation_id, holder))
            wanted = again
        return found

    async def look_at_agents(self, agent_ids: Sequence[str]) -> list[AgentSnapshot]:
        """Return each agent."""
        keys = self._keys
        calls: list[Call] = [
            ([*keys.of_agent(agent_id), keys.agents, keys.online, keys.seen], [agent_id])
            for agent_id in agent_ids
        ]
        answers = await self._ask("look_at_agent", calls)
        return [_agent(name, raw) for name, raw in zip(agent_ids, answers, strict=True)]

    async def events(self, wanted: Sequence[Span]) -> list[dict[int, str]]:
        """Return the first EVENTS of each conversation within its span: number → JSON, in order.

        An event of a number that was once read never changes.
        """
        if not wanted:
            return []
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for conversation_id, after, upto in wanted:
                    key = self._keys.events(conversation_id)
                    pipe.xrange(key, min=f"({after}-0", max=f"{upto}-0", count=EVENTS)
                answers = await pipe.execute()
        return [
            {int(seq.partition("-")[0]): fields[EVENT_FIELD] for seq, fields in entries}
            for entries in answers
        ]

    async def log_pages(self, page_size: int = PAGE) -> AsyncIterator[list[Logged]]:
        """Yield the log as it is now, a page at a time, oldest entries first."""
        after, end = "-", await streams.last_id(self._redis, self._keys.log)
        while True:
            with translated():
                entries = await self._redis.xrange(
                    self._keys.log, min=after, max=end, count=page_size
                )
            if not entries:
                return
            after = f"({entries[-1][0]}"
            # Entries of a version that did not name them so are of no use here.
            named = [fields for _, fields in entries if "c" in fields and "n" in fields]
            spans = [(fields["c"], int(fields["n"]) - 1, int(fields["n"])) for fields in named]
            stored = await self.events(spans)
            yield [
                Logged(name, seq, fields[EVENT_FIELD], texts.get(seq))
                for (name, _, seq), fields, texts in zip(spans, named, stored, strict=True)
            ]

    async def _ask(self, script: str, calls: Sequence[Call]) -> list[Json]:
        found: list[Json] = []
        for answer in await self._scripts.call_many(script, calls):
            if isinstance(answer, Exception):
                raise answer
            found.append(json.loads(answer[1]))
        return found

    async def _unknown(self, conversation_ids: Sequence[str]) -> list[str]:
        if not conversation_ids:
            return []
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for name in conversation_ids:
                    pipe.exists(self._keys.conversation(name))
                answers = await pipe.execute()
        found = zip(conversation_ids, answers, strict=True)
        return [name for name, exists in found if not exists]


def _agent(agent_id: str, raw: Json) -> AgentSnapshot:
    fields = _pairs(raw["fields"])
    seen_ms = float(raw["seen"]) if raw["seen"] else None
    return AgentSnapshot(
        agent_id,
        read_agent(agent_id, fields, last_seen_ms=seen_ms) if "name" in fields else None,
        held={name: float(weight) for name, weight in _pairs(raw["held"]).items()},
        listed=raw["listed"],
        online=raw["online"],
        seen_ms=seen_ms,
    )


def _pairs(words: Sequence[str] | Json) -> dict[str, str]:
    """Read names and values in turn; Lua writes an empty list as an empty object."""
    return dict(zip(words[::2], words[1::2], strict=True)) if isinstance(words, list) else {}


def _snapshot(
    conversation_id: str, agent_id: str | None, raw: Json, indexes: Sequence[str]
) -> Snapshot:
    fields = _pairs(raw["fields"])
    talk, unreadable = None, None
    if fields:
        try:
            talk = read_conversation(conversation_id, fields)
        except (KeyError, ValueError, TypeError) as error:
            unreadable = f"{type(error).__name__}: {error}"
    ends, logged = fields.get("wrap_up_ends_ms"), raw["logged"]
    return Snapshot(
        conversation_id,
        talk,
        unreadable=unreadable,
        wrap_up_ends_ms=int(ends) if ends else None,
        returned="returned" in fields,
        left="left" in fields,
        scores={
            name: float(score)
            for name, score in zip(indexes, raw["scores"], strict=True)
            if score is not False
        },
        turns=tuple(raw["turns"]),
        job=fields.get("job"),
        has_job=raw["has_job"],
        agent_id=agent_id,
        agent_known=raw["agent_known"],
        weight=float(raw["weight"]) if raw["weight"] else None,
        event_count=raw["events"],
        logged=Event.parse(logged[logged.index(EVENT_FIELD) + 1]) if logged else None,
    )
