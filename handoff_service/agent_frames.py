"""The frames that an agent sends; they grow by adding only."""

from dataclasses import field
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from handoff_service.frames import VERSION, Epoch, Files, Id, Seq, Text, Word, frame

#: As people write them, without commas.
Tags: TypeAlias = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[^,\x00]{1,40}$")], ...], Field(max_length=20)
]
Millis: TypeAlias = Annotated[int, Field(ge=0, le=2**53)]


@frame
class AgentHello:
    """First frame of an agent: the last event seen of each conversation the page still holds."""

    type: Literal["hello"] = "hello"
    v: int = VERSION
    conversations: Annotated[dict[Id, Seq], Field(max_length=500)] = field(default_factory=dict)


@frame
class SetPresence:
    """The agent takes conversations, or does not."""

    type: Literal["presence"] = "presence"
    status: Literal["online", "away", "offline"]


@frame
class Accept:
    """The agent takes what was offered."""

    type: Literal["accept"] = "accept"
    conversation_id: Id
    epoch: Epoch


@frame
class Decline:
    """The agent does not take what was offered."""

    type: Literal["decline"] = "decline"
    conversation_id: Id
    epoch: Epoch
    reason: Word | None = None


@frame
class AgentMessage:
    """Something the agent wrote to the customer."""

    type: Literal["message"] = "message"
    conversation_id: Id
    epoch: Epoch
    message_id: Id
    text: Text
    attachments: Files = ()
    #: What it was written with: a canned reply, a macro, a passage by the id of its article.
    canned_id: Id | None = None
    macro_id: Id | None = None
    passage: Id | None = None

    def written_with(self) -> dict[str, str]:
        """Return what it was written with, by field of the event."""
        used = {"canned_id": self.canned_id, "macro_id": self.macro_id, "passage": self.passage}
        return {name: value for name, value in used.items() if value is not None}


@frame
class HandBack:
    """The agent gives the conversation back to the bot."""

    type: Literal["hand_back"] = "hand_back"
    conversation_id: Id
    epoch: Epoch
    note: Text | None = None


@frame
class WrapUp:
    """The agent is done; the customer is asked how it went."""

    type: Literal["wrap_up"] = "wrap_up"
    conversation_id: Id
    epoch: Epoch
    disposition: Word


@frame
class Close:
    """The agent closes the conversation."""

    type: Literal["close"] = "close"
    conversation_id: Id
    epoch: Epoch


@frame
class Transfer:
    """The agent passes the conversation on: to an agent by id, to a team or a skill by name."""

    type: Literal["transfer"] = "transfer"
    conversation_id: Id
    epoch: Epoch
    kind: Literal["agent", "team", "skill"]
    to: Word
    note: Text | None = None


@frame
class TakeOver:
    """A supervisor takes a conversation from wherever it waits, or from its agent."""

    type: Literal["take_over"] = "take_over"
    conversation_id: Id


@frame
class Whisper:
    """A supervisor tells a conversation's agent something the customer never sees."""

    type: Literal["whisper"] = "whisper"
    conversation_id: Id
    message_id: Id
    text: Text


@frame
class Park:
    """The agent sets the conversation aside until a time."""

    type: Literal["park"] = "park"
    conversation_id: Id
    epoch: Epoch
    until_ms: Millis
    note: Text | None = None


@frame
class Resume:
    """The agent takes up what they parked."""

    type: Literal["resume"] = "resume"
    conversation_id: Id


@frame
class Draft:
    """What the agent has begun to write; empty: nothing any more."""

    type: Literal["draft"] = "draft"
    conversation_id: Id
    epoch: Epoch
    text: Text


@frame
class Note:
    """Something for colleagues, which the customer never sees."""

    type: Literal["note"] = "note"
    conversation_id: Id
    message_id: Id
    text: Text
    mentions: Annotated[tuple[Id, ...], Field(max_length=20)] = ()


@frame
class Edit:
    """Another text for a message that the agent has just written."""

    type: Literal["edit"] = "edit"
    conversation_id: Id
    epoch: Epoch
    message_id: Id
    of: Id  #: message_id of the message
    text: Text


@frame
class Tag:
    """Tags to put on the conversation and to take off it."""

    type: Literal["tag"] = "tag"
    conversation_id: Id
    message_id: Id
    add: Tags = ()
    remove: Tags = ()


@frame
class Prioritize:
    """Another priority, 9 first."""

    type: Literal["prioritize"] = "prioritize"
    conversation_id: Id
    message_id: Id
    priority: Annotated[int, Field(ge=0, le=9)]


@frame
class Mark:
    """What the agent thinks of an answer of the bot, or of a question that it had none for."""

    type: Literal["mark"] = "mark"
    conversation_id: Id
    message_id: Id
    seq: Annotated[int, Field(ge=1, le=2**53)]
    verdict: Literal["wrong", "missing", "right"]
    note: Text | None = None


@frame
class View:
    """What the agent looks at in this tab; None: no conversation."""

    type: Literal["viewing"] = "viewing"
    conversation_id: Id | None = None
    writing: bool = False
    last_seq: Seq | None = None  #: what the page has of it; None: only what happens from now on


@frame
class Watch:
    """The lists that the page shows from now on: it is told when they may have changed."""

    type: Literal["watch"] = "watch"
    topics: Annotated[tuple[Literal["inbox", "floor", "learning"], ...], Field(max_length=8)]


@frame
class AgentTyping:
    """The agent began or stopped writing."""

    type: Literal["typing"] = "typing"
    conversation_id: Id
    on: bool


@frame
class AgentRead:
    """The agent has seen everything of a conversation up to `seq`."""

    type: Literal["read"] = "read"
    conversation_id: Id
    seq: Seq
