"""Saved filters: one's own, and those that a supervisor made for everybody."""

from dataclasses import asdict

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.api.bodies import answer, read_body, read_values
from handoff_service.api.inbox.bodies import (
    FilterAsks,
    FilterRequest,
    FiltersAnswer,
    FilterView,
    InboxQuery,
)
from handoff_service.api.inbox.lists import wanted_of
from handoff_service.archive.accounts import Account, Role
from handoff_service.archive.saved_filters import (
    SavedFilter,
    TooManyFilters,
    delete_filter,
    list_filters,
    save_filter,
)
from handoff_service.refusals import BadFrame, NotAllowed, NotFound
from handoff_service.services import SERVICES

#: Who may save a filter for everybody.
SHARES = frozenset({Role.SUPERVISOR, Role.ADMIN})


async def show_filters(request: web.Request) -> web.Response:
    """List one's own saved filters and the shared ones."""
    account = request[CALLER].account
    found = await list_filters(request.app[SERVICES].database, account)
    return answer(FiltersAnswer([_view(saved, account) for saved in found]))


async def add_filter(request: web.Request) -> web.Response:
    """Save a filter."""
    return answer(await _save(request, None), status=201)


async def change_filter(request: web.Request) -> web.Response:
    """Change a saved filter of one's own."""
    return answer(await _save(request, request.match_info["filter_id"]))


async def remove_filter(request: web.Request) -> web.Response:
    """Delete a saved filter of one's own."""
    services = request.app[SERVICES]
    was_there = await delete_filter(
        services.database,
        request[CALLER].account,
        request.match_info["filter_id"],
        now_ms=services.clock.now_ms(),
    )
    if not was_there:
        raise NotFound
    return web.Response(status=204)


async def _save(request: web.Request, filter_id: str | None) -> FilterView:
    services, account = request.app[SERVICES], request[CALLER].account
    body = await read_body(request, FilterRequest)
    if body.shared and account.role not in SHARES:
        raise NotAllowed
    asks = {name: value for name, value in asdict(body.asks).items() if value not in {None, ""}}
    wanted_of(read_values(asks, InboxQuery))  # refused now rather than whenever it is used
    try:
        saved = await save_filter(
            services.database,
            account,
            name=body.name,
            asks=asks,
            shared=body.shared,
            now_ms=services.clock.now_ms(),
            filter_id=filter_id,
        )
    except TooManyFilters as error:
        raise BadFrame(["filters"]) from error
    if saved is None:
        raise NotFound
    return _view(saved, account)


def _view(saved: SavedFilter, account: Account) -> FilterView:
    asks = read_values(saved.asks, FilterAsks)
    return FilterView(
        saved.filter_id, saved.name, asks, saved.shared, saved.account_id == account.account_id
    )
