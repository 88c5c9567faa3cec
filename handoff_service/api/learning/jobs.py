"""Long work: asked for, watched and cancelled."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from aiohttp import web

from handoff_service.access import CALLER, Access
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.learning.roles import TEACHING
from handoff_service.api.operation import Operation
from handoff_service.archive.learning import jobs
from handoff_service.refusals import NotFound
from handoff_service.services import SERVICES

#: What people may ask for; the rest is done by itself.
Kind = Literal[
    "collect", "group", "discover", "suggest", "preview", "apply", "candidate", "promote",
    "rollback", "split_start", "split_stop",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What is to be done; each kind knows its arguments."""

    kind: Kind
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobView:
    """One piece of long work."""

    job_id: str
    kind: str
    args: dict[str, Any]
    #: queued, running, done, failed or cancelled.
    state: str
    step: str
    #: 0..1; null: nobody knows how far it is.
    share: float | None
    line: str
    result: dict[str, Any]
    #: What went wrong, and the remedy; "" when nothing did.
    error: str
    asked_by: str
    asked_ms: int
    started_ms: int | None
    ended_ms: int | None


@dataclass(frozen=True, slots=True)
class WorkerView:
    """The process that does them."""

    #: When it was last there; null: never.
    seen_ms: int | None


@dataclass(frozen=True, slots=True)
class JobsAnswer:
    """The latest jobs, the one asked for last first."""

    jobs: list[JobView]
    worker: WorkerView


async def list_jobs(request: web.Request) -> web.Response:
    """List the latest jobs."""
    database = request.app[SERVICES].database
    found = await jobs.list_jobs(database)
    seen_ms = await jobs.worker_seen_ms(database)
    return answer(JobsAnswer([view_of(job) for job in found], WorkerView(seen_ms)))


async def ask_for_job(request: web.Request) -> web.Response:
    """Put a job at the end of the line."""
    services, caller = request.app[SERVICES], request[CALLER]
    wanted = await read_body(request, JobRequest)
    job = await jobs.ask_for_job(
        services.database,
        wanted.kind,
        wanted.args,
        asked_by=caller.account.account_id,
        now_ms=services.clock.now_ms(),
    )
    services.watching.note_learning()
    return answer(view_of(job), status=201)


async def cancel_job(request: web.Request) -> web.Response:
    """Cancel what waits or runs."""
    services, caller = request.app[SERVICES], request[CALLER]
    try:
        job = await jobs.cancel_job(
            services.database,
            request.match_info["job_id"],
            actor=caller.account.account_id,
            now_ms=services.clock.now_ms(),
        )
    except jobs.NoSuchJob:
        raise NotFound from None
    services.watching.note_learning()
    return answer(view_of(job))


def view_of(job: jobs.Job) -> JobView:
    """Return a job as it is shown."""
    return JobView(**asdict(job))


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/learning/jobs",
        handler=list_jobs,
        summary="List long work: what waits, runs and has ended.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        returns=JobsAnswer,
        refusals=(403, 503),
    ),
    Operation(
        method="POST",
        path="/api/learning/jobs",
        handler=ask_for_job,
        summary="Ask for long work; the process that learns does it when its turn comes.",
        access=Access.SIGNED_IN_CSRF,
        roles=TEACHING,
        body=JobRequest,
        returns=JobView,
        status=201,
        refusals=(400, 403, 503),
    ),
    Operation(
        method="DELETE",
        path="/api/learning/jobs/{job_id}",
        handler=cancel_job,
        summary="Cancel long work that waits or runs.",
        access=Access.SIGNED_IN_CSRF,
        roles=TEACHING,
        returns=JobView,
        refusals=(403, 404, 503),
    ),
)
