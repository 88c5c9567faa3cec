"""Checks one agent as of one moment. Pure."""

from collections.abc import Iterator

from handoff_service.audit.findings import Fault, Finding
from handoff_service.audit.places import CLOCKS_DIFFER_MS
from handoff_service.domain import Presence
from handoff_service.store.audit import AgentSnapshot


def check_agent(found: AgentSnapshot, *, grace_ms: int, now_ms: int) -> list[Finding]:
    """Return what is wrong with an agent's own records; what is held is checked from its side.

    An agent silent for more than `grace_ms` is about to be lost: the router sees to the rest.
    """
    faults = [*_presence(found, lost_at_ms=now_ms - grace_ms), *_heartbeat(found, now_ms=now_ms)]
    return [Finding(fault, wrong, agent_id=found.agent_id) for fault, wrong in faults]


def _presence(found: AgentSnapshot, *, lost_at_ms: int) -> Iterator[tuple[Fault, str]]:
    agent = found.agent
    load = sum(found.held.values())
    if agent is not None and agent.load != load:
        yield Fault.LOAD_WRONG, f"load {agent.load}, but what is held weighs {load:.0f}"
    if agent is not None and not found.listed:
        yield Fault.AGENT_UNLISTED, "not in the list of all agents"
    online = agent is not None and agent.presence is Presence.ONLINE
    lost = found.seen_ms is not None and found.seen_ms <= lost_at_ms
    if found.online and not online:
        shown = agent.presence.value if agent else "never registered"
        yield Fault.ONLINE_WRONG, f"{shown}, but among those online"
    elif online and not found.online and not lost:
        yield Fault.ONLINE_WRONG, "online, but not among those who are offered anything"


def _heartbeat(found: AgentSnapshot, *, now_ms: int) -> Iterator[tuple[Fault, str]]:
    if found.seen_ms is None:
        if found.held or found.online:
            yield Fault.HEARTBEAT_MISSING, "online or busy, but nobody looks after the heartbeat"
    elif found.seen_ms > now_ms + CLOCKS_DIFFER_MS:
        yield Fault.HEARTBEAT_FUTURE, f"seen {(found.seen_ms - now_ms) / 1000:.0f} s from now"
