"""Whether anybody was forgotten: waited for nothing, or still waits at the end. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from baton.chaos.ledger import AGENT, GOT, LOST, Ledger
from baton.chaos.replay import (
    ASSIGNED,
    BOT,
    LOADING,
    MESSAGE_LEFT,
    OFFERED,
    PARKED,
    WAITING,
    WRAP_UP,
    Stand,
    replay,
    spells,
)
from baton.chaos.stored import Person, Stored, Talk
from baton.chaos.verdict import Finding, Flaw, Unserved

#: Beyond a deadline or the grace, nothing may be late by more at the end (ms).
LATE_MS = 10_000
#: An answer of the bot may wait for a restarting Rasa (ms).
BOT_LATE_MS = 60_000

Span = tuple[int, int]


def check_stuck(stored: Stored, *, grace_ms: int, with_bot: bool) -> Iterator[Finding]:
    """Yield conversations that nobody will ever move, as the final picture shows them."""
    for talk in stored.talks.values():
        events = stored.events(talk.conversation_id)
        since_ms = events[-1].at_ms if events else stored.taken_ms
        why = _why_stuck(
            talk, stored, idle_ms=stored.taken_ms - since_ms, grace_ms=grace_ms, with_bot=with_bot
        )
        if why:
            yield Finding(Flaw.STUCK, talk.conversation_id, why, seq=talk.last_seq)


def _why_stuck(
    talk: Talk, stored: Stored, *, idle_ms: int, grace_ms: int, with_bot: bool
) -> str | None:
    """Return why nobody will move it; None when somebody will."""
    holder = stored.people.get(talk.agent_id or "")
    if talk.state in {WAITING, MESSAGE_LEFT}:
        free = [p.agent_id for p in stored.people.values() if _could_take(p, talk)]
        if free and idle_ms > grace_ms + LATE_MS:
            return f"{talk.state} for {idle_ms / 1000:.0f} s while {free[0]} is free"
    elif talk.state in {OFFERED, WRAP_UP, PARKED}:
        if talk.due_ms is None or stored.taken_ms - talk.due_ms > LATE_MS:
            return f"{talk.state}, and its time is over (due {talk.due_ms})"
    elif talk.state == ASSIGNED:
        if holder is None or (holder.presence == "offline" and idle_ms > grace_ms + LATE_MS):
            return f"held by {talk.agent_id}, who is not there"
    elif talk.state == BOT and with_bot and talk.owed_turns and idle_ms > BOT_LATE_MS:
        return f"the bot owes {talk.owed_turns} answers"
    return None


def _could_take(person: Person, talk: Talk) -> bool:
    return (
        person.presence == "online"
        and person.load < person.capacity
        and talk.language in person.languages
    )


@dataclass(frozen=True, slots=True)
class _Room:
    """When an agent was online with room, by own account and by the events."""

    agent_id: str
    languages: frozenset[str]
    free: tuple[Span, ...]


def find_unserved(ledgers: Iterable[Ledger], stored: Stored) -> Unserved | None:
    """Return the longest time that a waiting conversation was not offered although somebody fitted.

    Fitting is an agent whose own console showed them online on an open socket, who speaks the
    language, had room by the events, and had not let this very conversation pass.
    """
    talks = [(key, replay(stored.events(key))) for key in stored.conversation_ids]
    loads = _loads(talks, end_ms=stored.taken_ms)
    rooms = [
        _room(ledger, loads[ledger.account["agent_id"]], end_ms=stored.taken_ms)
        for ledger in ledgers
        if ledger.side == AGENT and ledger.account
    ]
    worst: Unserved | None = None
    for conversation_id, stands in talks:
        for stand, from_ms, until_ms in _waits(stands, end_ms=stored.taken_ms):
            found = _longest(stand, (from_ms, until_ms), rooms)
            if found and (worst is None or found[1] - found[0] > worst.until_ms - worst.from_ms):
                worst = Unserved(conversation_id, found[2], found[0], found[1])
    return worst


def _waits(stands: Sequence[Stand], *, end_ms: int) -> Iterator[tuple[Stand, int, int]]:
    """Yield each stretch in which a conversation waited for the same people without an offer."""
    begun: tuple[Stand, int] | None = None
    for stand, from_ms, _ in spells(stands, end_ms=end_ms):
        if begun and (stand.state != WAITING or stand.wanted != begun[0].wanted):
            yield (*begun, from_ms)
            begun = None
        if stand.state == WAITING:
            begun = begun or (stand, from_ms)
    if begun:
        yield (*begun, end_ms)


def _loads(
    talks: Iterable[tuple[str, Sequence[Stand]]], *, end_ms: int
) -> dict[str, list[tuple[int, int]]]:
    """Return of each agent the changes of the load: (time, by how much), in order."""
    changes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for _, stands in talks:
        for stand, from_ms, until_ms in spells(stands, end_ms=end_ms):
            if stand.state in LOADING and stand.agent_id:
                changes[stand.agent_id] += [(from_ms, 1), (until_ms, -1)]
    return defaultdict(list, {key: sorted(found) for key, found in changes.items()})


def _room(ledger: Ledger, load_changes: list[tuple[int, int]], *, end_ms: int) -> _Room:
    """Return when the agent was there and could have taken one more."""
    capacity, load = ledger.account["capacity"], 0
    full: list[Span] = []
    full_since: int | None = None
    for at_ms, change in load_changes:
        load += change
        if load >= capacity and full_since is None:
            full_since = at_ms
        elif load < capacity and full_since is not None:
            full.append((full_since, at_ms))
            full_since = None
    if full_since is not None:
        full.append((full_since, end_ms))
    free = _without(_online(ledger, end_ms=end_ms), full)
    return _Room(ledger.account["agent_id"], frozenset(ledger.account["languages"]), tuple(free))


def _online(ledger: Ledger, *, end_ms: int) -> list[Span]:
    """Return when the agent's own console showed them online, until they asked for another."""
    found: list[Span] = []
    since: int | None = None
    for entry in ledger.entries:
        status, kind = None, entry.frame.get("type")
        if entry.what == LOST:
            status = "gone"
        elif kind == "welcome":
            status = entry.frame["presence"]
        elif kind == "presence" and (entry.what == GOT or entry.frame["status"] != "online"):
            status = entry.frame["status"]  # what was only asked for may have been done already
        if status == "online" and since is None:
            since = entry.at_ms
        elif status not in {None, "online"} and since is not None:
            found.append((since, entry.at_ms))
            since = None
    if since is not None:
        found.append((since, end_ms))
    return found


