"""Which fault happens when: drawn from a seed before anything starts. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias


class Kind(StrEnum):
    """What can be done to a part of the system."""

    KILL = "kill"  #: kill -9; the launcher starts it again
    PAUSE = "pause"  #: SIGSTOP, SIGCONT a while later
    CUT = "cut"  #: connections to a replica are reset
    STALL = "stall"  #: connections to a replica hold everything back for a while
    SWALLOW = "swallow"  #: connections to a replica lose everything for a while, then break
    ROLL = "roll"  #: each replica is told to end, one after the other, and comes back
    FAILOVER = "failover"  #: sentinels are asked to make the Redis replica the primary


#: Part of the system a replica of the service is named by, with its number from 1.
SERVICE = "service"
#: The part that is the present primary, whichever process that is.
PRIMARY = "redis-primary"
NETWORK = frozenset({Kind.CUT, Kind.STALL, Kind.SWALLOW})
#: What is done, how often in proportion, and for how long (s, from and to); 0: a moment.
_Choice: TypeAlias = tuple[Kind, int, tuple[float, float]]
_OF_REPLICAS: tuple[_Choice, ...] = (
    (Kind.KILL, 4, (0.0, 0.0)),
    (Kind.PAUSE, 3, (1.0, 8.0)),
    (Kind.CUT, 4, (0.0, 0.0)),
    (Kind.STALL, 2, (1.0, 6.0)),
    (Kind.SWALLOW, 2, (2.0, 8.0)),
)
_OF_PARTS: Mapping[str, tuple[_Choice, ...]] = {
    "rasa": ((Kind.KILL, 1, (0.0, 0.0)), (Kind.PAUSE, 1, (1.0, 6.0))),
    "actions": ((Kind.KILL, 1, (0.0, 0.0)), (Kind.PAUSE, 1, (1.0, 6.0))),
    PRIMARY: (
        (Kind.KILL, 2, (0.0, 0.0)),
        (Kind.PAUSE, 2, (0.5, 2.0)),
        # longer than the sentinels' patience: they make the other one the primary meanwhile
        (Kind.PAUSE, 1, (4.0, 6.0)),
        (Kind.FAILOVER, 2, (0.0, 0.0)),
    ),
    "redis-replica": ((Kind.KILL, 1, (0.0, 0.0)), (Kind.PAUSE, 1, (0.5, 2.0))),
    "sentinel": ((Kind.KILL, 1, (0.0, 0.0)),),
}
#: A pause of a primary that has no replica to take over: no longer than people would bear (s).
_LONGEST_LONE_PAUSE_S = 3.0
#: Shares of a replica's connections that a fault of the network takes.
_SHARES = (0.2, 0.5, 1.0)
#: Seconds before the first fault: everybody should have arrived.
FIRST_S = 5.0
#: Shortest time (s) from one fault's beginning to the next.
SHORTEST_GAP_S = 1.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing done to one part at one time.

    `at_s`: after the beginning of play; `for_s`: until it is undone, 0 when nothing is to undo;
    `share`: of a replica's connections, for faults of the network.
    """

    at_s: float
    kind: Kind
    part: str
    for_s: float = 0.0
    share: float = 0.0

    def __str__(self) -> str:
        more = f", {self.share:.0%} of its connections" if self.share else ""
        span = f" for {self.for_s} s" if self.for_s else ""
        return f"{self.at_s:6.1f} s  {self.kind.value} {self.part}{span}{more}"

    def to_json(self) -> dict[str, Any]:
        """Return what a report says of it."""
        told = {"at_s": self.at_s, "kind": self.kind.value, "part": self.part}
        more = {"for_s": self.for_s, "share": self.share}
        return told | {name: value for name, value in more.items() if value}


def draw(
    seed: int, *, seconds: float, replicas: int, every_s: float, parts: Sequence[str]
) -> list[Fault]:
    """Return the faults of a run, the same for the same arguments.

    One begins every `every_s` seconds on average (exponential gaps). Faults may overlap, but never
    take the last replica that stands, nor meet the same part twice at a time.

    Args:
        seed: of the drawing.
        seconds: length of the run; every fault is over by its end.
        replicas: how many of the service.
        every_s: mean gap.
        parts: those of the system beside the replicas: rasa, actions, redis-primary and, where
            there are sentinels, redis-replica and sentinel.
    """
    rng = random.Random(seed)  # noqa: S311 (to be repeated, not to be secret)
    busy: dict[str, float] = {}
    faults: list[Fault] = []
    at = FIRST_S + rng.expovariate(1 / every_s)
    while at < seconds:
        fault = _draw_one(rng, at, replicas=replicas, parts=parts)
        ends = at + fault.for_s
        names = _touched(fault, replicas=replicas)
        down = {part for part, until in busy.items() if until > at and part.startswith(SERVICE)}
        takes = {name for name in names if name.startswith(SERVICE)}
        alone = fault.kind is not Kind.ROLL and replicas > 1 and len(down | takes) >= replicas
        if ends < seconds and not alone and all(busy.get(name, 0) <= at for name in names):
            faults.append(fault)
            of_fleet = names == [_FLEET] and "sentinel" in parts
            busy |= dict.fromkeys(names, ends + (FLEET_RECOVERY_S if of_fleet else RECOVERY_S))
        at += SHORTEST_GAP_S + rng.expovariate(1 / every_s)
    return faults


#: Seconds after a fault in which its part is left alone: it is only just starting again.
RECOVERY_S = 4.0
#: The same for servers of Redis that watch each other, all of them: a primary that has lost its
#: place is a replica some 10 s after its return (Sentinel's own pause) and confirms nothing till
#: then.
FLEET_RECOVERY_S = 20.0
#: What all servers of Redis together are.
_FLEET = "redis"


def _touched(fault: Fault, *, replicas: int) -> list[str]:
    """Return what is not to be broken again before it recovers."""
    if fault.kind is Kind.ROLL:
        return [f"{SERVICE}-{number}" for number in range(1, replicas + 1)]
    return [_FLEET] if fault.part.startswith(_FLEET) else [fault.part]


def _draw_one(rng: random.Random, at: float, *, replicas: int, parts: Sequence[str]) -> Fault:
    at = round(at, 1)
    dice = rng.random()
    if dice < 0.05:
        return Fault(at, Kind.ROLL, SERVICE)
    if dice < 0.55 or not parts:
        part, choices = f"{SERVICE}-{rng.randint(1, replicas)}", _OF_REPLICAS
    else:
        part = rng.choice(list(parts))
        choices = _OF_PARTS[part]
    kind, _, (shortest, longest) = rng.choices(choices, [choice[1] for choice in choices])[0]
    lone = part == PRIMARY and "sentinel" not in parts
    if lone and kind is Kind.FAILOVER:
        kind = Kind.KILL
    for_s = round(rng.uniform(shortest, longest), 1)
    if lone:
        for_s = min(for_s, _LONGEST_LONE_PAUSE_S)
    share = rng.choice(_SHARES) if kind in NETWORK else 0.0
    return Fault(at, kind, part, for_s=for_s, share=share)
