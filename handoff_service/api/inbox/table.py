"""What the inbox calls, for whoever is signed in."""

from handoff_service.access import Access
from handoff_service.api.inbox import bodies, bulk, filters, lists
from handoff_service.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/inbox",
        handler=lists.show_inbox,
        summary="List conversations by view, filters and words; agents see what they may read.",
        access=Access.SIGNED_IN,
        query=bodies.InboxQuery,
        returns=bodies.InboxAnswer,
        refusals=(400, 503),
    ),
    Operation(
        method="GET",
        path="/api/inbox/counts",
        handler=lists.show_counts,
        summary="How many conversations each view has; 10,000 stands for that many or more.",
        access=Access.SIGNED_IN,
        returns=bodies.InboxCountsAnswer,
        refusals=(503,),
    ),
    Operation(
        method="GET",
        path="/api/inbox/filters",
        handler=filters.show_filters,
        summary="List one's own saved filters and the shared ones.",
        access=Access.SIGNED_IN,
        returns=bodies.FiltersAnswer,
        refusals=(503,),
    ),
    Operation(
        method="POST",
        path="/api/inbox/filters",
        handler=filters.add_filter,
        summary="Save a filter; supervisors and admins may share it with everybody.",
        access=Access.SIGNED_IN_CSRF,
        body=bodies.FilterRequest,
        returns=bodies.FilterView,
        status=201,
        refusals=(400, 503),
    ),
    Operation(
        method="PUT",
        path="/api/inbox/filters/{filter_id}",
        handler=filters.change_filter,
        summary="Change a saved filter of one's own.",
        access=Access.SIGNED_IN_CSRF,
        body=bodies.FilterRequest,
        returns=bodies.FilterView,
        refusals=(400, 404, 503),
    ),
    Operation(
        method="DELETE",
        path="/api/inbox/filters/{filter_id}",
        handler=filters.remove_filter,
        summary="Delete a saved filter of one's own.",
        access=Access.SIGNED_IN_CSRF,
        status=204,
        refusals=(404, 503),
    ),
    Operation(
        method="POST",
        path="/api/inbox/bulk",
        handler=bulk.act_on_many,
        summary="Tag, untag or prioritize conversations, or close messages that were left.",
        access=Access.SIGNED_IN_CSRF,
        roles=filters.SHARES,
        body=bodies.BulkRequest,
        returns=bodies.BulkAnswer,
        refusals=(400, 503),
    ),
)
