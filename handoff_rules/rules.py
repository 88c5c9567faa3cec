"""The rules themselves: what each asks of a conversation, and which one applies first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from handoff_rules.words import Words, sentences


class Move(str, Enum):
    """What a rule does."""

    CONNECT = "connect"  #: call a person at once
    TRIAGE = "triage"  #: first ask what the person will need to know
    OFFER = "offer"  #: offer a person; a tap or a yes connects


@dataclass(frozen=True)
class Situation:
    """What is known of a conversation when a message is looked at."""

    said: str | None = None  #: reason of the first rule whose words stand in the message
    intent: str = ""
    probability: float = 0.0  #: of the intent, 0 to 1
    unsure_in_a_row: int = 0  #: questions without a sure answer, this one included
    times_asked: int = 0  #: how often this question was put, this time included
    disliked: bool = False  #: the latest answer was voted down, and they ask on
    offered: bool = False  #: a person was offered just before
    unknown_error_code: bool = False  #: no article knows the error code in the message
    stubborn_fault: bool = False  #: a fault that no usual step mends
    flags: frozenset[str] = frozenset()  #: the customer's, signed by the site


@dataclass(frozen=True)
class Condition:
    """All that is given must hold. `None` and `()` ask nothing. Words stand alone."""

    words: Words | None = None
    intents: tuple[str, ...] = ()
    sure: float | None = None
    unsure_in_a_row: int | None = None
    same_question: int | None = None
    disliked: bool | None = None
    offered: bool | None = None
    unknown_error_code: bool | None = None
    stubborn_fault: bool | None = None
    flags: tuple[str, ...] = ()

    def holds(self, now: Situation, reason: str) -> bool:
        """Tell whether `now` is as this condition asks; `reason` is its rule's."""
        return all(self._checks(now, reason))

    def _checks(self, now: Situation, reason: str) -> Iterator[bool]:
        if self.words is not None:
            yield now.said == reason
        if self.intents:
            yield now.intent in self.intents
        if self.sure is not None:
            yield now.probability >= self.sure
        if self.unsure_in_a_row is not None:
            yield now.unsure_in_a_row >= self.unsure_in_a_row
        if self.same_question is not None:
            yield now.times_asked >= self.same_question
        if self.flags:
            yield not now.flags.isdisjoint(self.flags)
        for name in ("disliked", "offered", "unknown_error_code", "stubborn_fault"):
            wanted = getattr(self, name)
            if wanted is not None:
                yield getattr(now, name) is wanted


@dataclass(frozen=True)
class Rule:
    """One way in which a conversation gets to a person."""

    reason: str  #: code, stored with the handoff and counted
    do: Move
    when: Condition
    say: str | None = None  #: response said with the offer, or before connecting
    line: int = field(default=0, compare=False)  #: of the file


class Rules:
    """Rules in the order of the file: the first that fits applies."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)

    @property
    def reasons(self) -> frozenset[str]:
        """All reason codes."""
        return frozenset(rule.reason for rule in self._rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def said(self, text: str) -> str | None:
        """Return the reason of the first rule whose words stand in `text`."""
        message = sentences(text)
        for rule in self._rules:
            if rule.when.words is not None and rule.when.words.stand_in(message):
                return rule.reason
        return None

    def decide(self, now: Situation) -> Rule | None:
        """Return the first rule that fits, None when a person need not be called."""
        return next((rule for rule in self._rules if rule.when.holds(now, rule.reason)), None)
