"""Answers a question: every number, whole and by group."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from handoff_service.archive.database import Database
from handoff_service.reports.busy import Presence
from handoff_service.reports.definitions import METRICS, Metric, Unit
from handoff_service.reports.figures import UNNAMED, Figure, counts, share, sums
from handoff_service.reports.occupancy import concurrency, utilisation
from handoff_service.reports.pages import Array, Table, compact
from handoff_service.reports.proportion import Proportion
from handoff_service.reports.question import TIMES, Question
from handoff_service.reports.reading import read_presence, read_tables
from handoff_service.reports.surveys import difference_interval
from handoff_service.reports.view import View

GroupsOf: TypeAlias = Callable[[str], Array]


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of one group."""

    key: str
    values: Mapping[str, Figure]

    def to_json(self) -> dict[str, Any]:
        """Return it with the values as JSON."""
        return {"key": self.key, "values": _json(self.values)}


@dataclass(frozen=True, slots=True)
class Report:
    """What a question was answered with; groups of time in order, others by their key."""

    total: Mapping[str, Figure]
    groups: Sequence[Group]

    def to_json(self) -> dict[str, Any]:
        """Return the whole as JSON."""
        return {
            "total": _json(self.total),
            "groups": [group.to_json() for group in self.groups],
        }


async def measure(
    database: Database, question: Question, metrics: Sequence[Metric] = tuple(METRICS.values())
) -> Report:
    """Work out numbers. Raises ArchiveUnavailable."""
    kinds = tuple(dict.fromkeys(metric.kind for metric in metrics))
    tables = await read_tables(database, question, kinds)
    presence = Presence.of([], question)
    if any(metric.id == "utilisation" for metric in metrics):
        presence = await read_presence(database, question)
    return await asyncio.to_thread(
        lambda: _measure(View(question, tables, presence), metrics)  # numpy, up to a second of it
    )


def _measure(view: View, metrics: Sequence[Metric]) -> Report:
    columns = {metric.id: _figures(metric, view) for metric in metrics}
    groups = [
        Group(key, {name: figures[number] for name, figures in columns.items()})
        for number, key in enumerate(view.keys, start=1)
    ]
    if view.question.by not in TIMES:
        groups.sort(key=lambda group: group.key)
    return Report({name: figures[0] for name, figures in columns.items()}, groups)


def _figures(metric: Metric, view: View) -> list[Figure]:
    """Return the figure of the whole, then of each group."""
    if metric.id == "concurrency":
        return concurrency(view)
    if metric.id == "utilisation":
        return utilisation(view)
    if metric.lasted is not None and metric.percent is not None:
        return view.ordered(metric.kind, metric.of, metric.lasted).quantiles(metric.percent)
    groups, size = view.groups(metric.kind), view.size
    of = view.once(metric.of)
    many = counts(groups, size, of)
    if metric.lasted is not None:
        return _means(many, sums(groups[of], size, view.once(metric.lasted)[of]))
    hits = of & view.once(metric.hits) if metric.hits is not None else of
    parts = _parts(metric, view, of=of, hits=hits)
    if metric.unit is Unit.SCORE:
        return [_nps(count, its) for count, its in zip(many, parts, strict=True)]
    if metric.unit is Unit.COUNT:
        return [
            Figure(count, count, parts=its or None) for count, its in zip(many, parts, strict=True)
        ]
    hit = counts(groups, size, hits)
    return [
        share(hits, count, its or None) for hits, count, its in zip(hit, many, parts, strict=True)
    ]


def _means(many: Sequence[int], totals: Sequence[int]) -> list[Figure]:
    whole = [sum(totals), *totals]
    return [
        Figure(round(total / count) if count else None, count)
        for total, count in zip(whole, many, strict=True)
    ]


def _parts(metric: Metric, view: View, *, of: Array, hits: Array) -> list[dict[str, int]]:
    """Return counts of parts: of the masks among all, of words among what is counted."""
    groups, size = view.groups(metric.kind), view.size
    if not metric.parts and not metric.parts_of:
        return [{}] * (size + 1)
    found: list[dict[str, int]] = [{} for _ in range(size + 1)]
    for name, mask in metric.parts.items():
        for its, count in zip(found, counts(groups, size, of & view.once(mask)), strict=True):
            its[name] = count
    if metric.parts_of:
        words, many = _by_word(view.tables[metric.kind], metric.parts_of, groups, size, hits)
        for its, row in zip(found, [many.sum(axis=0), *many], strict=True):
            for word, count in sorted(zip(words, row.tolist(), strict=True)):
                name = word or UNNAMED[metric.parts_of]
                if count:
                    its[name] = its.get(name, 0) + count
    return found


def _by_word(
    table: Table, column: str, groups: Array, size: int, mask: Array
) -> tuple[list[str], Array]:
    """Return the words of a column, and how many facts each group (a row) has with each."""
    there, places = compact(table[column])
    words = table.words(column)
    wide = len(there)
    laid = groups[mask] * wide + places[mask]
    many = np.bincount(laid, minlength=size * wide).reshape(size, wide)
    return [words[code] for code in there.tolist()], many


def _nps(count: int, parts: Mapping[str, int]) -> Figure:
    """Return promoters less detractors, in hundredths, with Newcombe's interval."""
    promoters = Proportion(parts["promoters"], count)
    detractors = Proportion(parts["detractors"], count)
    interval = difference_interval(promoters, detractors)
    if interval is None:
        return Figure(None, 0, parts=parts)
    score = 100 * (parts["promoters"] - parts["detractors"]) / count
    return Figure(score, count, 100 * interval[0], 100 * interval[1], parts)


def _json(values: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: figure.to_json() for name, figure in values.items()}
