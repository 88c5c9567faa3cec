"""What Baton reasons about: states, events, agents. No I/O here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from handoff_service.errors import IllegalMove

#: Every text a customer reads exists in each of these.
LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")
DEFAULT_LOCALE = "en"

#: Tags that one conversation may have.
MOST_TAGS = 20

#: JSON at the edge: what a socket, Rasa or Redis gave and no dataclass has a field for.
Json = dict[str, Any]


class State(StrEnum):
    """Where a conversation is."""

    BOT = "bot"  #: the bot answers
    WAITING = "waiting"  #: in the queue for a person
    OFFERED = "offered"  #: put before one agent, with a deadline
    ASSIGNED = "assigned"  #: an agent holds it
    WRAP_UP = "wrap_up"  #: the agent is done, the customer may still write or rate
    CLOSED = "closed"  #: over; a new customer message opens it again
    MESSAGE_LEFT = "message_left"  #: nobody was on duty, the customer left a message
    PARKED = "parked"  #: an agent set it aside until a time; nobody's load

    @classmethod
    def read(cls, word: str) -> Self:
        """Return the state that a stored word names.

        One that a newer version wrote is passed on as it is, and is none of those above.
        """
        try:
            return cls(word)
        except ValueError:
            foreign = str.__new__(cls, word)
            foreign._name_ = foreign._value_ = word
            return foreign


class Owner(StrEnum):
    """Who may speak to the customer; each change of owner raises the epoch by one."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"
    NOBODY = "nobody"


OWNER: Mapping[State, Owner] = {
    State.BOT: Owner.BOT,
    State.WAITING: Owner.QUEUE,
    State.OFFERED: Owner.QUEUE,
    State.ASSIGNED: Owner.AGENT,
    State.WRAP_UP: Owner.AGENT,
    State.CLOSED: Owner.NOBODY,
    State.MESSAGE_LEFT: Owner.QUEUE,
    State.PARKED: Owner.AGENT,
}

#: The one table of legal moves. The Lua scripts are given this very table (store/scripts.py).
LEGAL_MOVES: Mapping[State, frozenset[State]] = {
    State.BOT: frozenset({State.WAITING, State.CLOSED}),
    State.WAITING: frozenset(
        {State.OFFERED, State.ASSIGNED, State.BOT, State.MESSAGE_LEFT, State.CLOSED}
    ),
    State.OFFERED: frozenset(
        {State.ASSIGNED, State.WAITING, State.MESSAGE_LEFT, State.BOT, State.CLOSED}
    ),
    # To itself: a take-over by another person.
    State.ASSIGNED: frozenset(
        {State.WAITING, State.ASSIGNED, State.PARKED, State.BOT, State.WRAP_UP, State.CLOSED}
    ),
    State.WRAP_UP: frozenset({State.CLOSED, State.ASSIGNED}),
    State.CLOSED: frozenset({State.BOT}),
    State.MESSAGE_LEFT: frozenset({State.OFFERED, State.ASSIGNED, State.BOT, State.CLOSED}),
    State.PARKED: frozenset({State.WAITING, State.ASSIGNED, State.CLOSED, State.BOT}),
}


def check_move(source: State, target: State) -> None:
    """Raise IllegalMove unless the table of legal moves holds this one."""
    if target not in LEGAL_MOVES[source]:
        raise IllegalMove(source, target)


class EventType(StrEnum):
    """What can happen in a conversation. Past tense: an event is a fact."""

    STARTED = "conversation.started"
    MESSAGE_POSTED = "message.posted"
    CUSTOMER_IDENTIFIED = "customer.identified"
    LANGUAGE_CHANGED = "language.changed"
    BOT_DELAYED = "bot.delayed"
    HANDOFF_REQUESTED = "handoff.requested"
    HANDOFF_CANCELLED = "handoff.cancelled"
    HANDOFF_OFFERED = "handoff.offered"
    HANDOFF_DECLINED = "handoff.declined"
    OFFER_EXPIRED = "offer.expired"
    HANDOFF_ASSIGNED = "handoff.assigned"
    AGENT_LOST = "agent.lost"
    HANDOFF_TRANSFERRED = "handoff.transferred"
    HANDOFF_TAKEN_OVER = "handoff.taken_over"
    HANDOFF_ABANDONED = "handoff.abandoned"
    CONSENT_ASKED = "handoff.consent_asked"
    HANDOFF_WIDENED = "handoff.widened"
    HANDOFF_REROUTED = "handoff.rerouted"
    WHISPER_POSTED = "whisper.posted"
    NOTE_POSTED = "note.posted"
    MESSAGE_EDITED = "message.edited"
    TAGGED = "conversation.tagged"
    PRIORITIZED = "conversation.prioritized"
    ANSWER_MARKED = "answer.marked"
    PARKED = "conversation.parked"
    RESUMED = "conversation.resumed"
    HANDOFF_RETURNED = "handoff.returned"
    MESSAGE_LEFT = "message.left"
    WRAPPED_UP = "conversation.wrapped_up"
    CLOSED = "conversation.closed"
    ERASED = "conversation.erased"
    RATED = "conversation.rated"
    ANSWER_VOTED = "answer.voted"
    SURVEY_ASKED = "survey.asked"
    SURVEY_ANSWERED = "survey.answered"


def event_type(word: str) -> EventType | str:
    """Return the type that a stored word names; the word itself when a newer version wrote it."""
    try:
        return EventType(word)
    except ValueError:
        return word


