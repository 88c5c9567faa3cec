"""Reads business_hours.yml; whatever is wrong with it is told at once, each with its line."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from handoff_service.errors import HoursError
from handoff_service.hours import Days, Hours, Span, Team
from handoff_service.yaml_nodes import NodeReader, Unreadable, Unusable, compose

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_DATE = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})")
_LEAP_YEAR = 2024  # yearly dates may be a 29 February

_Date = tuple[int, int, int]  # year (0: every year), month, day


#: Read where no other file is named; it need not exist.
PROJECT_FILE = Path("data/business_hours.yml")


def find_hours(chosen: Path | None) -> Hours:
    """Return the hours of the chosen file, else of the project's, else "always".

    Raises:
        HoursError: as read_hours; also when the chosen file is missing.
    """
    if chosen is None and not PROJECT_FILE.exists():
        return Hours.always()
    return read_hours(chosen or PROJECT_FILE)


def read_hours(path: Path) -> Hours:
    """Read a file; docs/runbook.md says what it may hold.

    Raises:
        HoursError: it cannot be read, or any line of it cannot be used; names every one.
    """
    try:
        return hours_of(compose(path))
    except Unreadable as error:
        raise HoursError([str(error)]) from error
    except Unusable as error:
        raise HoursError(error.lines(path)) from error


def hours_of(root: yaml.Node | None) -> Hours:
    """Read what stands in such a file. Raises Unusable."""
    reader = _Reader()
    return reader.checked(reader.hours(root), root)


class _Reader(NodeReader):
    """Knows what the file may say."""

    def hours(self, root: yaml.Node | None) -> Hours:
        if not isinstance(root, yaml.MappingNode):
            self.problem(root, "expected `default:` and `teams:`")
            return Hours.always()
        known = self.fields(root, {"default", "teams"}, required={"teams"})
        named = list(self.pairs(known.get("teams"), "a team and what it does"))
        teams = {name.value: self._team(name.value, node) for name, node in named}
        self._check_topics(teams.values(), known.get("teams"))
        default = known.get("default")
        if default is None and len(teams) > 1:
            self.problem(root, "default: missing; expected the name of one of the teams")
        elif default is not None and self.text(default) not in teams:
            self.problem(default, f"default: no team {self.text(default)!r} is among the teams")
        chosen = self.text(default) if default is not None else next(iter(teams), "")
        return Hours(teams, chosen)

    def _team(self, name: str, node: yaml.Node) -> Team:
        allowed = {"zone", "hours", "special_days", "topics"}
        known = self.fields(node, allowed, required={"zone", "hours"})
        week: list[tuple[Span, ...]] = [()] * 7
        for days, spans in self.pairs(known.get("hours"), "days and their hours"):
            for number in self._weekdays(days):
                if week[number]:
                    self.problem(days, f"{WEEKDAYS[number]} has its hours already")
                week[number] = self._spans(spans)
        special = [
            (found, self._spans(spans))
            for days, spans in self.pairs(known.get("special_days"), "dates and their hours")
            if (found := self._days(days))
        ]
        special.sort(key=lambda item: item[0].rank)
        topics = [self.text(topic) for topic in self._items(known.get("topics"))]
        return Team(
            name, self._zone(known.get("zone")), tuple(week), tuple(special), frozenset(topics)
        )

    def _zone(self, node: yaml.Node | None) -> ZoneInfo:
        name = self.text(node) if node is not None else "UTC"
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError):  # whatever zoneinfo makes of a name
            problem = f"zone: {name!r} is no time zone; expected a name such as Europe/Berlin"
            self.problem(node, problem)
            return ZoneInfo("UTC")

    def _weekdays(self, node: yaml.Node) -> list[int]:
        first, _, last = self.text(node).lower().partition("-")
        if first not in WEEKDAYS or (last and last not in WEEKDAYS):
            self.problem(node, f"{self.text(node)!r} is no day; expected mon … sun, or mon-fri")
            return []
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last or first) - start) % 7 + 1
        return [(start + number) % 7 for number in range(length)]

    def _spans(self, node: yaml.Node) -> tuple[Span, ...]:
        text = self.text(node)
        if text == CLOSED:
            return ()
        spans: list[Span] = []
        for part in text.split(","):
            found = _SPAN.fullmatch(part.strip())
            start, end = _minutes(found.groups()) if found else (-1, -1)
            if not (0 <= start < 1440 and 0 <= end <= 1440) or start == end:
                self.problem(
                    node, f"{part.strip()!r} are no hours; expected 09:00-18:00, several with a "
                    f"comma, or {CLOSED}"
                )  # fmt: skip
                continue
            spans.append(Span(start, end if end > start else end + 1440))
        return tuple(spans)

    def _days(self, node: yaml.Node) -> Days | None:
        text = self.text(node)
        dates = [found for part in text.split("..") if (found := _date(part))]
        if len(dates) == text.count("..") + 1 and len(dates) <= 2:
            first, last = dates[0], dates[-1]
            # Without a year a range may run over the turn of the year, with one it may not.
            if (first[0] == 0) == (last[0] == 0) and (first[0] == 0 or first <= last):
                return Days(first, last)
        expected = "2026-12-24, 12-24 (every year), or two with .. between, the earlier first"
        self.problem(node, f"{text!r} is no date; expected {expected}")
        return None

    def _check_topics(self, teams: Iterable[Team], node: yaml.Node | None) -> None:
        seen: dict[str, str] = {}
        for team in teams:
            for topic in sorted(team.topics):
                if topic in seen:
                    self.problem(
                        node, f"topic {topic!r} belongs to {seen[topic]} and {team.name}; leave one"
                    )
                seen[topic] = team.name

    def _items(self, node: yaml.Node | None) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.problem(node, "topics: expected a list such as [ask_billing, ask_refund]")
            return []
        return list(node.value)


def _minutes(groups: tuple[str, ...]) -> tuple[int, int]:
    """Return start and end in minutes; -1 for a minute no clock shows."""
    hours_1, minutes_1, hours_2, minutes_2 = map(int, groups)
    if minutes_1 > 59 or minutes_2 > 59:
        return -1, -1
    return hours_1 * 60 + minutes_1, hours_2 * 60 + minutes_2


def _date(text: str) -> _Date | None:
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    year, month, day = (int(number or 0) for number in found.groups())
    try:
        date(year or _LEAP_YEAR, month, day)
    except ValueError:
        return None
    return year, month, day
