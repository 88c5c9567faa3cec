"""What Baton reasons about: conversations, events, handoffs, agents. No I/O here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self, TypeAlias

from handoff_service.errors import IllegalMove

#: Every text a customer reads exists in each of these.
LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")
DEFAULT_LOCALE = "en"

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
    WHISPER_POSTED = "whisper.posted"
    PARKED = "conversation.parked"
    RESUMED = "conversation.resumed"
    HANDOFF_RETURNED = "handoff.returned"
    MESSAGE_LEFT = "message.left"
    WRAPPED_UP = "conversation.wrapped_up"
    CLOSED = "conversation.closed"
    RATED = "conversation.rated"
    ANSWER_VOTED = "answer.voted"


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
        EventType.HANDOFF_WIDENED,
    }
)
#: Fields of other events that are meant for agents: words about the customer, not to the customer.
AGENTS_ONLY_FIELDS: Mapping[str, frozenset[str]] = {
    EventType.HANDOFF_REQUESTED: frozenset({"contact", "summary", "tried", "triage"}),
    EventType.HANDOFF_RETURNED: frozenset({"note"}),
    EventType.HANDOFF_TRANSFERRED: frozenset({"note"}),
    EventType.PARKED: frozenset({"note"}),
    EventType.WRAPPED_UP: frozenset({"disposition"}),
    EventType.ANSWER_VOTED: frozenset({"query", "sources", "confidence", "index_version"}),
}


def whole_for_customer(kind: EventType | str) -> bool:
    """Whether a customer may read every field of such events; never of types unknown here."""
    return isinstance(kind, EventType) and kind not in AGENTS_ONLY | AGENTS_ONLY_FIELDS.keys()


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
class Handoff:
    """Why a conversation asks for a person, and everything the person should know."""

    reason: str  #: asked, technical_issue, low_confidence, none_of_these, displeasure …
    topic: str  #: the intent or topic it is about; "" when nothing is known
    language: str
    triage: tuple[Json, ...] = ()  #: {"field","question","answer"|null}
    tried: tuple[Json, ...] = ()  #: {"article_id","title","url","confidence"}
    summary: str = ""  #: the problem in the customer's own words, at most 300 characters
    contact: str = ""  #: how to reach the customer, where they said so while nobody was on duty

    def to_json(self) -> Json:
        """Return the shape of the event `handoff.requested`, without place, on_duty and text."""
        return {
            "reason": self.reason,
            "topic": self.topic,
            "language": self.language,
            "triage": list(self.triage),
            "tried": list(self.tried),
            "summary": self.summary,
            **({"contact": self.contact} if self.contact else {}),
        }

    @classmethod
    def from_json(cls, raw: Json) -> Self:
        """Read that shape; every field but `reason` may be missing."""
        return cls(
            reason=raw["reason"],
            topic=raw.get("topic") or "",
            language=raw.get("language") or DEFAULT_LOCALE,
            triage=tuple(raw.get("triage") or ()),
            tried=tuple(raw.get("tried") or ()),
            summary=(raw.get("summary") or "")[:300],
            contact=(raw.get("contact") or "")[:200],
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a customer is, as the site's own server signed it."""

    customer_id: str  #: the site's own id
    name: str | None = None
    email: str | None = None
    flags: tuple[str, ...] = ()  #: of the account: short slugs, such as vip

    def to_json(self) -> Json:
        """Return the shape of the event `customer.identified`: what has a value."""
        told = {"name": self.name, "email": self.email, "flags": list(self.flags)}
        return {"customer_id": self.customer_id} | {k: v for k, v in told.items() if v}

    @classmethod
    def from_json(cls, raw: Json) -> Self:
        """Read that shape."""
        return cls(
            raw["customer_id"], raw.get("name"), raw.get("email"), tuple(raw.get("flags", ()))
        )


@dataclass(frozen=True, slots=True)
class Needs:
    """What a waiting conversation asks of its agent, and of the queue."""

    skill: str | None = None
    level: int = 1  #: of the skill, 1 to 5, at least
    team: str | None = None
    priority: int = 5  #: 0 to 9, 9 first
    tier: str | None = None  #: of the customer, for reports
    sla_ms: int | None = None  #: a person should have answered so long after the request
    weight: int = 1  #: how much of an agent's capacity it takes

    def to_json(self) -> Json:
        """Return the shape kept with the conversation: what has a value."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_json(cls, raw: Json) -> Self:
        """Read that shape; fields of another version are left out."""
        return cls(**{name: raw[name] for name in cls.__slots__ if name in raw})


#: Decides what a handoff needs, before it is put in the queue.
NeedsOf: TypeAlias = Callable[[Handoff, Identity | None], Needs]


def plain_needs(_handoff: Handoff, _identity: Identity | None) -> Needs:
    """Return what every handoff needs where no rules are set: anybody, at the usual priority."""
    return Needs()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as the live store holds it."""

    conversation_id: str
    customer_id: str
    state: State
    epoch: int  #: from 1, raised by each change of owner
    last_seq: int
    language: str  #: one of LOCALES
    started_ms: int
    identity: Identity | None = None  #: who the customer is, when the site signed it
    utc_offset_min: int | None = None  #: minutes that the customer's clock is ahead of UTC
    page: Json | None = None  #: {"url","title"} of the page the widget is on
    agent_id: str | None = None  #: to whom it is offered, who holds it or who parked it
    agent_name: str | None = None
    handoff: Handoff | None = None  #: the latest request
    waiting_since_ms: int | None = None  #: of the latest request; kept through declines and losses
    assigned_ms: int | None = None
    deadline_ms: int | None = None  #: of the present offer
    closed_ms: int | None = None
    stars: int | None = None
    passed_by: tuple[str, ...] = ()  #: agents who declined or let it expire, latest last
    passed_ms: int | None = None  #: when the latest of them did
    disliked: bool = False  #: the bot's latest answer was voted down, and not up again
    handed_back: Json | None = None  #: what the bot has not heard yet: agent_name, note, articles
    needs: Needs = Needs()  #: of the latest request
    met_agent: bool = False  #: a person has accepted it: the bot is silent until it is handed back
    any_language: bool = False  #: the customer agreed to a person who speaks another language
    wanted_agent: str | None = None  #: whom it was passed to, or who parked it: asked first
    known_agent: str | None = None  #: the last agent who served it
    parked_until_ms: int | None = None
    draft: str | None = None  #: what its agent had begun to write


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
    presence_reason: str | None = None  #: asked, missed_offers, lost


@dataclass(frozen=True, slots=True)
class QueueStats:
    """The queue at a glance."""

    waiting: int
    longest_since_ms: int | None  #: original waiting time of the head; None when nobody waits
