"""Parses and writes the frames of both sockets; docs/protocol.md shows one example of each.

An unknown type or field is no error: `parse_frame` tells it, so that it can be counted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from handoff_service.agent_frames import (
    Accept,
    AgentHello,
    AgentMessage,
    AgentRead,
    AgentTyping,
    Close,
    Decline,
    Draft,
    Edit,
    HandBack,
    Mark,
    Note,
    Park,
    Prioritize,
    Resume,
    SetPresence,
    Tag,
    TakeOver,
    Transfer,
    View,
    Watch,
    Whisper,
    WrapUp,
)
from handoff_service.frames import (
    Ack,
    AgentWelcome,
    CancelHandoff,
    Changed,
    ConversationFrame,
    ConversationGone,
    CustomerHello,
    CustomerMessage,
    CustomerPage,
    CustomerRead,
    CustomerTyping,
    CustomerWelcome,
    ErrorFrame,
    EventFrame,
    LeaveMessage,
    Mention,
    NoticesFrame,
    OfferFrame,
    OfferGone,
    Ping,
    Pong,
    PresenceFrame,
    Proactive,
    QueueFrame,
    Rate,
    ReadFrame,
    RequestPerson,
    StateFrame,
    Supervised,
    Survey,
    TypingFrame,
    Viewers,
    Vote,
)
from handoff_service.refusals import BadFrame, BadJson

T = TypeVar("T")

CustomerFrame: TypeAlias = (
    CustomerHello
    | CustomerMessage
    | RequestPerson
    | CancelHandoff
    | LeaveMessage
    | Rate
    | Survey
    | Vote
    | Proactive
    | CustomerTyping
    | CustomerRead
    | CustomerPage
    | Ping
)
AgentFrame: TypeAlias = (
    AgentHello
    | SetPresence
    | Accept
    | Decline
    | AgentMessage
    | HandBack
    | WrapUp
    | Close
    | Transfer
    | TakeOver
    | Whisper
    | Park
    | Resume
    | Draft
    | Note
    | Edit
    | Tag
    | Prioritize
    | Mark
    | View
    | AgentTyping
    | AgentRead
    | Watch
    | Ping
)
Out: TypeAlias = (
    CustomerWelcome
    | StateFrame
    | NoticesFrame
    | AgentWelcome
    | OfferFrame
    | OfferGone
    | ConversationFrame
    | ConversationGone
    | QueueFrame
    | Supervised
    | PresenceFrame
    | Changed
    | Viewers
    | Mention
    | EventFrame
    | TypingFrame
    | ReadFrame
    | Ack
    | Pong
    | ErrorFrame
)


def _by_type(union: object) -> Mapping[str, type]:
    return MappingProxyType({_type_of(cls): cls for cls in get_args(union)})


def _type_of(cls: type) -> str:
    return next(str(part.default) for part in fields(cls) if part.name == "type")


#: What may come from whom; and, for the tests of the page, what each of them may be sent.
FROM_CUSTOMER: Mapping[str, type[CustomerFrame]] = _by_type(CustomerFrame)
FROM_AGENT: Mapping[str, type[AgentFrame]] = _by_type(AgentFrame)
TO_CUSTOMER: Mapping[str, type[Out]] = _by_type(
    CustomerWelcome
    | EventFrame
    | Ack
    | StateFrame
    | NoticesFrame
    | TypingFrame
    | ReadFrame
    | Pong
    | ErrorFrame
)
TO_AGENT: Mapping[str, type[Out]] = _by_type(
    AgentWelcome
    | OfferFrame
    | OfferGone
    | ConversationFrame
    | ConversationGone
    | EventFrame
    | QueueFrame
    | Supervised
    | PresenceFrame
    | Changed
    | Viewers
    | Mention
    | TypingFrame
    | ReadFrame
    | Ack
    | Pong
    | ErrorFrame
)

_ADAPTERS: Mapping[type, TypeAdapter[Any]] = MappingProxyType(
    {
        cls: TypeAdapter(cls)
        for table in (FROM_CUSTOMER, FROM_AGENT, TO_CUSTOMER, TO_AGENT)
        for cls in table.values()
    }
)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """A frame, and the names in it that nobody here knows: a field, or the type of the whole."""

    frame: T | None
    unknown: tuple[str, ...]


def parse_frame(text: str, known: Mapping[str, type[T]]) -> Parsed[T]:
    """Read one frame.

    Args:
        text: what came over the socket, already checked for its size.
        known: the frames that may come this way, by type.

    Returns:
        The frame and its unknown fields; no frame and the type's name when the type is unknown.

    Raises:
        BadJson: not a JSON object.
        BadFrame: no type, or a field is missing or has no acceptable value; names the fields.
    """
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadJson from error
    if not isinstance(values, dict):
        raise BadJson
    kind = values.get("type")
    if not isinstance(kind, str):
        raise BadFrame(["type"])
    cls = known.get(kind)
    if cls is None:
        return Parsed(None, (kind[:40],))
    try:
        parsed = _ADAPTERS[cls].validate_python(values)
    except ValidationError as error:
        raise BadFrame(
            sorted({".".join(map(str, part["loc"])) for part in error.errors()})
        ) from error
    names = {part.name for part in fields(cls)}  # type: ignore[arg-type]  # every frame is a dataclass
    return Parsed(parsed, tuple(f"{kind}.{name[:40]}" for name in values if name not in names))


def dump_frame(frame: Out) -> str:
    """Write one frame; fields that are None are left out."""
    values = {part.name: getattr(frame, part.name) for part in fields(frame)}
    present = {name: value for name, value in values.items() if value is not None}
    return json.dumps(present, ensure_ascii=False, separators=(",", ":"))


def event_text(event: str) -> str:
    """Write the frame of an event that is JSON already, as the store keeps it."""
    return f'{{"type":"event","event":{event}}}'
