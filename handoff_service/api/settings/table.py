"""What can be done to settings, by the console and by the operator."""

from handoff_service.access import Access
from handoff_service.api.operation import Operation
from handoff_service.api.settings import bodies, handlers
from handoff_service.archive.accounts import Role

#: Who may see them; each area says who of these may change it.
ROLES = frozenset({Role.SUPERVISOR, Role.ADMIN})


def settings_operations(path: str, *, shows: Access, changes: Access) -> tuple[Operation, ...]:
    """Return what can be done: the same in the console and by the operator."""
    roles = None if shows is Access.OPERATOR else ROLES
    area = path + "/{area}"
    return (
        Operation(
            method="GET",
            path=path,
            handler=handlers.list_settings,
            summary="List the areas of settings.",
            access=shows,
            roles=roles,
            returns=bodies.SettingsAnswer,
            refusals=(503,),
        ),
        Operation(
            method="GET",
            path=area,
            handler=handlers.show_area,
            summary="Show what holds in an area.",
            access=shows,
            roles=roles,
            returns=bodies.AreaAnswer,
            refusals=(404, 503),
        ),
        Operation(
            method="PUT",
            path=area,
            handler=handlers.save_area,
            summary="Save an area; 409 when somebody else has, with what they changed.",
            access=changes,
            roles=roles,
            body=bodies.SaveBody,
            returns=bodies.AreaAnswer,
            refusals=(400, 403, 404, 409, 413, 503),
        ),
        Operation(
            method="POST",
            path=area + "/check",
            handler=handlers.check_area,
            summary="Say what is wrong with a wish, or what it would change.",
            access=changes,
            roles=roles,
            body=bodies.WishBody,
            returns=bodies.CheckAnswer,
            refusals=(400, 404, 413, 503),
        ),
        Operation(
            method="GET",
            path=area + "/history",
            handler=handlers.show_history,
            summary="List the versions of an area, the latest first.",
            access=shows,
            roles=roles,
            query=bodies.HistoryQuery,
            returns=bodies.HistoryAnswer,
            refusals=(400, 404, 503),
        ),
        Operation(
            method="GET",
            path=area + "/versions/{version}",
            handler=handlers.show_version,
            summary="Show one version, and what it changed; 0 is the file.",
            access=shows,
            roles=roles,
            returns=bodies.VersionAnswer,
            refusals=(404, 503),
        ),
        Operation(
            method="POST",
            path=area + "/restore",
            handler=handlers.restore_version,
            summary="Let an old version hold again, as a new one.",
            access=changes,
            roles=roles,
            body=bodies.RestoreBody,
            returns=bodies.AreaAnswer,
            refusals=(400, 403, 404, 409, 413, 503),
        ),
    )


OPERATIONS: tuple[Operation, ...] = (
    *settings_operations("/api/settings", shows=Access.SIGNED_IN, changes=Access.SIGNED_IN_CSRF),
    *settings_operations("/internal/settings", shows=Access.OPERATOR, changes=Access.OPERATOR),
)
