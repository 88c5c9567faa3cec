"""Every number that is reported: what it counts, of which facts, and how.

The words of each definition are in web/shared/locales/reports (`metric_ID`, `metric_ID_is`). When a
definition changes its `version` does, and docs/reports.md says how.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from handoff_service.reports.facts import SATISFIED
from handoff_service.reports.pages import MISSING, Array
from handoff_service.reports.surveys import DETRACTOR, EASY, PROMOTER
from handoff_service.reports.view import View


class Unit(StrEnum):
    """What a value is."""

    RATIO = "ratio"  #: 0 to 1, with a 95 % interval
    MS = "ms"  #: milliseconds
    COUNT = "count"
    SCORE = "score"  #: of NPS, -100 to 100; of concurrency, conversations at once


class Better(StrEnum):
    """Which way is good news."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


Mask: TypeAlias = Callable[[View], Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number. A fact counts at its own moment (archive/tables/reports.py says which)."""

    id: str
    unit: Unit
    better: Better = Better.NONE
    #: Of which facts, and which of them.
    kind: str
    of: Mask
    #: Of a ratio: which of them are counted against all.
    hits: Mask | None = None
    #: Of a duration: how long each lasted; `percent`: this percentile of them, None: their mean.
    lasted: Mask | None = None
    percent: int | None = None
    #: Counts that are shown beside it, by name, among `of`; of a column of words, each of them.
    parts: Mapping[str, Mask] = field(default_factory=dict)
    parts_of: str = ""
    version: int = 1


def _all(kind: str) -> Mask:
    return lambda view: np.ones(len(view.tables[kind]), dtype=bool)


def _column(kind: str, name: str) -> Mask:
    return lambda view: view.tables[kind][name]


def _is(kind: str, name: str, *words: str) -> Mask:
    def mask(view: View) -> Array:
        found = np.zeros(len(view.tables[kind]), dtype=bool)
        for word in words:
            found |= view.tables[kind].is_word(name, word)
        return found

    return mask


def _present(kind: str, name: str) -> Mask:
    return lambda view: view.tables[kind][name] != MISSING


def _both(one: Mask, other: Mask) -> Mask:
    return lambda view: view.once(one) & view.once(other)


def _not(one: Mask) -> Mask:
    return lambda view: ~view.once(one)


def _between(kind: str, start: str, end: str) -> Mask:
    return lambda view: np.maximum(view.tables[kind][end] - view.tables[kind][start], 0)


def _open(kind: str, start: str, end: str) -> Mask:
    return lambda view: view.open_between(kind, start, end)


# -- rounds that the bot kept to itself

_HANDED, _HELD = _column("rounds", "handed"), _column("rounds", "held")
_KEPT = _not(_HANDED)
_CONFIRMED = _column("rounds", "confirmed")
_HELPLESS: Mask = lambda view: (  # noqa: E731 (beside the others)
    ~view.tables["rounds"]["answered"] | view.tables["rounds"]["disliked"]
)


def _back(view: View) -> Array:
    return view.returned("next_ms")


def _settled(view: View) -> Array:
    return view.known("next_ms")


def _kept_part(which: Mask) -> Mask:
    return _both(_both(_KEPT, _not(_CONFIRMED)), which)


_STAYED = _both(_settled, _not(_back))
CONTAINED = {
    "confirmed": _both(_KEPT, _CONFIRMED),
    "assumed": _kept_part(_both(_STAYED, _not(_HELPLESS))),
    "gave_up": _kept_part(_both(_STAYED, _HELPLESS)),
    "came_back": _kept_part(_back),
    "not_yet_known": _kept_part(_not(_settled)),
}

# -- requests

_ACCEPTED = _is("requests", "how", "accepted")
_ALONE = _is("requests", "how", "abandoned", "cancelled", "closed")
_LIVE = _not(_is("requests", "how", "left"))
_REPLIED = _both(_LIVE, _present("requests", "replied_ms"))


def _due(view: View) -> Array:
    requests = view.tables["requests"]
    return requests["at_ms"] + requests["sla_ms"]


def _promised(view: View) -> Array:
    """Requests with a promise that was kept, or broken: not of who left before it was due."""
    requests, due = view.tables["requests"], _due(view)
    promised = (requests["sla_ms"] != MISSING) & view.once(_LIVE)
    over = np.where(view.once(_ALONE), requests["ended_ms"], view.question.now_ms)
    settled: Array = promised & ((requests["replied_ms"] != MISSING) | (due <= over))
    return settled


def _kept_promise(view: View) -> Array:
    replied = view.tables["requests"]["replied_ms"]
    kept: Array = (replied != MISSING) & (replied <= _due(view))
    return kept


# -- surveys


def _scored(kind: str, low: int = 0, high: int = 10) -> Mask:
    def mask(view: View) -> Array:
        score = view.tables["surveys"]["score"]
        found: Array = (
            view.tables["surveys"].is_word("kind", kind) & (score >= low) & (score <= high)
        )
        return found

    return mask


def _asked(kind: str) -> Mask:
    return _both(_is("surveys", "kind", kind), _column("surveys", "asked"))


def _response(kind: str) -> Metric:
    return Metric(
        id=f"{kind}_response", unit=Unit.RATIO, better=Better.UP, kind="surveys",
        of=_asked(kind), hits=_scored(kind),
        parts={"skipped": _column("surveys", "skipped")},
    )  # fmt: skip


def _durations(
    name: str, kind: str, of: Mask, start: str, end: str, *, percents: tuple[int, ...] = (50, 90)
) -> list[Metric]:
    """Return percentiles by the clock, and within the business hours."""
    ways = (("", _between(kind, start, end)), ("_open", _open(kind, start, end)))
    return [
        Metric(
            id=f"{name}{suffix}_p{percent}", unit=Unit.MS, better=Better.DOWN, kind=kind, of=of,
            lasted=lasted, percent=percent,
        )
        for suffix, lasted in ways
        for percent in percents
    ]  # fmt: skip


_METRICS = [
    Metric(id="conversations", unit=Unit.COUNT, kind="starts", of=_all("starts")),
    Metric(id="closed", unit=Unit.COUNT, kind="rounds", of=_all("rounds")),
    Metric(
        id="containment", unit=Unit.RATIO, better=Better.UP, kind="rounds", of=_all("rounds"),
        hits=_KEPT, parts=CONTAINED,
    ),
    Metric(
        id="resolved_containment", unit=Unit.RATIO, better=Better.UP, kind="rounds",
        of=_all("rounds"), hits=CONTAINED["confirmed"],
    ),
    Metric(
        id="handoff_rate", unit=Unit.RATIO, better=Better.DOWN, kind="rounds", of=_all("rounds"),
        hits=_HANDED, parts_of="reason",
    ),
    Metric(
        id="requests", unit=Unit.COUNT, kind="requests", of=_all("requests"), parts_of="how",
    ),
    *_durations("wait", "requests", _ACCEPTED, "at_ms", "ended_ms"),
    Metric(
        id="abandonment", unit=Unit.RATIO, better=Better.DOWN, kind="requests",
        of=lambda view: view.once(_ACCEPTED) | view.once(_ALONE), hits=_ALONE,
        parts={name: _is("requests", "how", name) for name in ("abandoned", "cancelled", "closed")},
    ),
    *_durations("frt", "requests", _REPLIED, "at_ms", "replied_ms"),
    Metric(
        id="sla_met", unit=Unit.RATIO, better=Better.UP, kind="requests", of=_promised,
        hits=_kept_promise,
    ),
    Metric(id="handled", unit=Unit.COUNT, kind="stints", of=_all("stints"), parts_of="how"),
    Metric(
        id="aht", unit=Unit.MS, better=Better.DOWN, kind="stints", of=_all("stints"),
        lasted=_column("stints", "handle_ms"),
    ),
    Metric(
        id="aht_p90", unit=Unit.MS, better=Better.DOWN, kind="stints", of=_all("stints"),
        lasted=_column("stints", "handle_ms"), percent=90,
    ),
    Metric(
        id="wrap_up", unit=Unit.MS, better=Better.DOWN, kind="stints", of=_all("stints"),
        lasted=_column("stints", "wrap_ms"),
    ),
    Metric(
        id="transfer_rate", unit=Unit.RATIO, better=Better.DOWN, kind="stints",
        of=_all("stints"), hits=_is("stints", "how", "transferred"),
    ),
    Metric(
        id="fcr", unit=Unit.RATIO, better=Better.UP, kind="rounds", of=_both(_HELD, _settled),
        hits=_not(_back),
    ),
    Metric(
        id="reopened", unit=Unit.RATIO, better=Better.DOWN, kind="rounds",
        of=lambda view: view.known("reopened_ms"), hits=lambda view: view.returned("reopened_ms"),
    ),
    *_durations("resolution", "rounds", _HELD, "began_ms", "done_ms"),
    Metric(
        id="csat", unit=Unit.RATIO, better=Better.UP, kind="surveys", of=_scored("csat"),
        hits=_scored("csat", SATISFIED),
        parts={str(score): _scored("csat", score, score) for score in range(1, 6)},
    ),
    _response("csat"),
    Metric(
        id="nps", unit=Unit.SCORE, better=Better.UP, kind="surveys", of=_scored("nps"),
        parts={
            "promoters": _scored("nps", PROMOTER),
            "passives": _scored("nps", DETRACTOR + 1, PROMOTER - 1),
            "detractors": _scored("nps", 0, DETRACTOR),
        },
    ),
    _response("nps"),
    Metric(
        id="ces", unit=Unit.RATIO, better=Better.UP, kind="surveys", of=_scored("ces"),
        hits=_scored("ces", EASY),
        parts={str(score): _scored("ces", score, score) for score in range(1, 8)},
    ),
    _response("ces"),
    Metric(id="answers", unit=Unit.COUNT, kind="answers", of=_column("answers", "answer")),
    Metric(
        id="helpful", unit=Unit.RATIO, better=Better.UP, kind="answers",
        of=_both(_column("answers", "answer"), _present("answers", "vote")),
        hits=lambda view: view.tables["answers"]["vote"] == 1,
    ),
    Metric(
        id="marked", unit=Unit.COUNT, kind="answers", of=_not(_is("answers", "mark", "")),
        parts={name: _is("answers", "mark", name) for name in ("right", "wrong", "missing")},
    ),
    Metric(id="messages_left", unit=Unit.COUNT, kind="left", of=_all("left")),
    Metric(
        id="left_answered", unit=Unit.RATIO, better=Better.UP, kind="left", of=_all("left"),
        hits=_present("left", "answered_ms"),
    ),
    Metric(id="concurrency", unit=Unit.SCORE, kind="holds", of=_all("holds")),
    Metric(
        id="utilisation", unit=Unit.RATIO, kind="holds", of=_all("holds"),
    ),
]  # fmt: skip

#: By id, in the order in which they are shown.
METRICS: Mapping[str, Metric] = MappingProxyType({metric.id: metric for metric in _METRICS})
