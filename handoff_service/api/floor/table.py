"""What supervisors can ask of the floor, and do on it."""

from handoff_service.access import Access
from handoff_service.api.floor import handlers, schemas
from handoff_service.api.operation import Operation
from handoff_service.archive.accounts import Role
from handoff_service.floor.rows import Picture

ROLES = frozenset({Role.SUPERVISOR, Role.ADMIN})

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/floor",
        handler=handlers.show_floor,
        summary="Show who waits, who is there, what they have, and what is unusual.",
        access=Access.SIGNED_IN,
        roles=ROLES,
        returns=Picture,
        refusals=(403, 503),
    ),
    Operation(
        method="POST",
        path="/api/floor/conversations/{conversation_id}/take-over",
        handler=handlers.take_over,
        summary="Take a conversation from the line, or from whoever has it.",
        access=Access.SIGNED_IN_CSRF,
        roles=ROLES,
        returns=schemas.ActAnswer,
        refusals=(404, 503),
    ),
    Operation(
        method="POST",
        path="/api/floor/conversations/{conversation_id}/whisper",
        handler=handlers.whisper,
        summary="Tell a conversation's agent something that the customer never sees.",
        access=Access.SIGNED_IN_CSRF,
        roles=ROLES,
        body=schemas.WhisperRequest,
        returns=schemas.ActAnswer,
        refusals=(400, 404, 503),
    ),
    Operation(
        method="POST",
        path="/api/floor/conversations/{conversation_id}/move",
        handler=handlers.move,
        summary="Pass what waits, or what somebody else has, on to an agent, a team or a skill.",
        access=Access.SIGNED_IN_CSRF,
        roles=ROLES,
        body=schemas.MoveRequest,
        returns=schemas.ActAnswer,
        refusals=(400, 404, 409, 503),
    ),
    Operation(
        method="PUT",
        path="/api/floor/agents/{agent_id}/presence",
        handler=handlers.force_presence,
        summary="Set an agent away or offline, and tell them why.",
        access=Access.SIGNED_IN_CSRF,
        roles=ROLES,
        body=schemas.ForceRequest,
        returns=schemas.ForceAnswer,
        refusals=(400, 404, 503),
    ),
    Operation(
        method="PUT",
        path="/api/floor/agents/{agent_id}/capacity",
        handler=handlers.set_capacity,
        summary="Raise or lower how much an agent may hold until they go offline.",
        access=Access.SIGNED_IN_CSRF,
        roles=ROLES,
        body=schemas.CapacityRequest,
        refusals=(400, 404, 503),
    ),
)
