"""The bodies of canned replies, macros and suggested passages over HTTP."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Locale = Annotated[str, StringConstraints(max_length=16)]
Text = Annotated[str, StringConstraints(max_length=8000)]
Number = Annotated[int, Field(ge=0, le=2**31)]
Seq = Annotated[int, Field(ge=1, le=2**53)]
#: Texts by language.
Texts = Annotated[dict[Locale, Text], Field(max_length=20)]


@dataclass(frozen=True, slots=True)
class RepliesQuery:
    """For which conversation, in which language, with which words."""

    conversation_id: Id | None = None
    #: Of the customer; without it the conversation's, else the default.
    language: Locale | None = None
    q: Annotated[str, StringConstraints(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A reply, ready for a conversation."""

    reply_id: str
    shortcut: str
    title: str
    teams: list[str]
    #: Of the text; `foreign`: there is none in the customer's language.
    locale: str
    foreign: bool
    #: The text in parts: {"text"}, or {"gap"} where a placeholder has no value.
    parts: list[dict[str, str]]
    #: The caller's own, which nobody else has.
    own: bool
    #: The caller's messages that were written with it in the last 90 days.
    uses: int


@dataclass(frozen=True, slots=True)
class ActView:
    """One act of a macro: what, and with what."""

    do: str
    value: str


@dataclass(frozen=True, slots=True)
class MacroView:
    """A macro with its acts in order."""

    macro_id: str
    title: str
    teams: list[str]
    acts: list[ActView]


@dataclass(frozen=True, slots=True)
class RepliesAnswer:
    """What the caller can use here, most used first."""

    #: Of the area `replies` of the settings; 0: the file.
    version: int
    language: str
    replies: list[ReplyView]
    macros: list[MacroView]


@dataclass(frozen=True, slots=True)
class ReplyBody:
    """A reply of one's own."""

    title: Text
    texts: Texts
    shortcut: Text = ""


@dataclass(frozen=True, slots=True)
class OwnReplyAnswer:
    """A reply of one's own, as it is kept."""

    reply_id: str
    shortcut: str
    title: str
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class OwnRepliesAnswer:
    """All replies of one's own, as they are kept."""

    replies: list[OwnReplyAnswer]


@dataclass(frozen=True, slots=True)
class SharedReplyBody:
    """A reply for a desk, and the version of the settings that it was seen in."""

    base_version: Number
    title: Text
    texts: Texts
    shortcut: Text = ""
    teams: Annotated[list[Text], Field(max_length=50)] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SharedMacroBody:
    """A macro for a desk, and the version of the settings that it was seen in."""

    base_version: Number
    title: Text
    #: Each {what: with what}, such as {"tag": "refund"}.
    acts: Annotated[
        list[Annotated[dict[Locale, str | int], Field(min_length=1, max_length=8)]],
        Field(max_length=50),
    ]
    teams: Annotated[list[Text], Field(max_length=50)] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BaseQuery:
    """The version of the settings that something was seen in."""

    base_version: Number


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """Which version of the area `replies` holds now."""

    version: int


@dataclass(frozen=True, slots=True)
class PreviewBody:
    """Texts to try."""

    texts: Texts


@dataclass(frozen=True, slots=True)
class PreviewAnswer:
    """Each text in parts, as an agent would get it; without those that cannot be used."""

    texts: dict[str, list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class UsageQuery:
    """How far back."""

    days: Annotated[int, Field(ge=1, le=3650)] = 90


@dataclass(frozen=True, slots=True)
class ReplyUsage:
    """How often a reply was used; of all, those never used included."""

    reply_id: str
    uses: int
    last_ms: int | None


@dataclass(frozen=True, slots=True)
class UsageAnswer:
    """Every reply of the desk with its uses, most used first."""

    since_ms: int
    replies: list[ReplyUsage]


@dataclass(frozen=True, slots=True)
class DayUsage:
    """Uses on one day (UTC), of one agent, team and language."""

    day_ms: int
    agent_id: str
    agent_name: str
    team: str
    language: str
    uses: int


@dataclass(frozen=True, slots=True)
class ReplyUsageAnswer:
    """The uses of one reply, the latest day first."""

    reply_id: str
    since_ms: int
    uses: list[DayUsage]


@dataclass(frozen=True, slots=True)
class SuggestionsQuery:
    """About which message of the customer."""

    seq: Seq


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage of an article that may answer."""

    passage_id: str
    article_id: str
    title: str
    heading: str
    #: Where it stands, with scheme and host: a customer can follow it.
    url: str
    quote: str
    #: The quote with its lists, tables and links; as in answers of the bot.
    blocks: list[dict[str, Any]]
    locale: str
    updated: str
    #: In another language than the customer's.
    foreign: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class SuggestionsAnswer:
    """Passages for one message, best first, without those that agents found not right."""

    seq: int
    question: str
    language: str
    index_version: str
    passages: list[PassageView]
    #: How many were left out because of such a verdict.
    left_out: int


@dataclass(frozen=True, slots=True)
class VerdictBody:
    """An agent's word on a passage that was suggested for a message."""

    seq: Seq
    passage_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,64}$")]
    article_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    locale: Locale
    index_version: Annotated[str, StringConstraints(max_length=64)]
    verdict: Literal["not_right", "right"] = "not_right"
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None


@dataclass(frozen=True, slots=True)
class VerdictAnswer:
    """What is kept; `right` takes an earlier word back, and nothing is kept."""

    passage_id: str
    verdict: str
