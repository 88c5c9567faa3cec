"""The split that goes on: both bots, and what can be said of the candidate."""

from dataclasses import dataclass, field

from aiohttp import web
from pydantic import TypeAdapter

from handoff_service.access import Access
from handoff_service.api.bodies import answer
from handoff_service.api.learning.roles import TEACHING
from handoff_service.api.operation import Operation
from handoff_service.archive.learning.splits import Split, latest_split
from handoff_service.services import SERVICES


@dataclass(frozen=True, slots=True)
class SplitView:
    """A candidate that answers a share of new conversations."""

    split_id: str
    candidate_id: str
    #: Of the new conversations, 0..1.
    share: float
    #: starting, running or stopped.
    state: str
    asked_by: str
    asked_ms: int
    #: Conversations that began from then on are divided.
    started_ms: int | None
    ended_ms: int | None
    #: asked, promoted, worse, live_changed or failed; "" while it goes on.
    ended_why: str
    #: Why the candidate does not answer now (the live bot does), "" when it does.
    problem: str


@dataclass(frozen=True, slots=True)
class ArmView:
    """How the closed conversations of one bot ended."""

    #: live or candidate.
    arm: str
    release: str
    conversations: int
    contained: int
    csat_answers: int
    #: Four or five stars.
    csat_good: int


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Candidate minus live bot, -1..1; the interval holds at all looks at once."""

    difference: float | None
    low: float
    high: float
    #: better, worse or none.
    decided: str


@dataclass(frozen=True, slots=True)
class VerdictView:
    """What can be said of the candidate."""

    containment: ComparisonView
    csat: ComparisonView


@dataclass(frozen=True, slots=True)
class SplitAnswer:
    """The split that goes on, else the last one; null: there was never any."""

    split: SplitView | None
    #: When it was last counted; null: not yet.
    at_ms: int | None = None
    arms: list[ArmView] = field(default_factory=list)
    verdict: VerdictView | None = None


_ARMS = TypeAdapter(list[ArmView])
_VERDICT = TypeAdapter(VerdictView)


async def show_split(request: web.Request) -> web.Response:
    """Show the split that goes on."""
    split = await latest_split(request.app[SERVICES].database)
    if split is None:
        return answer(SplitAnswer(None))
    told = split.verdict
    return answer(
        SplitAnswer(
            _view(split),
            at_ms=told.get("at_ms"),
            arms=_ARMS.validate_python(told.get("arms", [])),
            verdict=_VERDICT.validate_python(told["verdict"]) if told else None,
        )
    )


def _view(split: Split) -> SplitView:
    return SplitView(**{name: getattr(split, name) for name in SplitView.__slots__})


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/learning/split",
        handler=show_split,
        summary="Show the split that goes on, else the last one: both bots, and what is certain.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        returns=SplitAnswer,
        refusals=(403, 503),
    ),
)
