"""What the section Reports calls: for everybody, agents see their own numbers."""

from handoff_service.access import Access
from handoff_service.api.operation import Operation
from handoff_service.api.reports import bodies, handlers, subscriptions

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/reports/definitions",
        handler=handlers.show_number_definitions,
        summary="Every number there is, what it is, and which way is good news.",
        access=Access.SIGNED_IN,
        returns=bodies.DefinitionsAnswer,
        refusals=(503,),
    ),
    Operation(
        method="GET",
        path="/api/reports/metrics",
        handler=handlers.show_numbers,
        summary="Numbers of a time, whole and by group; agents learn their own.",
        access=Access.SIGNED_IN,
        query=bodies.MetricsQuery,
        returns=bodies.MetricsAnswer,
        refusals=(400, 503),
    ),
    Operation(
        method="GET",
        path="/api/reports/metrics.csv",
        handler=handlers.download_numbers,
        summary="The same as a file for spreadsheets.",
        access=Access.SIGNED_IN,
        query=bodies.MetricsQuery,
        media="text/csv",
        refusals=(400, 503),
    ),
    Operation(
        method="GET",
        path="/api/reports/conversations",
        handler=handlers.list_behind_number,
        summary="The conversations behind a number, the latest first.",
        access=Access.SIGNED_IN,
        query=bodies.BehindQuery,
        returns=bodies.BehindAnswer,
        refusals=(400, 503),
    ),
    Operation(
        method="GET",
        path="/api/reports/mails",
        handler=subscriptions.show_report_mails,
        summary="List the reports that the caller is sent by e-mail.",
        access=Access.SIGNED_IN,
        returns=subscriptions.ReportMailsAnswer,
        refusals=(503,),
    ),
    Operation(
        method="POST",
        path="/api/reports/mails",
        handler=subscriptions.subscribe,
        summary="Send the caller a report every day, week or month.",
        access=Access.SIGNED_IN_CSRF,
        body=subscriptions.ReportMailRequest,
        returns=subscriptions.ReportMailView,
        status=201,
        refusals=(400, 409, 503),
    ),
    Operation(
        method="DELETE",
        path="/api/reports/mails/{report_mail_id}",
        handler=subscriptions.unsubscribe,
        summary="Send it no more.",
        access=Access.SIGNED_IN_CSRF,
        status=204,
        refusals=(404, 503),
    ),
)
