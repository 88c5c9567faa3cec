"""What writing all that was accepted would change."""

from dataclasses import dataclass, field

from aiohttp import web

from handoff_service.access import Access
from handoff_service.api.bodies import answer
from handoff_service.api.learning.roles import TEACHING
from handoff_service.api.operation import Operation
from handoff_service.archive.learning.accepted import count_pending, fingerprint
from handoff_service.archive.learning.changes import read_changes
from handoff_service.services import SERVICES


@dataclass(frozen=True, slots=True)
class FileView:
    """One file that would be changed or made."""

    path: str
    #: examples, draft, questions or held_out.
    kind: str
    #: Unified.
    diff: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class UnwrittenView:
    """Something accepted that cannot be written."""

    code: str
    #: The words that it is about.
    text: str
    #: What is in the way, and what to do.
    detail: str


@dataclass(frozen=True, slots=True)
class ChangesAnswer:
    """What was computed last; without a computation there are no files, and it is stale."""

    computed_ms: int | None
    #: Whether something else is accepted now: ask for a job `preview`.
    stale: bool
    #: git or plain; "": nothing was computed yet.
    folder: str
    #: Where the work would begin: HEAD or a branch; "" of a plain folder.
    branch: str
    files: list[FileView] = field(default_factory=list)
    #: examples, held_out, known, left_out, intents, questions, drafts, problems.
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[UnwrittenView] = field(default_factory=list)
    #: What is accepted and in no file now: examples, questions, drafts.
    pending: dict[str, int] = field(default_factory=dict)


async def show_changes(request: web.Request) -> web.Response:
    """Show what writing would change."""
    database = request.app[SERVICES].database
    pending = await count_pending(database)
    changes = await read_changes(database)
    if changes is None:
        return answer(ChangesAnswer(None, stale=True, folder="", branch="", pending=pending))
    return answer(
        ChangesAnswer(
            computed_ms=changes.computed_ms,
            stale=changes.fingerprint != await fingerprint(database),
            folder=changes.folder,
            branch=changes.branch,
            files=[FileView(**file) for file in changes.files],
            counts=changes.counts,
            problems=[UnwrittenView(**problem) for problem in changes.problems],
            pending=pending,
        )
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/learning/changes",
        handler=show_changes,
        summary="Show what writing all that was accepted would change, as it was computed last.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        returns=ChangesAnswer,
        refusals=(403, 503),
    ),
)
