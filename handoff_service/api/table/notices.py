"""What can be done to notices, by the console and by the operator."""

from handoff_service.access import Access
from handoff_service.api import notices, schemas
from handoff_service.api.operation import Operation
from handoff_service.archive.accounts import Role

#: Who may tell all customers something.
MAY_PUBLISH = frozenset({Role.SUPERVISOR, Role.ADMIN})


def notice_operations(path: str, access: Access, *, changes: Access) -> tuple[Operation, ...]:
    """Return what can be done to notices: the same in the console and by the operator."""
    roles = None if access is Access.OPERATOR else MAY_PUBLISH
    return (
        Operation(
            method="GET",
            path=path,
            handler=notices.show_notices,
            summary="List the notices of known problems.",
            access=access,
            roles=roles,
            returns=schemas.NoticesAnswer,
            refusals=(503,),
        ),
        Operation(
            method="POST",
            path=path,
            handler=notices.publish,
            summary="Tell all customers of a known problem.",
            access=changes,
            roles=roles,
            body=schemas.NoticeRequest,
            returns=schemas.NoticeView,
            status=201,
            refusals=(400, 503),
        ),
        Operation(
            method="PUT",
            path=path + "/{notice_id}",
            handler=notices.change,
            summary="Put a notice in other words.",
            access=changes,
            roles=roles,
            body=schemas.NoticeRequest,
            returns=schemas.NoticeView,
            refusals=(400, 404, 503),
        ),
        Operation(
            method="DELETE",
            path=path + "/{notice_id}",
            handler=notices.withdraw,
            summary="Take a notice back.",
            access=changes,
            roles=roles,
            returns=schemas.NoticeView,
            refusals=(404, 503),
        ),
    )
