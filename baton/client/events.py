"""Events as a client sees them: parsed at the socket, read by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

MESSAGE = "message.posted"
LANGUAGE_CHANGED = "language.changed"
REQUESTED = "handoff.requested"
ASSIGNED = "handoff.assigned"
LEFT = "message.left"
WRAPPED_UP = "conversation.wrapped_up"
CLOSED = "conversation.closed"
RATED = "conversation.rated"


@dataclass(frozen=True, slots=True)
class Source:
    """The passage an answer quotes; `url` is relative to the site."""

    article_id: str
    title: str
    url: str
    quote: str

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        return cls(raw["article_id"], raw["title"], raw["url"], raw["quote"])


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of a conversation, numbered by `seq` from 1; `at_ms` is the server's clock."""

    conversation_id: str
    seq: int
    type: str
    at_ms: int
    epoch: int
    data: Mapping[str, Any]

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            raw["conversation_id"], raw["seq"], raw["type"], raw["at_ms"], raw["epoch"], raw["data"]
        )

    @property
    def author(self) -> str | None:
        """Return customer, bot or agent for a message, None for any other event."""
        return self.data.get("author") if self.type == MESSAGE else None

    @property
    def text(self) -> str:
        return str(self.data.get("text") or "")

    @property
    def kind(self) -> str | None:
        """Return what the bot's message is (answer, triage, …); "handoff" for a handoff."""
        return "handoff" if self.type == REQUESTED else self.data.get("kind")

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(Source.from_json(raw) for raw in self.data.get("sources") or ())

    @property
    def buttons(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self.data.get("buttons") or ())

    @property
    def ends_a_turn(self) -> bool:
        """Tell whether the bot's side of a turn is in this event."""
        return self.author == "bot" or self.type == REQUESTED
