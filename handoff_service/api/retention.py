"""How long data is kept, what would go now, and what went at night: for the operator."""

from dataclasses import dataclass

from aiohttp import web

from handoff_service.api.bodies import answer
from handoff_service.errors import RetentionError
from handoff_service.retention.times import Times
from handoff_service.services import SERVICES

#: Nights that are told.
NIGHTS = 30


@dataclass(frozen=True, slots=True)
class NightView:
    """What went in one night."""

    day: str
    started_ms: int
    ended_ms: int | None
    removed: dict[str, int]


@dataclass(frozen=True, slots=True)
class RetentionAnswer:
    """Kind → days (a kind that is not there is kept for ever), and how many things are older."""

    at: str
    zone: str
    days: dict[str, int]
    due: dict[str, int]
    nights: tuple[NightView, ...]
    #: Why the file cannot be used: nothing goes until it is mended.
    problems: tuple[str, ...]


async def show_retention(request: web.Request) -> web.Response:
    """Tell what is kept how long, what would go now, what went in the last nights."""
    night = request.app[SERVICES].retention_night
    problems: tuple[str, ...] = ()
    try:
        times, due = await night.due()
    except RetentionError as error:
        times, due, problems = Times(), {}, tuple(error.problems)
    nights = await night.nights(limit=NIGHTS)
    return answer(
        RetentionAnswer(
            at=f"{times.at:%H:%M}",
            zone=night.zone.key,
            days={kind.value: days for kind, days in times.days.items()},
            due={kind.value: count for kind, count in due.items()},
            nights=tuple(
                NightView(each.day, each.started_ms, each.ended_ms, each.removed) for each in nights
            ),
            problems=problems,
        )
    )
