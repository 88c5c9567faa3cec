"""The frames of both sockets but the agent's own; they grow by adding only."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, dataclass_transform

from pydantic import Field, StrictBool, StringConstraints

from handoff_service.conversation import CONTACT_CHARS, WHEN_CHARS

#: Version that both sides name in `hello` and `welcome`.
VERSION = 1
#: Largest frame that is read, in bytes of UTF-8.
MAX_FRAME_BYTES = 16 * 1024

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Slug: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Seq: TypeAlias = Annotated[int, Field(ge=0, le=2**53)]
Epoch: TypeAlias = Annotated[int, Field(ge=1, le=2**53)]
#: What people write; how long it may be is a setting and is checked with its own error code.
Text: TypeAlias = Annotated[str, StringConstraints(max_length=MAX_FRAME_BYTES)]
Word: TypeAlias = Annotated[str, StringConstraints(max_length=200)]
#: A button's payload: `action` and a few plain values beside it.
Payload: TypeAlias = Annotated[
    dict[Slug, Annotated[str, StringConstraints(max_length=200)] | int | bool | None],
    Field(min_length=1, max_length=8),
]
#: Uploaded files that a message shows, by id.
Files: TypeAlias = Annotated[tuple[Id, ...], Field(max_length=5)]
#: A JSON object on its way out: what an event or a read model was written as.
Json: TypeAlias = dict[str, Any]


T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def frame(cls: type[T]) -> type[T]:
    """Make a class a frame: frozen, slotted, fields by name only."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


# ── customer → service ──────────────────────────────────────────────────────────────────────────


@frame
class CustomerHello:
    """First frame of a customer: who I am and what I have seen."""

    type: Literal["hello"] = "hello"
    v: int = VERSION
    token: Text
    last_seq: Seq = 0
    locale: Word | None = None


@frame
class CustomerMessage:
    """Something the customer wrote, or a button they clicked."""

    type: Literal["message"] = "message"
    message_id: Id
    text: Text
    payload: Payload | None = None
    locale: Word | None = None
    attachments: Files = ()


@frame
class RequestPerson:
    """The customer wants a person, now."""

    type: Literal["request_person"] = "request_person"
    message_id: Id


@frame
class CancelHandoff:
    """The customer leaves the queue and goes back to the bot."""

    type: Literal["cancel_handoff"] = "cancel_handoff"
    message_id: Id


@frame
class LeaveMessage:
    """What the customer leaves instead of waiting, and how they want the answer."""

    type: Literal["leave_message"] = "leave_message"
    message_id: Id
    contact: Annotated[str, StringConstraints(max_length=CONTACT_CHARS)]
    text: Text
    callback: StrictBool = False
    when: Annotated[str, StringConstraints(max_length=WHEN_CHARS)] = ""


@frame
class Rate:
    """How it went, 1 to 5 stars."""

    type: Literal["rate"] = "rate"
    message_id: Id
    stars: Annotated[int, Field(ge=1, le=5)]
    comment: Text = ""


@frame
class Survey:
    """What the customer says to the question how it went; no score: they skip it."""

    type: Literal["survey"] = "survey"
    message_id: Id
    kind: Literal["csat", "ces", "nps"]
    score: Annotated[int, Field(ge=0, le=10)] | None = None
    comment: Text = ""


@frame
class Vote:
    """Whether an answer of the bot helped; `seq` is the answer's."""

    type: Literal["vote"] = "vote"
    message_id: Id
    seq: Annotated[int, Field(ge=1, le=2**53)]
    helpful: StrictBool


@frame
class Proactive:
    """The customer opened what a rule of the site said first."""

    type: Literal["proactive"] = "proactive"
    message_id: Id
    rule: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


@frame
class CustomerTyping:
    """The customer began or stopped writing."""

    type: Literal["typing"] = "typing"
    on: bool


@frame
class CustomerRead:
    """The customer has seen everything up to `seq`."""

    type: Literal["read"] = "read"
    seq: Seq


@frame
class CustomerPage:
    """The page around the widget is another one now, without having been loaded anew."""

    type: Literal["page"] = "page"
    url: Annotated[str, StringConstraints(max_length=2000)] = ""
    title: Annotated[str, StringConstraints(max_length=300)] = ""


@frame
class Ping:
    """Asks for a `pong`."""

    type: Literal["ping"] = "ping"


# ── service → both ──────────────────────────────────────────────────────────────────────────────


@frame
class EventFrame:
    """One event of a conversation, in order, each once."""

    type: Literal["event"] = "event"
    event: Json


@frame
class Pong:
    """The answer to `ping`."""

    type: Literal["pong"] = "pong"


@frame
class ErrorFrame:
    """A refusal; `code` is what programs read, `message` what people may read."""

    type: Literal["error"] = "error"
    code: str
    message: str
    message_id: str | None = None
    conversation_id: str | None = None


