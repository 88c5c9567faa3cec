"""Who had a conversation when, read from its events alone. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from baton.client.events import Event

BOT, WAITING, OFFERED, ASSIGNED = "bot", "waiting", "offered", "assigned"
WRAP_UP, PARKED, CLOSED, MESSAGE_LEFT = "wrap_up", "parked", "closed", "message_left"

#: States that take room of the agent named in them.
LOADING = frozenset({OFFERED, ASSIGNED, WRAP_UP})
#: States in which one agent alone may speak.
OWNED = frozenset({ASSIGNED, WRAP_UP, PARKED})

#: Event → the state it leads to, where that does not depend on more.
_LEADS_TO = {
    "conversation.started": BOT,
    "handoff.requested": WAITING,
    "handoff.cancelled": BOT,
    "handoff.abandoned": BOT,
    "handoff.offered": OFFERED,
    "handoff.assigned": ASSIGNED,
    "handoff.taken_over": ASSIGNED,
    "handoff.transferred": WAITING,
    "agent.lost": WAITING,
    "handoff.returned": BOT,
    "message.left": MESSAGE_LEFT,
    "conversation.wrapped_up": WRAP_UP,
    "conversation.closed": CLOSED,
    "conversation.parked": PARKED,
}
#: Offers that end go back to where they came from.
_ENDS_OFFER = frozenset({"handoff.declined", "offer.expired"})


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a conversation stands from one event on.

    Attributes:
        seq: of the event that led there.
        at_ms: its time.
        state: one of the states of a conversation.
        agent_id: to whom it is offered, or who holds it; None otherwise.
        epoch: the conversation's.
        met_agent: a person has accepted it, and neither bot nor closing came since.
        passed_by: agents who let the offer pass since the latest request.
        language: of the request.
        wanted: the one agent it waits for, until that is given up.
    """

    seq: int
    at_ms: int
    state: str
    agent_id: str | None
    epoch: int
    met_agent: bool = False
    passed_by: frozenset[str] = frozenset()
    language: str = ""
    wanted: str | None = None


def replay(events: Iterable[Event]) -> list[Stand]:
    """Return where a conversation stood after each of its events, in their order.

    An event of a type that is not known here changes nothing but number, time and epoch.
    """
    stands: list[Stand] = []
    stand = Stand(0, 0, BOT, None, 1)
    for event in events:
        state, agent_id = _after(event, stand)
        met = state in OWNED or (stand.met_agent and state not in {BOT, CLOSED})
        passed = stand.passed_by
        if event.type in _ENDS_OFFER:
            passed |= {str(event.data["agent_id"])}
        elif event.type == "handoff.requested":
            passed = frozenset()
        stand = replace(
            stand,
            seq=event.seq,
            at_ms=event.at_ms,
            state=state,
            agent_id=agent_id,
            epoch=event.epoch,
            met_agent=met,
            passed_by=passed,
            language=str(event.data.get("language") or stand.language),
            wanted=_wanted(event, stand) if state in {WAITING, OFFERED} else None,
        )
        stands.append(stand)
    return stands


def _after(event: Event, before: Stand) -> tuple[str, str | None]:
    """Return state and agent after an event."""
    if event.type in _ENDS_OFFER:
        return (MESSAGE_LEFT if event.data.get("left") else WAITING), None
    if event.type == "conversation.resumed":
        agent_id = event.data.get("agent_id") if event.data.get("place") is None else None
        return (ASSIGNED, str(agent_id)) if agent_id else (WAITING, None)
    if event.type == "message.posted" and event.data.get("author") == "customer":
        if before.state == CLOSED:
            return BOT, None
        if before.state == WRAP_UP:
            return ASSIGNED, before.agent_id
    state = _LEADS_TO.get(event.type)
    if state is None:
        return before.state, before.agent_id
    if state not in LOADING | OWNED:
        return state, None
    return state, str(event.data.get("agent_id") or before.agent_id)


def _wanted(event: Event, before: Stand) -> str | None:
    """Return for whom a conversation waits after an event."""
    if event.type == "handoff.transferred":
        to = event.data.get("to", {})
        return str(to["id"]) if to.get("kind") == "agent" else None
    if event.type == "conversation.resumed":
        return before.agent_id
    if event.type == "handoff.widened" and event.data.get("what") == "wanted_agent":
        return None
    return before.wanted


def spells(stands: Sequence[Stand], *, end_ms: int) -> list[tuple[Stand, int, int]]:
    """Return each stretch of time in one state: (stand, from ms, until ms)."""
    untils = [*(stand.at_ms for stand in stands[1:]), end_ms]
    return [(s, s.at_ms, until) for s, until in zip(stands, untils, strict=True)]
