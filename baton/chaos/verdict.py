"""What a run has found: one finding a flaw of the system, counted by kind."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from baton.client.events import Event


class Flaw(StrEnum):
    """What a system may do wrong to a conversation (docs/chaos.md has the exact meanings)."""

    LOST = "lost"
    DUPLICATED = "duplicated"
    REORDERED = "reordered"
    DOUBLE_OWNER = "double_owner"
    STUCK = "stuck"
    BOT_AFTER_HANDOFF = "bot_after_handoff"
    MISPLACED = "misplaced"


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw of one conversation, with what one needs to look into it."""

    flaw: Flaw
    conversation_id: str
    why: str
    seq: int | None = None
    message_id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the fields that say something."""
        told = {
            "flaw": self.flaw.value,
            "conversation_id": self.conversation_id,
            "why": self.why,
            "seq": self.seq,
            "message_id": self.message_id,
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Unserved:
    """The longest time that somebody waited although somebody fitting was free."""

    conversation_id: str
    agent_id: str
    from_ms: int
    until_ms: int

    @property
    def seconds(self) -> float:
        """Return its length."""
        return (self.until_ms - self.from_ms) / 1000


@dataclass(slots=True)
class Verdict:
    """All findings of a run."""

    acked: int = 0
    conversations: int = 0
    findings: list[Finding] = field(default_factory=list)
    unserved: Unserved | None = None

    @property
    def max_unserved_s(self) -> float:
        """Return the longest time somebody waited for nothing."""
        return round(self.unserved.seconds, 3) if self.unserved else 0.0

    def passes(self, *, grace_s: float) -> bool:
        """Tell whether nothing was found and nobody waited for nothing beyond the grace."""
        return not self.findings and self.max_unserved_s <= grace_s

    def counts(self) -> dict[str, Any]:
        """Return how many findings there are of each kind, zeros too."""
        found = Counter(finding.flaw for finding in self.findings)
        return {
            "acked": self.acked,
            **{flaw.value: found[flaw] for flaw in Flaw},
            "max_unserved_s": self.max_unserved_s,
            "conversations": self.conversations,
        }


def around(events: Sequence[Event], seq: int | None, *, width: int = 6) -> list[str]:
    """Return the events near a number, a line each, for whoever looks into a finding."""
    if seq is None:
        shown = events[-width:]
    else:
        shown = [event for event in events if abs(event.seq - seq) <= width // 2]
    return [_line(event) for event in shown]


def _line(event: Event) -> str:
    told = {k: v for k, v in event.data.items() if k in {"author", "agent_id", "message_id", "by"}}
    return f"{event.seq} {event.at_ms} epoch {event.epoch} {event.type} {told}"
