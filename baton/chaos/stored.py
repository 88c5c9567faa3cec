"""What Redis and SQL hold when all is quiet: conversations, agents and events."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from baton.client.events import Event
from handoff_service.store import Store
from handoff_service.store.keys import EVENT_FIELD

#: Conversations read from Redis in one go.
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as Redis holds it; `due_ms`: when its offer, wrap-up or parking ends."""

    conversation_id: str
    state: str
    epoch: int
    last_seq: int
    language: str
    agent_id: str | None = None
    due_ms: int | None = None
    owed_turns: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """An agent as Redis knows them."""

    agent_id: str
    presence: str
    load: int
    capacity: int
    languages: tuple[str, ...]


@dataclass(slots=True)
class Stored:
    """One picture of everything; `taken_ms` is its time."""

    taken_ms: int
    talks: dict[str, Talk] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    live: dict[str, list[Event]] = field(default_factory=dict)
    archived: dict[str, list[Event]] = field(default_factory=dict)

    def events(self, conversation_id: str) -> list[Event]:
        """Return all events of a conversation by number, wherever they are."""
        both = {e.seq: e for e in self.archived.get(conversation_id, ())}
        for event in self.live.get(conversation_id, ()):
            both.setdefault(event.seq, event)
        return [both[seq] for seq in sorted(both)]

    @property
    def conversation_ids(self) -> list[str]:
        """Return every conversation that either of them holds."""
        return sorted({*self.live, *self.archived, *self.talks})


async def read_live(store: Store, conversation_ids: Iterable[str], *, now_ms: int) -> Stored:
    """Read what Redis holds of the conversations, and who the agents are.

    Args:
        store: the live one.
        conversation_ids: those that clients know of.
        now_ms: the present.

    Raises:
        StoreUnavailable: Redis is away.
    """
    stored = Stored(now_ms)
    known = sorted(set(conversation_ids))
    for start in range(0, len(known), AT_ONCE):
        await _read_talks(store, known[start : start + AT_ONCE], into=stored)
    for agent in await store.agents.everyone():
        stored.people[agent.agent_id] = Person(
            agent.agent_id, agent.presence.value, agent.load, agent.capacity, agent.languages
        )
    return stored


def count_archived(database: Path) -> dict[str, int]:
    """Return how many events of each conversation the SQLite file of the history holds."""
    with closing(_open(database)) as connection:
        rows = connection.execute("SELECT conversation_id, COUNT(*) FROM events GROUP BY 1")
        return dict(rows.fetchall())


def read_archived(database: Path) -> dict[str, list[Event]]:
    """Return the archived events of each conversation by number."""
    found: dict[str, list[Event]] = defaultdict(list)
    with closing(_open(database)) as connection:
        rows = connection.execute(
            "SELECT conversation_id, seq, type, at_ms, epoch, data FROM events "
            "ORDER BY conversation_id, seq"
        )
        for conversation_id, seq, kind, at_ms, epoch, data in rows:
            event = Event(conversation_id, seq, kind, at_ms, epoch, json.loads(data))
            found[conversation_id].append(event)
    return dict(found)


def _open(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)


async def _read_talks(store: Store, conversation_ids: list[str], *, into: Stored) -> None:
    keys = store.keys
    async with store.redis.pipeline(transaction=False) as pipe:
        for conversation_id in conversation_ids:
            pipe.hgetall(keys.conversation(conversation_id))
            pipe.xrange(keys.events(conversation_id))
            pipe.llen(keys.turns(conversation_id))
            pipe.zscore(keys.timers, conversation_id)
        answers = await pipe.execute()
    for number, conversation_id in enumerate(conversation_ids):
        fields, entries, owed, timer = answers[4 * number : 4 * number + 4]
        if not fields:
            continue  # no longer kept: the archive has it
        into.talks[conversation_id] = _talk(conversation_id, fields, owed=owed, timer=timer)
        into.live[conversation_id] = [
            Event.from_json(json.loads(entry[EVENT_FIELD])) for _, entry in entries
        ]


def _talk(
    conversation_id: str, fields: Mapping[str, str], *, owed: int, timer: float | None
) -> Talk:
    state = fields["state"]
    due = {
        "offered": fields.get("deadline_ms"),
        "wrap_up": timer,
        "parked": fields.get("parked_until_ms"),
    }.get(state)
    return Talk(
        conversation_id,
        state,
        int(fields["epoch"]),
        int(fields["seq"]),
        fields["language"],
        agent_id=fields.get("agent_id") or None,
        due_ms=int(due) if due is not None else None,
        owed_turns=owed,
    )