def _without(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """Return the spans without the parts that lie in a hole; both sorted, holes apart."""
    left: list[Span] = []
    for begin, end in spans:
        at = begin
        for hole_begin, hole_end in holes:
            if hole_end <= at or hole_begin >= end:
                continue
            if hole_begin > at:
                left.append((at, hole_begin))
            at = max(at, hole_end)
        if at < end:
            left.append((at, end))
    return left


def _fits(room: _Room, stand: Stand) -> bool:
    if stand.wanted and stand.wanted not in stand.passed_by:
        return room.agent_id == stand.wanted
    return stand.language in room.languages and room.agent_id not in stand.passed_by


def _longest(stand: Stand, wait: Span, rooms: Sequence[_Room]) -> tuple[int, int, str] | None:
    """Return the longest part of a wait in which one and the same agent could have taken it."""
    begin, end = wait
    best: tuple[int, int, str] | None = None
    for room in rooms:
        if not _fits(room, stand):
            continue
        first = max(0, bisect_right(room.free, (begin, begin)) - 1)
        for free_begin, free_end in room.free[first:]:
            if free_begin >= end:
                break
            span = max(begin, free_begin), min(end, free_end)
            if span[1] > span[0] and (best is None or span[1] - span[0] > best[1] - best[0]):
                best = (*span, room.agent_id)
    return best
