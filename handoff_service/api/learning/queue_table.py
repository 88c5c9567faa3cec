"""What is called about the review queue."""

from handoff_service.access import Access
from handoff_service.api.learning import queue, queue_bodies as bodies
from handoff_service.api.learning.roles import TEACHING
from handoff_service.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/learning/queue",
        handler=queue.show_queue,
        summary="List what to review, what a decision would change most first.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        query=bodies.QueueQuery,
        returns=bodies.QueueAnswer,
        refusals=(400, 403, 503),
    ),
    Operation(
        method="GET",
        path="/api/learning/groups/{group_id}",
        handler=queue.show_group,
        summary="Show a group of phrases that are decided together.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        query=bodies.GroupQuery,
        returns=bodies.GroupAnswer,
        refusals=(400, 403, 404, 503),
    ),
    Operation(
        method="POST",
        path="/api/learning/groups/{group_id}/decisions",
        handler=queue.decide_group,
        summary="Decide what a group means.",
        access=Access.SIGNED_IN_CSRF,
        roles=TEACHING,
        body=bodies.DecisionBody,
        returns=bodies.DecisionAnswer,
        status=201,
        refusals=(400, 403, 404, 503),
    ),
    Operation(
        method="DELETE",
        path="/api/learning/decisions/{decision_id}",
        handler=queue.withdraw_decision,
        summary="Take a decision back, as long as nothing came of it.",
        access=Access.SIGNED_IN_CSRF,
        roles=TEACHING,
        returns=bodies.DecisionAnswer,
        refusals=(403, 404, 409, 503),
    ),
    Operation(
        method="GET",
        path="/api/learning/choices",
        handler=queue.show_choices,
        summary="List intents and articles that a group may mean, the likeliest first.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        query=bodies.ChoicesQuery,
        returns=bodies.ChoicesAnswer,
        refusals=(400, 403, 404, 503),
    ),
)
