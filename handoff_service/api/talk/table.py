"""What is called about mentions and marks."""

from handoff_service.access import Access
from handoff_service.api.operation import Operation
from handoff_service.api.talk import bodies, lists
from handoff_service.archive.accounts import Role

#: Who looks into answers that went wrong.
REVIEWERS = frozenset({Role.MAINTAINER, Role.SUPERVISOR, Role.ADMIN})

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/mentions",
        handler=lists.show_mentions,
        summary="List the notes that name the caller, the latest first.",
        access=Access.SIGNED_IN,
        query=bodies.MentionsQuery,
        returns=bodies.MentionsAnswer,
        refusals=(400, 503),
    ),
    Operation(
        method="GET",
        path="/api/answer-marks",
        handler=lists.show_marks,
        summary="List the turns that people marked, by their last mark, the latest first.",
        access=Access.SIGNED_IN,
        roles=REVIEWERS,
        query=bodies.MarksQuery,
        returns=bodies.MarksAnswer,
        refusals=(400, 503),
    ),
)