#: A customer never gets these.
AGENTS_ONLY = frozenset(
    {
        EventType.CUSTOMER_IDENTIFIED,
        EventType.HANDOFF_OFFERED,
        EventType.HANDOFF_DECLINED,
        EventType.OFFER_EXPIRED,
        EventType.WHISPER_POSTED,
        EventType.NOTE_POSTED,
        EventType.TAGGED,
        EventType.PRIORITIZED,
        EventType.ANSWER_MARKED,
        EventType.HANDOFF_WIDENED,
        EventType.HANDOFF_REROUTED,
    }
)
#: Fields of a message that say what an agent wrote it with. Most messages have none of them.
WRITTEN_WITH = frozenset({"canned_id", "macro_id", "passage"})
#: How sure the bot was of what a customer meant: in the first event by which it answers a turn.
UNDERSTOOD = "understood"
#: Fields of other events that are meant for agents: words about the customer, not to the customer.
AGENTS_ONLY_FIELDS: Mapping[str, frozenset[str]] = {
    EventType.HANDOFF_REQUESTED: frozenset(
        {
            *("contact", "needs", "summary", "tried", "triage", "intent", UNDERSTOOD),
            *("release", "index_version", "split", "arm"),
        }
    ),
    EventType.HANDOFF_RETURNED: frozenset({"note"}),
    EventType.HANDOFF_TRANSFERRED: frozenset({"note", "by"}),
    EventType.PARKED: frozenset({"note"}),
    EventType.WRAPPED_UP: frozenset({"disposition"}),
    EventType.ANSWER_VOTED: frozenset({"query", "sources", "confidence", "index_version"}),
    EventType.MESSAGE_POSTED: WRITTEN_WITH | {UNDERSTOOD},
}
_PARTLY_HIDDEN = AGENTS_ONLY_FIELDS.keys() - {EventType.MESSAGE_POSTED}


def whole_for_customer(kind: EventType | str, text: str) -> bool:
    """Whether a customer may read every field of an event, never of a type unknown here.

    `text` is its JSON: of a message, the most frequent of all, it is enough to see that no name of
    a hidden field stands in it.
    """
    if kind is EventType.MESSAGE_POSTED:
        return not any(f'"{name}"' in text for name in AGENTS_ONLY_FIELDS[kind])
    return isinstance(kind, EventType) and kind not in AGENTS_ONLY | _PARTLY_HIDDEN


class Author(StrEnum):
    """Who said something."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"


class ClosedBy(StrEnum):
    """Who ended a conversation."""

    AGENT = "agent"
    CUSTOMER = "customer"
    SYSTEM = "system"


class Presence(StrEnum):
    """Whether an agent takes conversations."""

    ONLINE = "online"  #: gets offers
    AWAY = "away"  #: keeps what is held, gets no offers
    OFFLINE = "offline"  #: not at work

    @classmethod
    def read(cls, word: str) -> Self:
        """Return what a stored word means; one that a newer version wrote gets no offers here."""
        try:
            return cls(word)
        except ValueError:
            return cls("away")


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of one conversation, numbered by `seq` from 1.

    `epoch` is the conversation's after the event: `handoff.assigned` carries the agent's new one.
    `data` is JSON whose fields depend on `type` (docs/protocol.md). A type that is a plain string
    is another version's: it is kept and passed on to agents as it is, never to customers.
    """

    conversation_id: str
    seq: int
    type: EventType | str  #: text: a version newer than this one wrote it
    at_ms: int
    epoch: int
    data: Json

    def to_json(self) -> Json:
        """Return the shape used on sockets, in Redis, in SQL and in exports."""
        return {
            "conversation_id": self.conversation_id,
            "seq": self.seq,
            "type": str(self.type),
            "at_ms": self.at_ms,
            "epoch": self.epoch,
            "data": self.data,
        }

    @classmethod
    def from_json(cls, raw: Json) -> Self:
        """Read that shape; raise LookupError, TypeError or ValueError when it is another."""
        if not (isinstance(raw["conversation_id"], str) and isinstance(raw["data"], dict)):
            raise TypeError("conversation_id or data of another type")
        return cls(
            conversation_id=raw["conversation_id"],
            seq=int(raw["seq"]),
            type=event_type(raw["type"]),
            at_ms=int(raw["at_ms"]),
            epoch=int(raw["epoch"]),
            data=raw["data"],
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the JSON text of an event."""
        return cls.from_json(json.loads(text))

    def for_customer(self) -> Self | None:
        """Return what the customer may see of it: None for an event that only agents get.

        What this version does not know may be one of these.
        """
        if not isinstance(self.type, EventType) or self.type in AGENTS_ONLY:
            return None
        hidden = AGENTS_ONLY_FIELDS.get(self.type)
        if not hidden:
            return self
        return replace(self, data={k: v for k, v in self.data.items() if k not in hidden})


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent as the live store knows them."""

    agent_id: str
    name: str
    languages: tuple[str, ...]
    capacity: int  #: how much at most, in weights: most conversations weigh 1
    presence: Presence = Presence.OFFLINE
    load: int = 0  #: weights of those offered to, held by or being wrapped up by the agent
    last_assigned_ms: int = 0  #: 0: never
    last_seen_ms: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)  #: skill → level; none: all, at level 1
    teams: tuple[str, ...] = ()
    presence_reason: str | None = None  #: asked, missed_offers, lost, forced, signed_out …
    usual_capacity: int = 0  #: `capacity`, unless a supervisor set another one for now
    presence_since_ms: int = 0  #: since when the presence is what it is; 0: unknown


@dataclass(frozen=True, slots=True)
class QueueStats:
    """The queue at a glance."""

    waiting: int
    longest_since_ms: int | None  #: original waiting time of the head; None when nobody waits
