"""When each team is on duty: pure arithmetic on time zones, no I/O, no clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Self
from zoneinfo import ZoneInfo

#: How far ahead an opening is looked for, in days: whatever comes once a year is within it.
HORIZON_DAYS = 400

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From one minute of a day to another, since its midnight: 0 ≤ start < end ≤ start + 1440.

    A span over midnight belongs to the day it begins on.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the calendar, first to last, each (year, month, day); year 0 is every year."""

    first: tuple[int, int, int]
    last: tuple[int, int, int]

    def hold(self, day: date) -> bool:
        """Tell whether the day is one of them; yearly ones may run over the turn of the year."""
        here = (day.year if self.first[0] else 0, day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last

    @property
    def rank(self) -> tuple[bool, bool]:
        """What is said more exactly ranks first: with its year, as a single day."""
        return self.first[0] == 0, self.first != self.last


@dataclass(frozen=True, slots=True)
class Team:
    """People who work the same hours; `zone` is the time zone of every time of theirs."""

    name: str
    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]  #: Monday to Sunday
    special: tuple[tuple[Days, tuple[Span, ...]], ...] = ()  #: most exact first; () is closed
    topics: frozenset[str] = frozenset()

    def is_open(self, now_ms: int) -> bool:
        """Tell whether the team is on duty."""
        now = _moment(now_ms)
        today = now.astimezone(self.zone).date()
        return any(
            start <= now < end for start, end in chain(self._duty(today - _DAY), self._duty(today))
        )

    def opens_next(self, now_ms: int) -> datetime | None:
        """Return the next moment, in the team's zone, at which it comes on duty; None: never.

        It is off duty until just before that moment, so "now" is never the answer.
        """
        now = _moment(now_ms)
        first = now.astimezone(self.zone).date() - _DAY
        until: datetime | None = None  # so far the team is on duty without a break up to here
        for number in range(HORIZON_DAYS):
            for start, end in sorted(self._duty(first + number * _DAY)):
                if start > now and (until is None or start > until):
                    return start.astimezone(self.zone)
                until = max(end, until or end)
        return None

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return when duties begin and end that begin on a day of the team's calendar."""
        for days, spans in self.special:
            if days.hold(day):
                return spans
        return self.week[day.weekday()]

    def duties(self, from_ms: int, to_ms: int) -> list[tuple[int, int]]:
        """Return when the team is on duty around that time, in ms: in order, none touch."""
        day = _moment(from_ms).astimezone(self.zone).date() - 2 * _DAY
        last = _moment(to_ms).astimezone(self.zone).date() + _DAY
        joined: list[tuple[int, int]] = []
        while day <= last:
            for start, end in sorted(self._duty(day)):
                began, ends = _ms(start), _ms(end)
                if joined and began <= joined[-1][1]:
                    began, ends = joined[-1][0], max(joined.pop()[1], ends)
                joined.append((began, ends))
            day += _DAY
        return joined

    def _duty(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield each duty that begins on a day, in UTC.

        A time that the clocks skip is the same time after the change; of one that they show twice
        the earlier opens and the later closes.
        """
        for span in self.spans(day):
            start = self._at(day, span.start, fold=0)
            end = max(self._at(day, span.end, fold=0), self._at(day, span.end, fold=1))
            if start < end:
                yield start, end

    def _at(self, day: date, minutes: int, *, fold: int) -> datetime:
        days, rest = divmod(minutes, 1440)
        wall = time(rest // 60, rest % 60, fold=fold)
        return datetime.combine(day + days * _DAY, wall, self.zone).astimezone(UTC)


_ALWAYS = Team("everybody", ZoneInfo("UTC"), ((Span(0, 1440),),) * 7)


@dataclass(frozen=True, slots=True)
class Hours:
    """The teams, and which of them a topic belongs to."""

    teams: Mapping[str, Team]
    default: str

    @classmethod
    def always(cls) -> Self:
        """Return the hours of those who keep none: somebody may be there at any time."""
        return cls({_ALWAYS.name: _ALWAYS}, _ALWAYS.name)

    def team_for(self, topic: str) -> Team:
        """Return the team that a topic belongs to: the default one, unless another names it."""
        for team in self.teams.values():
            if topic in team.topics:
                return team
        return self.teams[self.default]

    def back_at(self, topic: str, *, now_ms: int) -> datetime | None:
        """Return when somebody for a topic is back; None while they should be there, or never."""
        team = self.team_for(topic)
        return None if team.is_open(now_ms) else team.opens_next(now_ms)


def _ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _moment(now_ms: int) -> datetime:
    return datetime.fromtimestamp(now_ms / 1000, UTC)
