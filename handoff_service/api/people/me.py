"""What people change about themselves: name, languages, password; and where they are signed in."""

from collections.abc import Sequence

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.people.bodies import (
    EndedAnswer,
    PasswordRequest,
    ProfileRequest,
    SessionsAnswer,
    SessionView,
)
from handoff_service.api.people.factor import require_password
from handoff_service.api.people.telling import renew_at_desk, tell
from handoff_service.api.schemas import AgentView
from handoff_service.api.signing_in import agent_view
from handoff_service.archive.account_store import change_password, update_account
from handoff_service.archive.accounts import AccountChanges
from handoff_service.archive.models import AccountRow
from handoff_service.archive.sessions import end_sessions, list_sessions
from handoff_service.refusals import NotFound, NotSignedIn, PasswordOff
from handoff_service.services import SERVICES


async def change_profile(request: web.Request) -> web.Response:
    """Change one's own name and languages; the desk goes by it at once."""
    services, account = request.app[SERVICES], request[CALLER].account
    wanted = await read_body(request, ProfileRequest)
    changes = AccountChanges(
        name=wanted.name,
        languages=None if wanted.languages is None else tuple(wanted.languages),
    )
    changed = await update_account(
        services.database,
        account.login,
        changes,
        now_ms=services.clock.now_ms(),
        actor=account.account_id,
        origin=client_address(request),
    )
    if changed is None:
        raise NotSignedIn
    await renew_at_desk(services, changed)
    shown: AgentView = agent_view(changed)
    return answer(shown)


async def change_own_password(request: web.Request) -> web.Response:
    """Choose another password; every other session ends."""
    services, caller = request.app[SERVICES], request[CALLER]
    if not services.settings.password_sign_in:
        raise PasswordOff
    typed = await read_body(request, PasswordRequest)
    await require_password(request, typed.current)
    now_ms, account_id = services.clock.now_ms(), caller.account.account_id
    await change_password(
        services.database,
        caller.account,
        typed.new,
        rules=services.password_rules,
        now_ms=now_ms,
        origin=client_address(request),
    )
    ended = await end_sessions(
        services.database, account_id, actor=account_id, now_ms=now_ms, but=caller.session_id
    )
    await tell(services, account_id)
    return answer(EndedAnswer(len(ended)))


async def show_own_sessions(request: web.Request) -> web.Response:
    """List where one is signed in."""
    return await _sessions(request, request[CALLER].account.account_id)


async def end_own_session(request: web.Request) -> web.Response:
    """End one session of one's own."""
    return await _end(request, request[CALLER].account.account_id)


async def end_other_sessions(request: web.Request) -> web.Response:
    """End all one's own sessions but the one that asks."""
    caller = request[CALLER]
    return await _end(request, caller.account.account_id, but=caller.session_id)


async def show_sessions(request: web.Request) -> web.Response:
    """List where somebody is signed in."""
    return await _sessions(request, await _account_id(request))


async def end_session(request: web.Request) -> web.Response:
    """End a session of somebody."""
    return await _end(request, await _account_id(request))


async def end_all_sessions(request: web.Request) -> web.Response:
    """End all sessions of somebody; of one's own all but the one that asks."""
    return await _end(request, await _account_id(request), but=request[CALLER].session_id)


async def _account_id(request: web.Request) -> str:
    async with request.app[SERVICES].database.session() as session:
        row = await session.get(AccountRow, request.match_info["account_id"])
    if row is None:
        raise NotFound
    return row.id


async def _sessions(request: web.Request, account_id: str) -> web.Response:
    services, here = request.app[SERVICES], request[CALLER].session_id
    found = await list_sessions(services.database, account_id, now_ms=services.clock.now_ms())
    return answer(
        SessionsAnswer(
            [
                SessionView(
                    id=line.id,
                    browser=line.browser,
                    address=line.address,
                    how=line.how,
                    created_ms=line.created_ms,
                    last_seen_ms=line.last_seen_ms,
                    expires_ms=line.expires_ms,
                    here=line.id == here,
                )
                for line in found
            ]
        )
    )


async def _end(request: web.Request, account_id: str, *, but: str | None = None) -> web.Response:
    services = request.app[SERVICES]
    only = request.match_info.get("session_id")
    ended: Sequence[str] = await end_sessions(
        services.database,
        account_id,
        actor=request[CALLER].account.account_id,
        origin=client_address(request),
        now_ms=services.clock.now_ms(),
        only=only,
        but=but,
    )
    if only is not None and not ended:
        raise NotFound
    await tell(services, account_id)
    return answer(EndedAnswer(len(ended)))
