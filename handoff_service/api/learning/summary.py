"""What waits, runs and serves, at one look."""

from dataclasses import dataclass

from aiohttp import web

from handoff_service.access import Access
from handoff_service.api.bodies import answer
from handoff_service.api.learning.jobs import JobView, view_of
from handoff_service.api.learning.roles import TEACHING
from handoff_service.api.operation import Operation
from handoff_service.archive.learning import candidates, jobs
from handoff_service.archive.learning.accepted import count_pending
from handoff_service.archive.learning.splits import open_split
from handoff_service.archive.learning.waiting import count_waiting
from handoff_service.services import SERVICES


@dataclass(frozen=True, slots=True)
class CandidateBrief:
    """The latest candidate."""

    candidate_id: str
    #: training, judging, passed, refused, live, retired or failed.
    state: str


@dataclass(frozen=True, slots=True)
class SplitBrief:
    """The split that goes on."""

    split_id: str
    candidate_id: str
    #: Of the new conversations, 0..1.
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryAnswer:
    """How much waits of each kind, and what goes on."""

    #: Groups in the review queue.
    open_groups: int
    #: Topics that nobody has decided, noise left out.
    topics: int
    #: Suggestions that nobody has decided.
    suggestions: int
    #: Accepted, and in no file yet: examples, questions, drafts.
    pending: dict[str, int]
    running: JobView | None
    last_candidate: CandidateBrief | None
    split: SplitBrief | None


async def show_summary(request: web.Request) -> web.Response:
    """Show what waits, runs and serves."""
    database = request.app[SERVICES].database
    waiting = await count_waiting(database)
    latest = next(iter(await candidates.list_candidates(database, limit=1)), None)
    split = await open_split(database)
    running = next((job for job in await jobs.list_jobs(database) if job.state == "running"), None)
    return answer(
        SummaryAnswer(
            open_groups=waiting.open_groups,
            topics=waiting.topics,
            suggestions=waiting.suggestions,
            pending=await count_pending(database),
            running=view_of(running) if running else None,
            last_candidate=CandidateBrief(latest.candidate_id, latest.state) if latest else None,
            split=SplitBrief(split.split_id, split.candidate_id, split.share) if split else None,
        )
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/learning/summary",
        handler=show_summary,
        summary="Show what waits for maintainers, what is being done, and what is compared.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        returns=SummaryAnswer,
        refusals=(403, 503),
    ),
)
