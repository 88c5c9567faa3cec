"""A conversation as the live store holds it, and what its handoff asks for. No I/O here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeAlias

from handoff_service.domain import DEFAULT_LOCALE, Json, State

#: Longest way to be reached, and longest wish of when, in characters: an address may have 254.
CONTACT_CHARS = 254
WHEN_CHARS = 100


@dataclass(frozen=True, slots=True)
class Handoff:
    """Why a conversation asks for a person, and everything the person should know."""

    reason: str  #: asked, technical_issue, low_confidence, none_of_these, displeasure …
    topic: str  #: the intent or topic it is about; "" when nothing is known
    language: str
    triage: tuple[Json, ...] = ()  #: {"field","question","answer"|null}
    tried: tuple[Json, ...] = ()  #: {"article_id","title","url","confidence"}
    summary: str = ""  #: the problem in the customer's own words, at most 300 characters
    contact: str = ""  #: how to reach the customer, where they said so
    callback: bool = False  #: they chose to be called
    when: str = ""  #: when they would like to be called, in their words

    def to_json(self) -> Json:
        """Return the shape of the event `handoff.requested`, without place, on_duty and text."""
        return {
            "reason": self.reason,
            "topic": self.topic,
            "language": self.language,
            "triage": list(self.triage),
            "tried": list(self.tried),
            "summary": self.summary,
            **self.how_to_reach(),
        }

    def how_to_reach(self) -> Json:
        """Return what the customer said of how they want the answer: what has a value."""
        said = {"contact": self.contact, "callback": self.callback, "when": self.when}
        return {name: value for name, value in said.items() if value}

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
            contact=(raw.get("contact") or "")[:CONTACT_CHARS],
            callback=raw.get("callback") is True,
            when=(raw.get("when") or "")[:WHEN_CHARS],
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a customer is, as the site's own server signed it."""

    customer_id: str  #: the site's own id
    name: str | None = None
    email: str | None = None
    flags: tuple[str, ...] = ()  #: of the account: short slugs, such as vip
    phone: str | None = None
    tier: str | None = None  #: of the account, a word: gold, enterprise …

    def to_json(self) -> Json:
        """Return the shape of the event `customer.identified`: what has a value."""
        told = {
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "tier": self.tier,
            "flags": list(self.flags),
        }
        return {"customer_id": self.customer_id} | {k: v for k, v in told.items() if v}

    @classmethod
    def from_json(cls, raw: Json) -> Self:
        """Read that shape."""
        return cls(
            raw["customer_id"],
            raw.get("name"),
            raw.get("email"),
            tuple(raw.get("flags", ())),
            phone=raw.get("phone"),
            tier=raw.get("tier"),
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
    site: str = ""  #: on which of the websites it began; "" for the usual one
    utc_offset_min: int | None = None  #: minutes that the customer's clock is ahead of UTC
    page: Json | None = None  #: {"url","title"} of the page the widget is on
    device: Json | None = None  #: {"browser","os","mobile"} of the latest visit
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
    turns: int = 0  #: how often the customer has asked the bot
    answered: bool = False  #: the bot has answered something
    disliked: bool = False  #: the bot's latest answer was voted down, and not up again
    handed_back: Json | None = None  #: what the bot has not heard yet: agent_name, note, articles
    needs: Needs = Needs()  #: of the latest request
    met_agent: bool = False  #: a person has accepted it: the bot is silent until it is handed back
    any_language: bool = False  #: the customer agreed to a person who speaks another language
    seen_seq: int = 0  #: up to which event the customer has seen it, where that is noted
    wanted_agent: str | None = None  #: whom it was passed to, or who parked it: asked first
    known_agent: str | None = None  #: the last agent who served it
    parked_until_ms: int | None = None
    draft: str | None = None  #: what its agent had begun to write
    read_seq: int = 0  #: how far an agent has read; 0: no agent has seen it
    tags: tuple[str, ...] = ()  #: how people sorted it, the first given first
    unanswered_ms: int | None = None  #: since when its agent owes the customer a word; None: not
