"""Signing in to the console and out of it."""

from aiohttp import web

from handoff_service.access import CALLER, COOKIE, refuse_other_origins
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.schemas import AgentView, LoginRequest, SignedInAnswer
from handoff_service.archive.accounts import Account
from handoff_service.archive.sign_in import csrf_token, sign_in, sign_out
from handoff_service.services import SERVICES


async def log_in(request: web.Request) -> web.Response:
    """Check a password; the answer sets the session's cookie."""
    services = request.app[SERVICES]
    refuse_other_origins(request)
    typed = await read_body(request, LoginRequest)
    settings = services.settings
    signed_in = await sign_in(
        services.database,
        typed.login,
        password=typed.password,
        origin=client_address(request),
        now_ms=services.clock.now_ms(),
        failures_per_minute=settings.logins_per_minute,
        session_ms=settings.agent_session_hours * 3_600_000,
    )
    response = answer(SignedInAnswer(agent_view(signed_in.account), csrf_token(signed_in.token)))
    response.set_cookie(
        COOKIE,
        signed_in.token,
        max_age=settings.agent_session_hours * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.public_url.startswith("https://"),
        path="/",
    )
    return response


async def log_out(request: web.Request) -> web.Response:
    """End the session and take its cookie away; its sockets close within the heartbeat."""
    services = request.app[SERVICES]
    await sign_out(services.database, request[CALLER].session_token, now_ms=services.clock.now_ms())
    response = answer({})
    response.del_cookie(COOKIE, path="/")
    return response


async def who_am_i(request: web.Request) -> web.Response:
    """Say who is signed in."""
    caller = request[CALLER]
    return answer(SignedInAnswer(agent_view(caller.account), csrf_token(caller.session_token)))


def agent_view(account: Account) -> AgentView:
    """Show an account to its owner."""
    return AgentView(
        agent_id=account.account_id,
        login=account.login,
        name=account.name,
        languages=list(account.languages),
        capacity=account.capacity,
        role=account.role.value,
        skills=dict(account.skills),
        teams=list(account.teams),
    )
