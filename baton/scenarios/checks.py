"""Decides whether what was seen is what a step expects. No I/O here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from baton.client.events import Event
from baton.scenarios.model import Check, Step

#: An offer to an agent is part of the waiting, for whoever waits.
WAITING = ("waiting", "offered")


@dataclass(frozen=True, slots=True)
class Seen:
    """What happened at one step, and how the conversation stands after it."""

    replies: tuple[Event, ...] = ()  #: the bot's messages and the handoff, in order
    said: str = ""  #: everything the customer could read, the bot's words and the service's
    intent: str | None = None  #: of the customer's message
    language: str = ""
    state: str = ""
    contact: str | None = None  #: left for an answer
    refused: str | None = None  #: code, where the system did not take what the customer did
    #: The latest handoff as agents see it: reason, topic, triage, tried, summary.
    handoff: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(event.kind or "" for event in self.replies)

    @property
    def quoted(self) -> list[str]:
        """The articles that answers quote, in order."""
        return [source.article_id for event in self.replies for source in event.sources]

    @property
    def offered(self) -> list[str]:
        """The articles among the buttons."""
        payloads = [button["payload"] for event in self.replies for button in event.buttons]
        return [str(p["article_id"]) for p in payloads if p.get("action") == "show_article"]

    @property
    def buttons(self) -> list[str]:
        """Titles and actions of the buttons."""
        found = [button for event in self.replies for button in event.buttons]
        return [name for b in found for name in (str(b["title"]), str(b["payload"]["action"]))]


#: Returns what was there instead, None where the expectation holds.
Judge: TypeAlias = Callable[[Seen, Any], str | None]


def failures(step: Step, seen: Seen) -> list[tuple[Check, str]]:
    """Return the expectations that do not hold, each with what was there instead."""
    judged = [(check, JUDGES[check.name](seen, check.wanted)) for check in step.checks]
    return [(check, got) for check, got in judged if got is not None]


def wish(check: Check) -> str:
    """Say in words what a check wants."""
    wanted = check.wanted
    if isinstance(wanted, bool):
        shown = "yes" if wanted else "no"
    elif isinstance(wanted, tuple):
        shown = " or ".join(wanted) if check.name in _ANY else ", ".join(wanted)
    elif isinstance(wanted, dict):
        shown = ", ".join(f"{k}: {'(none)' if v is None else v}" for k, v in wanted.items())
    else:
        shown = getattr(wanted, "pattern", None) or str(wanted)
    return f"{check.name} {shown}"


def _kind(seen: Seen, wanted: tuple[str, ...]) -> str | None:
    last = seen.kinds[-1] if seen.kinds else None
    return None if last in wanted else last or "no reply"


def _kinds(seen: Seen, wanted: tuple[str, ...]) -> str | None:
    return None if seen.kinds == wanted else ", ".join(seen.kinds) or "no reply"


def _article(seen: Seen, wanted: tuple[str, ...]) -> str | None:
    first = seen.quoted[0] if seen.quoted else None
    return None if first in wanted else first or "no article"


def _articles(seen: Seen, wanted: tuple[str, ...]) -> str | None:
    return None if set(wanted) <= set(seen.quoted) else _list(seen.quoted, "no article")


def _finds(seen: Seen, wanted: tuple[str, ...]) -> str | None:
    found = [*seen.quoted, *seen.offered]
    return None if set(wanted) & set(found) else _list(found, "no article")


def _triage(seen: Seen, wanted: Mapping[str, str | None]) -> str | None:
    parts: Iterable[Mapping[str, Any]] = seen.handoff.get("triage") or ()
    given = {str(part["field"]): part.get("answer") for part in parts}

    def fits(name: str, words: str | None) -> bool:
        answer = given.get(name)
        if words is None or not answer:
            return words is None and not answer
        return words.casefold() in str(answer).casefold()

    if all(fits(name, words) for name, words in wanted.items()):
        return None
    return ", ".join(f"{name}: {answer}" for name, answer in given.items()) or "no triage"


def _tried(seen: Seen, wanted: tuple[str, ...]) -> str | None:
    tried = [str(part["article_id"]) for part in seen.handoff.get("tried") or ()]
    return None if set(wanted) <= set(tried) else _list(tried, "nothing tried")


def _silence(seen: Seen, wanted: bool) -> str | None:
    if wanted:
        return ", ".join(seen.kinds) if seen.replies else None
    return None if seen.replies else "silence"


def _state(seen: Seen, wanted: str) -> str | None:
    fitting = WAITING if wanted == "waiting" else (wanted,)
    return None if seen.state in fitting else seen.state


def _contains(text: str, wanted: tuple[str, ...]) -> str | None:
    missing = [words for words in wanted if words.casefold() not in text.casefold()]
    return f"no {_list(missing, '')}" if missing else None


def _lacks(seen: Seen, wanted: tuple[str, ...]) -> str | None:
    there = [words for words in wanted if words.casefold() in seen.said.casefold()]
    return _list(there, "") if there else None


def _buttons(seen: Seen, wanted: tuple[str, ...]) -> str | None:
    return None if set(wanted) <= set(seen.buttons) else _list(seen.buttons, "no buttons")


def _one_of(value: object, wanted: tuple[str, ...]) -> str | None:
    return None if value in wanted else str(value or "none")


def _equal(value: object, wanted: str) -> str | None:
    return None if value == wanted else str(value or "none")


def _list(names: Iterable[str], nothing: str) -> str:
    return ", ".join(dict.fromkeys(names)) or nothing


#: Expectations that hold with any one of several names; the others want all of them.
_ANY = frozenset({"kind", "article", "finds", "intent", "reason", "topic"})
JUDGES: Mapping[str, Judge] = MappingProxyType(
    {
        "kind": _kind,
        "kinds": _kinds,
        "article": _article,
        "articles": _articles,
        "finds": _finds,
        "intent": lambda seen, wanted: _one_of(seen.intent, wanted),
        "language": lambda seen, wanted: _equal(seen.language, wanted),
        "state": _state,
        "reason": lambda seen, wanted: _one_of(seen.handoff.get("reason"), wanted),
        "topic": lambda seen, wanted: _one_of(seen.handoff.get("topic"), wanted),
        "triage": _triage,
        "tried": _tried,
        "summary_contains": lambda seen, wanted: _contains(
            str(seen.handoff.get("summary") or ""), wanted
        ),
        "contact": lambda seen, wanted: _equal(seen.contact, wanted),
        "text_contains": lambda seen, wanted: _contains(seen.said, wanted),
        "text_lacks": _lacks,
        "text_matches": lambda seen, wanted: None if wanted.search(seen.said) else "no match",
        "buttons": _buttons,
        "silence": _silence,
        "refused": lambda seen, wanted: _equal(seen.refused, wanted),
    }
)
#: Expectations that judge by themselves that nothing was said.
OF_REPLIES = frozenset({"kind", "kinds", "article", "articles", "finds", "silence"})
#: Expectations that need the handoff as agents see it.
OF_HANDOFF = frozenset({"reason", "topic", "triage", "tried", "summary_contains"})
