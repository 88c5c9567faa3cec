"""The canned replies and macros that the people of a desk share. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from handoff_service.domain import DEFAULT_LOCALE, Json


class Do(StrEnum):
    """What one act of a macro does; its `value` is what it is done with."""

    REPLY = "reply"  #: puts a canned reply, by its id, into the composer
    TAG = "tag"
    UNTAG = "untag"
    PRIORITY = "priority"  #: 0 to 9
    NOTE = "note"  #: for colleagues
    TRANSFER = "transfer"  #: to a team
    PARK = "park"  #: for so many hours
    CLOSE = "close"  #: with this outcome


#: After these the conversation is not the agent's any more: nothing can follow.
LAST_ACTS = frozenset({Do.TRANSFER, Do.PARK, Do.CLOSE})


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a macro."""

    do: Do
    value: str

    def to_json(self) -> Json:
        """Return the shape that pages get."""
        return {"do": self.do.value, "value": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """A named list of acts; one that is refused stops those after it."""

    macro_id: str
    title: str
    acts: tuple[Act, ...]
    teams: tuple[str, ...] = ()  #: none: everybody's


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A text that is ready, in some languages; placeholders are filled when it is used."""

    reply_id: str
    shortcut: str  #: what is written after the slash
    title: str
    texts: Mapping[str, str]  #: locale → text, at least one
    teams: tuple[str, ...] = ()  #: none: everybody's


@dataclass(frozen=True, slots=True)
class Replies:
    """Everything of a desk, by id, in the order of the document."""

    replies: Mapping[str, Reply] = field(default_factory=dict)
    macros: Mapping[str, Macro] = field(default_factory=dict)


def for_teams(teams: Collection[str], of: Collection[str]) -> bool:
    """Whether something for `teams`, none for everybody, is for who is in the teams `of`."""
    return not teams or any(team in of for team in teams)


#: Where no text is in the customer's language, these are tried first: most who read one read it.
_NEAR: Mapping[str, str] = {"zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}


def choose_text(texts: Mapping[str, str], wanted: str) -> str:
    """Return the locale to use for a customer who speaks `wanted`: theirs, else the nearest."""
    tried: Sequence[str] = (wanted, _NEAR.get(wanted, wanted), DEFAULT_LOCALE)
    return next((locale for locale in tried if locale in texts), next(iter(texts)))
