"""What whoever watches the service calls."""

from handoff_service.access import Access
from handoff_service.api import operations, schemas
from handoff_service.api.operation import Operation
from handoff_service.metrics import CONTENT_TYPE

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/healthz",
        handler=operations.healthz,
        summary="Whether the process answers.",
        access=Access.PUBLIC,
        returns=schemas.HealthAnswer,
    ),
    Operation(
        method="GET",
        path="/readyz",
        handler=operations.readyz,
        summary="Whether the service can serve; 503 with the reasons if not.",
        access=Access.PUBLIC,
        returns=schemas.ReadyAnswer,
    ),
    Operation(
        method="GET",
        path="/metrics",
        handler=operations.show_metrics,
        summary="The numbers of this process, for Prometheus.",
        access=Access.PUBLIC,
        media=CONTENT_TYPE.split(";")[0],
    ),
)
