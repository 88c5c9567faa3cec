"""The facts that a question found, and to which group of the answer each of them belongs."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from handoff_service.reports.busy import Presence
from handoff_service.reports.figures import Ordered
from handoff_service.reports.pages import MISSING, Array, Table
from handoff_service.reports.periods import (
    DAY_MS,
    HOUR_MS,
    Clocks,
    OpenTime,
    day_name,
    days_of,
    hours_of,
    weekdays_of,
)
from handoff_service.reports.question import RETURN_MS, TIMES, Question

T = TypeVar("T")


class View:
    """Tables, groups, and columns that are reckoned from others, each once."""

    def __init__(self, question: Question, tables: dict[str, Table], presence: Presence) -> None:
        """Look at facts as a question wants them."""
        self.question = question
        self.tables = tables
        self.presence = presence
        self._groups: dict[str, Array] = {}
        self._open: dict[tuple[str, str, str], Array] = {}
        self._once: dict[Callable[[View], Any], Any] = {}
        self._ordered: dict[tuple[Callable[[View], Array], ...], Ordered] = {}
        self._keys: dict[str, int] = {}
        if question.by in TIMES:
            self._keys = {key: n for n, key in enumerate(self._time_keys())}
        elif question.by != "none":
            for table in tables.values():
                for word in table.present(question.by):
                    self._keys.setdefault(word, len(self._keys))
            if question.by == "agent":
                wanted = question.wanted.get("agent", set(presence.spans.names))
                for name in sorted(wanted.intersection(presence.spans.names)):
                    self._keys.setdefault(name, len(self._keys))

    @property
    def keys(self) -> list[str]:
        """Return the groups, by number; those of a dimension in no order."""
        return list(self._keys)

    @cached_property
    def clocks(self) -> Clocks:
        """Return what the clocks of the zone show in the time."""
        return Clocks.of(self.question.zone, self.question.from_ms, self.question.to_ms)

    def groups(self, kind: str) -> Array:
        """Return the group of each fact of a kind."""
        if kind not in self._groups:
            self._groups[kind] = self._group(self.tables[kind]).astype("<i8")
        return self._groups[kind]

    def group_of_times(self, times: Array) -> Array:
        """Return the group of each moment, by the clocks of the zone."""
        local = self.clocks.local(times)
        if self.question.by == "hour":
            return hours_of(local)
        if self.question.by == "weekday":
            return weekdays_of(local)
        first = int(days_of(self.clocks.local(np.array([self.question.from_ms])))[0])
        return days_of(local) - first

    @property
    def edges(self) -> Array:
        """Return the moments at which a group of time begins or ends."""
        step = HOUR_MS if self.question.by == "hour" else DAY_MS
        return self.clocks.edges(step, self.question.from_ms, self.question.to_ms)

    @property
    def size(self) -> int:
        """Return the number of groups; where nothing is grouped by, everything is one."""
        return 1 if self.question.by == "none" else len(self._keys)

    def once(self, work_out: Callable[["View"], T]) -> T:
        """Return what it works out of this view: several numbers need the same."""
        if work_out not in self._once:
            self._once[work_out] = work_out(self)
        found: T = self._once[work_out]
        return found

    def ordered(
        self, kind: str, of: Callable[["View"], Array], lasted: Callable[["View"], Array]
    ) -> Ordered:
        """Return how long some facts lasted, in order: several percentiles need the same."""
        if (of, lasted) not in self._ordered:
            mask = self.once(of)
            values = self.once(lasted)[mask]
            self._ordered[of, lasted] = Ordered.of(self.groups(kind)[mask], self.size, values)
        return self._ordered[of, lasted]

    def number_of(self, key: str) -> int:
        """Return the number of a group; -1: there is none."""
        return self._keys.get(key, -1)

    def open_between(self, kind: str, start: str, end: str) -> Array:
        """Return the business hours between two columns, by the team that a topic belongs to."""
        name = (kind, start, end)
        if name not in self._open:
            self._open[name] = self._open_between(self.tables[kind], start, end)
        return self._open[name]

    def returned(self, column: str) -> Array:
        """Tell of each round whether the customer was back within seven days, by `column`."""
        rounds = self.tables["rounds"]
        back = rounds[column]
        seen = (back != MISSING) & (back <= self.question.now_ms)
        found: Array = seen & (back - rounds["at_ms"] <= RETURN_MS)
        return found

    def known(self, column: str) -> Array:
        """Tell of each round whether it is settled if the customer came back in seven days."""
        passed = self.question.now_ms - self.tables["rounds"]["at_ms"] > RETURN_MS
        settled: Array = self.returned(column) | passed
        return settled

    def _group(self, table: Table) -> Array:
        by = self.question.by
        if by == "none":
            return np.zeros(len(table), dtype="<i4")
        if by in TIMES:
            return self.group_of_times(table["at_ms"])
        to_group = np.array([self.number_of(word) for word in table.words(by)], dtype="<i4")
        return to_group[table[by]] if len(table) else np.zeros(0, dtype="<i4")

    def _time_keys(self) -> list[str]:
        if self.question.by == "hour":
            return [str(hour) for hour in range(24)]
        if self.question.by == "weekday":
            return [str(day) for day in range(7)]
        ends = np.array([self.question.from_ms, self.question.to_ms - 1])
        first, last = days_of(self.clocks.local(ends)).tolist()
        return [day_name(day) for day in range(first, last + 1)]

    def _open_between(self, table: Table, start: str, end: str) -> Array:
        starts, ends = table[start], np.maximum(table[end], table[start])
        found = np.zeros(len(table), dtype="<i8")
        if not len(table):
            return found
        topics = table.words("topic")
        teams = [self.question.hours.team_for(topic) for topic in topics]
        for team in {each.name: each for each in teams}.values():
            its = np.array([each.name == team.name for each in teams], dtype=bool)[table["topic"]]
            if its.any():
                time = OpenTime(team, int(starts[its].min()), int(ends[its].max()))
                found[its] = time.between(starts[its], ends[its])
        return found
