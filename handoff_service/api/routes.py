"""Every operation of the HTTP API: routes and OpenAPI are both made from this one table."""

from aiohttp import web

from handoff_service.access import guarded
from handoff_service.api.floor import table as floor
from handoff_service.api.inbox import table as inbox
from handoff_service.api.learning import table as learning
from handoff_service.api.operation import Operation
from handoff_service.api.people import table as people
from handoff_service.api.replies import table as replies
from handoff_service.api.reports import table as reports
from handoff_service.api.settings import table as settings_table
from handoff_service.api.table import console, customers, monitoring, operators
from handoff_service.api.talk import table as talk

OPERATIONS: tuple[Operation, ...] = (
    *customers.OPERATIONS,
    *console.OPERATIONS,
    *inbox.OPERATIONS,
    *monitoring.OPERATIONS,
    *operators.OPERATIONS,
    *settings_table.OPERATIONS,
    *floor.OPERATIONS,
    *learning.OPERATIONS,
    *people.OPERATIONS,
    *replies.OPERATIONS,
    *reports.OPERATIONS,
    *talk.OPERATIONS,
)


def api_routes() -> list[web.RouteDef]:
    """Return the routes of the table, each behind its access."""
    return [
        web.route(
            operation.method,
            operation.path,
            guarded(operation.handler, operation.access, operation.roles),
        )
        for operation in OPERATIONS
    ]
