"""Signing in to the console, in one step or two, and out of it."""

from aiohttp import web

from handoff_service.access import CALLER, COOKIE, refuse_other_origins
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.people.bodies import (
    CodeRequest,
    FactorBegun,
    LoginAnswer,
    TicketRequest,
)
from handoff_service.api.people.factor import begun
from handoff_service.api.people.telling import tell
from handoff_service.api.schemas import AgentView, LoginRequest, SignedInAnswer
from handoff_service.api.session_cookie import set_session_cookie, visit_of
from handoff_service.archive.accounts import Account
from handoff_service.archive.sessions import (
    SignedIn,
    csrf_token,
    is_signed_in_anywhere,
    open_session,
    sign_out,
)
from handoff_service.archive.sign_in import (
    check_password,
    count_wrong,
    give_ticket,
    note_attempt,
    read_ticket,
    settle_attempt,
    use_ticket,
)
from handoff_service.gateway.agent_writes import leave_the_floor
from handoff_service.refusals import PasswordOff
from handoff_service.services import SERVICES


async def log_in(request: web.Request) -> web.Response:
    """Check a password; the answer sets the session's cookie, or asks for the second step."""
    services = request.app[SERVICES]
    refuse_other_origins(request)
    typed = await read_body(request, LoginRequest)
    settings = services.settings
    if not settings.password_sign_in:
        raise PasswordOff
    first = await check_password(
        services.database,
        typed.login,
        password=typed.password,
        origin=client_address(request),
        now_ms=services.clock.now_ms(),
        failures_per_minute=settings.logins_per_minute,
    )
    return await first_step_done(
        request, first.account, has_factor=first.has_factor, how="password"
    )


async def first_step_done(
    request: web.Request, account: Account, *, has_factor: bool, how: str
) -> web.Response:
    """Open the session, unless the account has, or its role asks for, a second factor."""
    services = request.app[SERVICES]
    must = account.role in services.settings.second_factor_roles
    if not has_factor and not must:
        return await welcome(request, account, how=how)
    ticket = await give_ticket(
        services.database, account.account_id, now_ms=services.clock.now_ms()
    )
    return answer(LoginAnswer(step="code" if has_factor else "enrol", ticket=ticket))


async def begin_factor(request: web.Request) -> web.Response:
    """Begin to set up the second factor that the role asks for."""
    services = request.app[SERVICES]
    refuse_other_origins(request)
    wanted = await read_body(request, TicketRequest)
    account = await read_ticket(services.database, wanted.ticket, now_ms=services.clock.now_ms())
    secret = await services.factors.begin(account.account_id)
    shown: FactorBegun = begun(secret, login=account.login)
    return answer(shown)


async def second_step(request: web.Request) -> web.Response:
    """Check a code: of the second factor, or the first of one that is being set up."""
    services = request.app[SERVICES]
    refuse_other_origins(request)
    typed = await read_body(request, CodeRequest)
    now_ms, database, factors = services.clock.now_ms(), services.database, services.factors
    account = await read_ticket(database, typed.ticket, now_ms=now_ms)
    attempt_id = await note_attempt(
        database,
        account.login,
        origin=client_address(request),
        now_ms=now_ms,
        limit=services.settings.logins_per_minute,
    )
    await count_wrong(database, typed.ticket)
    codes: list[str] = []
    if (await factors.of(account.account_id)).set_ms is None:
        codes = await factors.confirm(account.account_id, typed.code, now_ms=now_ms)
        how = "second_factor"
    else:
        how = await factors.check(account.account_id, typed.code, now_ms=now_ms)
    await use_ticket(database, typed.ticket)
    await settle_attempt(database, attempt_id, account.account_id)
    return await welcome(request, account, how=how, recovery_codes=codes)


async def log_out(request: web.Request) -> web.Response:
    """End the session and take its cookie away; its sockets close at once."""
    services = request.app[SERVICES]
    caller, now_ms = request[CALLER], services.clock.now_ms()
    await sign_out(services.database, caller.session_token, now_ms=now_ms)
    account_id = caller.account.account_id
    await tell(services, account_id)
    if not await is_signed_in_anywhere(services.database, account_id, now_ms=now_ms):
        await leave_the_floor(services.store, account_id, reason="signed_out", now_ms=now_ms)
    response = answer({})
    response.del_cookie(COOKIE, path="/")
    return response


async def who_am_i(request: web.Request) -> web.Response:
    """Say who is signed in."""
    caller = request[CALLER]
    return answer(SignedInAnswer(agent_view(caller.account), csrf_token(caller.session_token)))


async def welcome(
    request: web.Request, account: Account, *, how: str, recovery_codes: list[str] | None = None
) -> web.Response:
    """Open a session and give the browser its cookie."""
    signed_in = await begin_session(request, account, how=how)
    response = answer(
        LoginAnswer(
            step="done",
            agent=agent_view(signed_in.account),
            csrf_token=csrf_token(signed_in.token),
            recovery_codes=recovery_codes or [],
        )
    )
    set_session_cookie(request, response, signed_in.token)
    return response


async def begin_session(request: web.Request, account: Account, *, how: str) -> SignedIn:
    """Open a session for the browser that asks."""
    services = request.app[SERVICES]
    return await open_session(
        services.database,
        account.account_id,
        visit=visit_of(request, how=how),
        now_ms=services.clock.now_ms(),
        session_ms=services.settings.agent_session_hours * 3_600_000,
    )


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
