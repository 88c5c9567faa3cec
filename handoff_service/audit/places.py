"""Checks one conversation as of one moment: its place, its holder, what the bot owes. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from handoff_service.audit.findings import Fault, Finding
from handoff_service.conversation import Conversation
from handoff_service.domain import OWNER, Owner, State
from handoff_service.settings import Settings
from handoff_service.store.audit import Snapshot

#: What a moment of the future may be off by: clocks of several machines differ.
CLOCKS_DIFFER_MS = 5_000
#: States in which an agent holds the conversation, or is asked to.
HELD = frozenset({State.OFFERED, State.ASSIGNED, State.WRAP_UP})
IN_LINE = frozenset({State.WAITING, State.OFFERED})
#: The order of service as lua/_prelude.lua has it (turn_in_line).
_HIGHEST_PRIORITY, _PRIORITY_STEP, _USUAL_SLA_MS = 9, 2**42, 86_400_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The longest that anything may lie ahead, ms, by the settings of the service."""

    offer_ms: int
    wrap_up_ms: int
    idle_ms: int
    grace_ms: int  #: how long an agent may be silent

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limits of a service with these settings."""
        return cls(
            offer_ms=settings.offer_timeout_s * 1000,
            wrap_up_ms=settings.wrap_up_s * 1000,
            idle_ms=settings.idle_close_s * 1000,
            grace_ms=settings.agent_grace_s * 1000,
        )


#: For who does not know the service's settings: the most that any may be.
WIDEST = Limits(offer_ms=600_000, wrap_up_ms=3_600_000, idle_ms=604_800_000, grace_ms=600_000)


@dataclass(frozen=True, slots=True)
class _Index:
    states: frozenset[State]
    due: Callable[[Snapshot, Conversation], int | None]  #: None: any moment will do


def turn_in_line(found: Snapshot, talk: Conversation) -> int:
    """Return by what the queue is sorted, the next one to be served first."""
    priority = _HIGHEST_PRIORITY + 1 if found.returned else talk.needs.priority
    target_ms = talk.needs.sla_ms or _USUAL_SLA_MS
    since_ms = talk.waiting_since_ms or 0
    return (_HIGHEST_PRIORITY - priority) * _PRIORITY_STEP + since_ms + target_ms


#: By the names of keys.indexes: who belongs there, sorted by what.
INDEXES: Mapping[str, _Index] = {
    "queue": _Index(frozenset({State.WAITING}), turn_in_line),
    "left": _Index(frozenset({State.MESSAGE_LEFT}), lambda _, talk: talk.waiting_since_ms),
    "offers": _Index(frozenset({State.OFFERED}), lambda _, talk: talk.deadline_ms),
    "timers": _Index(
        frozenset({State.BOT, State.WRAP_UP}),
        lambda found, talk: found.wrap_up_ends_ms if talk.state is State.WRAP_UP else None,
    ),
    "parked": _Index(frozenset({State.PARKED}), lambda _, talk: talk.parked_until_ms),
    "closed": _Index(frozenset({State.CLOSED}), lambda _, talk: talk.closed_ms),
    "since": _Index(IN_LINE, lambda _, talk: talk.waiting_since_ms),
    "present": _Index(IN_LINE, lambda *_: None),
}
#: Those who may be missing there: customers who are away, and who wait with a message they left.
_OPTIONAL = frozenset({"present"})
_NOT_OF_LEFT_ONES = frozenset({"since", "present"})


def check_place(found: Snapshot, *, limits: Limits, now_ms: int) -> list[Finding]:
    """Return what is wrong with a conversation, or with what is said of one that does not exist."""
    if found.unreadable:
        return [Finding(Fault.UNREADABLE, found.unreadable, found.conversation_id)]
    if found.talk is None:
        return [*_indexes(found, None), *_strays(found)]
    if found.talk.state not in OWNER:
        return []  # a newer version's: only that knows where it belongs
    return [
        *_indexes(found, found.talk),
        *_timers(found, found.talk, limits=limits, now_ms=now_ms),
        *_holder(found, found.talk),
        *_turns(found, found.talk),
    ]


def _indexes(found: Snapshot, talk: Conversation | None) -> Iterator[Finding]:
    state = talk.state.value if talk else "no such conversation"
    for name, index in INDEXES.items():
        score = found.scores.get(name)
        if (
            talk is None
            or talk.state not in index.states
            or (found.left and name in _NOT_OF_LEFT_ONES)
        ):
            if score is not None:
                yield _of(found, Fault.INDEX_STRAY, f"in `{name}`, but {state}")
        elif score is None:
            if name not in _OPTIONAL:
                yield _of(found, Fault.INDEX_MISSING, f"not in `{name}`, but {state}")
        elif (due := index.due(found, talk)) is not None and due != score:
            yield _of(found, Fault.INDEX_SCORE, f"in `{name}` by {score:.0f}, should be {due}")


def _timers(
    found: Snapshot, talk: Conversation, *, limits: Limits, now_ms: int
) -> Iterator[Finding]:
    ahead = {"present": 0}
    if talk.state is State.OFFERED:
        ahead["offers"] = limits.offer_ms
    elif talk.state is State.WRAP_UP:
        ahead["timers"] = limits.wrap_up_ms
    elif talk.state is State.BOT:
        ahead["timers"] = limits.idle_ms
    for name, longest_ms in ahead.items():
        due = found.scores.get(name)
        if due is not None and due > now_ms + longest_ms + CLOCKS_DIFFER_MS:
            wrong = f"{(due - now_ms) / 1000:.0f} s from now, at most {longest_ms / 1000:.0f}"
            yield _of(found, Fault.TIMER_ABSURD, f"in `{name}`: {wrong}")


def _holder(found: Snapshot, talk: Conversation) -> Iterator[Finding]:
    if talk.state not in HELD or found.agent_id != talk.agent_id:
        yield from _strays(found)
        return
    if talk.agent_id is None:
        yield _of(found, Fault.HOLDER_MISSING, f"{talk.state.value}, but of no agent")
    elif found.weight is None:
        wrong = f"{talk.state.value}, but not among what the agent holds"
        yield _of(found, Fault.HELD_MISSING, wrong)
    elif found.weight != talk.needs.weight:
        wrong = f"held with weight {found.weight:.0f}, should be {talk.needs.weight}"
        yield _of(found, Fault.HELD_MISSING, wrong)


def _strays(found: Snapshot) -> Iterator[Finding]:
    if found.weight is not None:
        yield _of(found, Fault.HELD_STRAY, "among what the agent holds, but not theirs")


def _turns(found: Snapshot, talk: Conversation) -> Iterator[Finding]:
    owed = f"{len(found.turns)} turns owed"
    if found.job is not None and not found.has_job:
        yield _of(found, Fault.JOB_MISSING, f"{owed}, its job {found.job} is gone")
    if not found.turns:
        return
    owner = OWNER[talk.state]
    if owner in {Owner.AGENT, Owner.NOBODY} or (owner is Owner.QUEUE and talk.met_agent):
        yield _of(found, Fault.TURN_STRAY, f"{owed}, but {talk.state.value}")
        return
    if found.job is None:
        yield _of(found, Fault.JOB_MISSING, f"{owed}, but no job")
    epochs = {int(json.loads(turn)["epoch"]) for turn in found.turns}
    if epochs != {talk.epoch}:
        wrong = f"owed under epoch {min(epochs)}, the present one is {talk.epoch}"
        yield _of(found, Fault.TURN_STALE, wrong)


def _of(found: Snapshot, fault: Fault, wrong: str) -> Finding:
    return Finding(fault, wrong, found.conversation_id, found.agent_id)