@frame
class TypingFrame:
    """Somebody on the other side began or stopped writing."""

    type: Literal["typing"] = "typing"
    conversation_id: str
    author: Literal["customer", "bot", "agent"]
    on: bool


@frame
class ReadFrame:
    """The other side has seen everything up to `seq`."""

    type: Literal["read"] = "read"
    conversation_id: str
    author: Literal["customer", "agent"]
    seq: int


@frame
class Ack:
    """The write is stored; `seq` is the number of its event, where it made one."""

    type: Literal["ack"] = "ack"
    message_id: str | None = None
    conversation_id: str | None = None
    seq: int | None = None


# ── service → customer ──────────────────────────────────────────────────────────────────────────


@frame
class CustomerWelcome:
    """The answer to `hello`; the events after `last_seq` of the hello follow."""

    type: Literal["welcome"] = "welcome"
    v: int = VERSION
    conversation_id: str
    state: str
    epoch: int
    last_seq: int
    agent_name: str | None = None
    place: int | None = None
    wait_ms: tuple[int, int] | None = None  #: from, to: holds four times in five
    on_duty: bool
    back_at_ms: int | None = None
    may_leave: bool | None = None  #: True: nobody will come soon, so leaving a message is offered
    read_seq: int | None = None  #: up to which event an agent has read; None: none has
    attachments: Json | None = None  #: max_bytes and accept (for a file picker); None: no files
    notices: tuple[Json, ...] | None = None  #: known problems, the latest first
    hours: Json | None = None  #: when people are there, by locale; None: always, or not told
    mail: bool | None = None  #: True: e-mails can be sent
    email: str | None = None  #: the customer's, as the site signed it
    server_ms: int


@frame
class StateFrame:
    """One of these changed."""

    type: Literal["state"] = "state"
    state: str
    agent_name: str | None = None
    place: int | None = None
    wait_ms: tuple[int, int] | None = None
    on_duty: bool
    back_at_ms: int | None = None
    may_leave: bool | None = None
    read_seq: int | None = None


@frame
class NoticesFrame:
    """The known problems, whole: one was published, changed, withdrawn, or its time is over."""

    type: Literal["notices"] = "notices"
    notices: tuple[Json, ...]


# ── service → agent ─────────────────────────────────────────────────────────────────────────────


@frame
class AgentWelcome:
    """The answer to `hello`: the whole picture; the events the page has not seen follow."""

    type: Literal["welcome"] = "welcome"
    v: int = VERSION
    agent: Json
    presence: str
    presence_reason: str | None = None
    conversations: tuple[Json, ...]
    offers: tuple[Json, ...]
    parked: tuple[Json, ...] = ()
    lost: tuple[Json, ...] = ()
    queue: Json
    attachments: Json | None = None
    server_ms: int


@frame
class OfferFrame:
    """A waiting conversation, put before this agent until its deadline."""

    type: Literal["offer"] = "offer"
    offer: Json


@frame
class OfferGone:
    """An offer that no longer stands."""

    type: Literal["offer_gone"] = "offer_gone"
    conversation_id: str
    reason: Literal["expired", "declined", "accepted", "cancelled", "taken"]


@frame
class ConversationFrame:
    """A conversation this agent holds is new or changed."""

    type: Literal["conversation"] = "conversation"
    summary: Json


@frame
class ConversationGone:
    """A conversation this agent held is no longer theirs."""

    type: Literal["conversation_gone"] = "conversation_gone"
    conversation_id: str
    reason: str


@frame
class Supervised:
    """A supervisor changed something about this agent: what it is now."""

    type: Literal["supervised"] = "supervised"
    by_name: str
    status: str | None = None
    capacity: int | None = None
    note: str | None = None


@frame
class Viewers:
    """Who looks at a conversation that this tab shows, this agent among them."""

    type: Literal["viewers"] = "viewers"
    conversation_id: str
    people: tuple[Json, ...]  #: agent_id, name, writing


@frame
class Mention:
    """A colleague named this agent in a note."""

    type: Literal["mention"] = "mention"
    conversation_id: str
    seq: int
    from_name: str
    text: str


@frame
class QueueFrame:
    """How many wait, and since when the first of them does."""

    type: Literal["queue"] = "queue"
    waiting: int
    longest_since_ms: int | None = None


@frame
class Changed:
    """A list that the page watches may have changed; which conversations, unless they are many."""

    type: Literal["changed"] = "changed"
    topic: Literal["inbox", "floor", "learning"]
    conversation_ids: tuple[str, ...] | None = None


@frame
class PresenceFrame:
    """The presence of this agent changed, here or in another tab."""

    type: Literal["presence"] = "presence"
    status: str
    reason: str | None = None
