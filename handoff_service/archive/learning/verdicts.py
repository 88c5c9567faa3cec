"""What several reviewers' decisions come to, and how far reviewers agree. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby


class Verdict(StrEnum):
    """What a reviewer says of a group."""

    RIGHT = "right"  # the bot understood it, and the answer was right
    INTENT = "intent"  # it means this intent
    ARTICLE = "article"  # this article answers it
    NEW_INTENT = "new_intent"  # nothing that is there fits
    IGNORE = "ignore"  # nothing to learn here
    SPAM = "spam"


class GroupState(StrEnum):
    """Where a group stands."""

    OPEN = "open"
    DECIDED = "decided"
    DISPUTED = "disputed"  # reviewers say different things
    IGNORED = "ignored"
    SPAM = "spam"


_STATES = {Verdict.IGNORE: GroupState.IGNORED, Verdict.SPAM: GroupState.SPAM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one reviewer said of a group."""

    decision_id: str
    group_id: int
    reviewer: str
    at_ms: int
    verdict: Verdict
    intent: str | None = None
    article_id: str | None = None
    locale: str | None = None
    phrase_ids: tuple[int, ...] = ()
    note: str = ""
    withdrawn_ms: int | None = None
    applied: str | None = None

    @property
    def meaning(self) -> tuple[str, str]:
        """What two reviewers must say alike to agree; that it was right names its intent, too."""
        if self.verdict == Verdict.ARTICLE:
            return ("article", self.article_id or "")
        if self.intent and self.verdict in {Verdict.RIGHT, Verdict.INTENT}:
            return ("intent", self.intent)
        if self.verdict == Verdict.NEW_INTENT:
            return ("new_intent", (self.intent or "").casefold())
        return (self.verdict.value, "")

    def stands_at(self, at_ms: int) -> bool:
        """Whether it was made by then and not withdrawn."""
        return self.at_ms <= at_ms and (self.withdrawn_ms is None or self.withdrawn_ms > at_ms)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two reviewers said the same of a group without knowing of each other's word."""

    pairs: int
    agreed: int
    #: Cohen's kappa; None without pairs, and where chance alone would always agree.
    kappa: float | None


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return what counts: of each reviewer the last word that is not withdrawn, oldest first."""
    last: dict[str, Decision] = {}
    for decision in sorted(decisions, key=_order):
        if decision.withdrawn_ms is None:
            last[decision.reviewer] = decision
    return tuple(sorted(last.values(), key=_order))


def outcome(decisions: Iterable[Decision]) -> tuple[GroupState, tuple[Decision, ...]]:
    """Return the state of a group, and the decisions that carry it: all that say the same.

    One reviewer is enough. Where reviewers differ, more than half of them must say the same;
    until then the group is disputed, and nothing is taken from it.
    """
    valid = standing(decisions)
    if not valid:
        return GroupState.OPEN, ()
    meaning, votes = Counter(each.meaning for each in valid).most_common(1)[0]
    if votes * 2 <= len(valid):
        return GroupState.DISPUTED, ()
    carrying = tuple(each for each in valid if each.meaning == meaning)
    return _STATES.get(carrying[0].verdict, GroupState.DECIDED), carrying


def agreement(decisions: Iterable[Decision]) -> Agreement:
    """Count pairs of reviewers who decided the same group, and whether they agreed.

    What counts is the word that stood when the second of the two decided: who gives in afterwards
    does not make the figure better. Kappa is Cohen's (A coefficient of agreement for nominal
    scales, 1960): (observed − expected) / (1 − expected), expected from how often each side says
    what; the sides are the two reviewers, the one whose id sorts first to the left.
    """
    sides: list[tuple[tuple[str, str], tuple[str, str]]] = []
    in_order = sorted(decisions, key=lambda each: (each.group_id, *_order(each)))
    for _, of_group in groupby(in_order, key=lambda each: each.group_id):
        sides += _pairs(list(of_group))
    if not sides:
        return Agreement(0, 0, None)
    agreed = sum(left == right for left, right in sides)
    lefts, rights = (Counter(side) for side in zip(*sides, strict=True))
    expected = sum(lefts[meaning] * rights[meaning] for meaning in lefts) / len(sides) ** 2
    observed = agreed / len(sides)
    kappa = None if expected >= 1 else (observed - expected) / (1 - expected)
    return Agreement(len(sides), agreed, kappa)


def _pairs(of_group: Sequence[Decision]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    found: dict[tuple[str, str], tuple[tuple[str, str], tuple[str, str]]] = {}
    for decision in of_group:
        there = [each for each in of_group if each.stands_at(decision.at_ms)]
        for other in standing([_as_then(each) for each in there]):
            if other.reviewer != decision.reviewer:
                left, right = sorted((other, decision), key=lambda each: each.reviewer)
                found.setdefault((left.reviewer, right.reviewer), (left.meaning, right.meaning))
    return list(found.values())


def _as_then(decision: Decision) -> Decision:
    """Return a decision as it was before anybody withdrew it."""
    return replace(decision, withdrawn_ms=None)


def _order(decision: Decision) -> tuple[int, str]:
    return decision.at_ms, decision.decision_id
