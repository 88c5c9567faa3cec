"""How well two models understand the same texts: as counts that a report shows and a gate reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from learning.candidates.statistics import area_under_risk, chance_of, wilson
from learning.nlu_evaluation import OUT_OF_SCOPE, REFUSED

#: Points of the risk–coverage curve that are kept.
POINTS = 40


@dataclass(frozen=True, slots=True)
class Understood:
    """What a model took a text for; `sureness` is how sure it was that this is ours, 0..1."""

    intent: str
    confidence: float
    sureness: float

    @property
    def refused(self) -> bool:
        """It was taken for nothing of ours."""
        return self.intent in REFUSED


@dataclass(frozen=True, slots=True)
class Compared:
    """One text, its intent, and what both models took it for; None: the model was not asked."""

    text: str
    intent: str
    language: str
    base: Understood | None
    candidate: Understood

    @property
    def was_right(self) -> bool:
        """The model that serves understood it."""
        return self.base is not None and is_right(self.intent, self.base)

    @property
    def is_right(self) -> bool:
        """The candidate understands it."""
        return is_right(self.intent, self.candidate)


def is_right(intent: str, understood: Understood) -> bool:
    """Whether a text was understood; out of scope it is when nothing of ours was found in it."""
    if intent in REFUSED:
        return understood.refused
    return understood.intent == intent


def compare(rows: Sequence[Compared]) -> dict[str, Any]:
    """Return all that is counted of `rows`: shares 0..1, each with its number and 95 % interval."""
    return {
        **_tally(rows),
        "by_language": _by(rows, lambda one: one.language),
        "by_intent": _by(rows, lambda one: one.intent),
        "out_of_scope": _out_of_scope(rows),
        "risk": {"base": _risk(rows, base=True), "candidate": _risk(rows, base=False)},
        "confusion": _confusion(rows),
    }


def contradictions(rows: Iterable[Compared], *, sure: float) -> list[Compared]:
    """Return the texts of which a model that learned all other labels is sure of another intent."""
    found = [
        one
        for one in rows
        if not one.is_right and not one.candidate.refused and one.candidate.confidence >= sure
    ]
    return sorted(found, key=lambda one: -one.candidate.confidence)


def _tally(rows: Sequence[Compared]) -> dict[str, Any]:
    paired = [one for one in rows if one.base is not None]
    right, was = sum(one.is_right for one in rows), sum(one.was_right for one in paired)
    worse = sum(one.was_right and not one.is_right for one in paired)
    better = sum(one.is_right and not one.was_right for one in paired)
    return {
        "n": len(rows),
        "candidate": _share(right, len(rows)),
        "base": _share(was, len(paired)) if paired else None,
        "worse": worse,
        "better": better,
        "p": chance_of(worse, better),
    }


def _share(hits: int, n: int) -> dict[str, Any]:
    low, high = wilson(hits, n)
    return {"hits": hits, "n": n, "share": hits / n if n else None, "low": low, "high": high}


def _by(rows: Sequence[Compared], key: Callable[[Compared], str]) -> dict[str, Any]:
    groups: dict[str, list[Compared]] = {}
    for one in rows:
        groups.setdefault(key(one), []).append(one)
    return {name: _tally(groups[name]) for name in sorted(groups)}


def _out_of_scope(rows: Sequence[Compared]) -> dict[str, Any]:
    """Recall: outside texts that were refused; precision: refused texts that are from outside."""
    outside = [one for one in rows if one.intent in REFUSED]
    paired = [one for one in rows if one.base is not None]
    refused = [one for one in rows if one.candidate.refused]
    was_refused = [one for one in paired if one.base and one.base.refused]
    return {
        "recall": _tally(outside),
        "precision": {
            "candidate": _share(sum(one.intent in REFUSED for one in refused), len(refused)),
            "base": _share(sum(one.intent in REFUSED for one in was_refused), len(was_refused)),
        },
    }


def _risk(rows: Sequence[Compared], *, base: bool) -> dict[str, Any] | None:
    """Return the area under the risk–coverage curve, and some points of it."""
    judged = [(one, one.base if base else one.candidate) for one in rows]
    asked = [(one, found) for one, found in judged if found is not None]
    if not asked:
        return None
    right = [is_right(one.intent, found) for one, found in asked]
    sureness = [found.sureness for _, found in asked]
    order = sorted(range(len(right)), key=lambda i: -sureness[i])
    points, wrong = [], 0
    for k, index in enumerate(order, start=1):
        wrong += not right[index]
        if k * POINTS // len(order) != (k - 1) * POINTS // len(order):
            points.append([round(k / len(order), 4), round(wrong / k, 4)])
    area = area_under_risk(right, sureness)
    return {"area": area, "points": points}


def _confusion(rows: Sequence[Compared]) -> dict[str, Any]:
    """Return how often each intent was taken for each by the candidate, rows being the truth."""
    counts = Counter((_plain(one.intent), _plain(one.candidate.intent)) for one in rows)
    names = sorted({name for pair in counts for name in pair})
    return {
        "intents": names,
        "counts": [[counts[truth, taken] for taken in names] for truth in names],
    }


def _plain(intent: str) -> str:
    return OUT_OF_SCOPE if intent in REFUSED else intent
