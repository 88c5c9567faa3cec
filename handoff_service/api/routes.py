"""Every operation of the HTTP API in one table: routes and OpenAPI are both made from it."""

from dataclasses import dataclass

from aiohttp import web

from handoff_service.access import Access, Handler, guarded
from handoff_service.api import (
    conversations,
    customer,
    internal,
    operations,
    schemas,
    signing_in,
)
from handoff_service.metrics import CONTENT_TYPE

JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    handler: Handler
    summary: str
    access: Access
    #: What is sent: a body of JSON, and a query.
    body: type | None = None
    query: type | None = None
    #: What comes back when all is well; None for what is no JSON object of a known shape.
    returns: type | None = None
    media: str = JSON
    status: int = 200
    #: Further statuses from 400 on, beside those that the access implies.
    refusals: tuple[int, ...] = ()


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="/api/customer/session",
        handler=customer.open_session,
        summary="Begin a visit, or go on with an earlier one.",
        access=Access.PUBLIC,
        body=schemas.SessionRequest,
        returns=schemas.SessionAnswer,
        refusals=(400, 401, 403, 429, 503),
    ),
    Operation(
        method="POST",
        path="/api/login",
        handler=signing_in.log_in,
        summary="Sign in; sets the session's cookie.",
        access=Access.PUBLIC,
        body=schemas.LoginRequest,
        returns=schemas.SignedInAnswer,
        refusals=(400, 401, 403, 429, 503),
    ),
    Operation(
        method="POST",
        path="/api/logout",
        handler=signing_in.log_out,
        summary="Sign out; ends the session.",
        access=Access.SIGNED_IN_CSRF,
        refusals=(503,),
    ),
    Operation(
        method="GET",
        path="/api/me",
        handler=signing_in.who_am_i,
        summary="Who is signed in, and the token for state-changing requests.",
        access=Access.SIGNED_IN,
        returns=schemas.SignedInAnswer,
        refusals=(503,),
    ),
    Operation(
        method="GET",
        path="/api/conversations",
        handler=conversations.list_conversations,
        summary="List conversations, latest first; agents see their own.",
        access=Access.SIGNED_IN,
        query=conversations.ListQuery,
        returns=schemas.ConversationsAnswer,
        refusals=(400, 503),
    ),
    Operation(
        method="GET",
        path="/api/conversations/{conversation_id}",
        handler=conversations.show_conversation,
        summary="Show one conversation with all its events.",
        access=Access.SIGNED_IN,
        returns=schemas.ConversationAnswer,
        refusals=(404, 503),
    ),
    Operation(
        method="GET",
        path="/api/conversations/{conversation_id}/events",
        handler=conversations.list_events,
        summary="Show the events of a conversation after one.",
        access=Access.SIGNED_IN,
        query=conversations.EventsQuery,
        returns=schemas.EventsAnswer,
        refusals=(400, 404, 503),
    ),
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
    Operation(
        method="GET",
        path="/internal/transcripts",
        handler=internal.stream_transcripts,
        summary="Closed conversations as JSON lines.",
        access=Access.OPERATOR,
        query=internal.TranscriptsQuery,
        media="application/jsonl",
        refusals=(400, 503),
    ),
    Operation(
        method="POST",
        path="/internal/accounts",
        handler=internal.make_account,
        summary="Make an account.",
        access=Access.OPERATOR,
        body=schemas.AccountRequest,
        returns=schemas.AccountAnswer,
        status=201,
        refusals=(400, 409, 503),
    ),
    Operation(
        method="DELETE",
        path="/internal/accounts/{login}",
        handler=internal.close_account,
        summary="Disable an account and end its sessions.",
        access=Access.OPERATOR,
        status=204,
        refusals=(503,),
    ),
    Operation(
        method="GET",
        path="/internal/status",
        handler=internal.show_status,
        summary="What goes on in this process.",
        access=Access.OPERATOR,
        returns=schemas.StatusAnswer,
        refusals=(503,),
    ),
)


def api_routes() -> list[web.RouteDef]:
    """Return the routes of the table, each behind its access."""
    return [
        web.route(operation.method, operation.path, guarded(operation.handler, operation.access))
        for operation in OPERATIONS
    ]
