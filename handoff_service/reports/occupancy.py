"""How much agents had in hand at once, and for how much of their time online anything at all."""

from dataclasses import dataclass

import numpy as np

from handoff_service.reports.busy import Spans, joined, overlap
from handoff_service.reports.figures import Figure, sums
from handoff_service.reports.pages import MISSING, Array, compact
from handoff_service.reports.question import TIMES
from handoff_service.reports.view import View


@dataclass(frozen=True, slots=True)
class _Held:
    """Times in which agents had a conversation, within the time asked for, by group."""

    spans: Spans
    whose: Array  #: number of the hold that each is a piece of
    groups: Array
    #: Disjoint times in which an agent had something in hand, and whose and in which group.
    busy: tuple[Array, Array, Array]
    busy_groups: Array
    busy_agents: Array


def concurrency(view: View) -> list[Figure]:
    """Return conversations at once, on average of the time in which an agent had any."""
    return [*_concurrency(view, grouped=False), *_concurrency(view, grouped=True)]


def utilisation(view: View) -> list[Figure]:
    """Return the share of agents' time online in which they had something in hand.

    The presence log knows agents, not what their conversations were about: grouped or filtered by
    anything but agents and time there is no such number.
    """
    return [*_utilisation(view, grouped=False), *_utilisation(view, grouped=True)]


def _concurrency(view: View, *, grouped: bool) -> list[Figure]:
    size = view.size if grouped else 1
    held = view.once(_held_grouped if grouped else _held_whole)
    at_once = sums(held.groups, size, held.spans.ends - held.spans.starts)
    any_ms = sums(held.busy_groups, size, held.busy[2] - held.busy[1])
    alone = np.bincount(held.whose)[held.whose] == 1  # all but a few: only those can come twice
    cut = ~alone
    each = np.unique(held.groups[cut] * (len(held.whose) + 1) + held.whose[cut])
    of_cut = np.bincount(each // (len(held.whose) + 1), minlength=size)
    many = (np.bincount(held.groups[alone], minlength=size) + of_cut).tolist()
    return [
        Figure(total / busy if busy else None, count)
        for total, busy, count in zip(at_once, any_ms, many, strict=True)
    ]


def _utilisation(view: View, *, grouped: bool) -> list[Figure]:
    question, size = view.question, view.size if grouped else 1
    if question.wanted.keys() - {"agent"} or (grouped and question.by not in {*TIMES, "agent"}):
        return [Figure(None, 0)] * size
    presence = view.presence
    if question.wanted:
        presence = presence.only(question.wanted["agent"])
    held = view.once(_held_grouped if grouped else _held_whole)
    numbers = {name: number for number, name in enumerate(held.spans.names)}
    whose = [numbers.setdefault(name, len(numbers)) for name in presence.spans.names]
    online = presence.spans
    if grouped and question.by in TIMES:
        online, _ = online.cut(view.edges)
        groups = view.group_of_times(online.starts)
    elif grouped:
        to_group = np.array([view.number_of(name) for name in online.names], dtype="<i8")
        groups = to_group[online.agents]
    else:
        groups = np.zeros(len(online.starts), dtype="<i8")
    agents = np.array(whose, dtype="<i8")[online.agents]
    online_ms = sums(groups, size, online.ends - online.starts)
    covered = overlap(
        (held.busy_agents, held.busy[1], held.busy[2]), joined(agents, online.starts, online.ends)
    )
    busy_ms = sums(held.busy_groups, size, covered)
    pairs = np.unique(groups * (len(numbers) + 1) + agents)
    people = np.bincount((pairs // (len(numbers) + 1)).astype("<i8"), minlength=size).tolist()
    return [
        Figure(busy / total if total else None, count)
        for busy, total, count in zip(busy_ms, online_ms, people, strict=True)
    ]


def _held_whole(view: View) -> _Held:
    return _held(view, grouped=False)


def _held_grouped(view: View) -> _Held:
    return view.once(_held_whole) if view.question.by == "none" else _held(view, grouped=True)


def _held(view: View, *, grouped: bool) -> _Held:
    question, holds = view.question, view.tables["holds"]
    until = min(question.to_ms, question.now_ms)
    ends = np.where(holds["ended_ms"] == MISSING, until, holds["ended_ms"])
    ends = np.minimum(ends, until)
    starts = np.maximum(holds["at_ms"], question.from_ms)
    some = ends > starts
    spans = Spans(holds.words("agent"), holds["agent"][some], starts[some], ends[some])
    whose = np.arange(len(spans.starts))
    if grouped and question.by in TIMES:
        spans, whose = spans.cut(view.edges)
        groups = view.group_of_times(spans.starts).astype("<i8")
    elif grouped:
        groups = view.groups("holds")[some]
    else:
        groups = np.zeros(len(spans.starts), dtype="<i8")
    agents, each = compact(spans.agents)
    many = max(len(agents), 1)
    pairs, lines = compact(groups.astype("<i8") * many + each)
    busy = joined(lines, spans.starts, spans.ends)
    of_busy = pairs[busy[0]]
    return _Held(spans, whose, groups, busy, of_busy // many, agents[of_busy % many])
