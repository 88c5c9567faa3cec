"""One's own second factor: set up, renewed, taken away."""

from aiohttp import web
from segno import make

from handoff_service.access import CALLER
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.people.bodies import (
    BeginFactor,
    FactorAnswer,
    FactorBegun,
    FactorCode,
    RecoveryAnswer,
)
from handoff_service.api.people.telling import tell
from handoff_service.api.session_cookie import set_session_cookie
from handoff_service.archive.account_store import has_password, uses_password
from handoff_service.archive.second_factor import provisioning_uri
from handoff_service.archive.sessions import csrf_token, end_sessions, rotate_session
from handoff_service.archive.sign_in import note_attempt, settle_attempt
from handoff_service.refusals import FactorSet, NotYourPassword
from handoff_service.services import SERVICES

#: What the app shows beside the login.
ISSUER = "Baton"
#: White around a QR code, in units of its squares (ISO/IEC 18004: four).
QUIET = 4


async def show_factor(request: web.Request) -> web.Response:
    """Say what one has."""
    services, account = request.app[SERVICES], request[CALLER].account
    factor = await services.factors.of(account.account_id)
    required = account.role in services.settings.second_factor_roles
    return answer(FactorAnswer(factor.set_ms, factor.recovery_left, required))


async def begin_own_factor(request: web.Request) -> web.Response:
    """Begin to set one up: show its secret. It counts from its first right code on."""
    services, account = request.app[SERVICES], request[CALLER].account
    typed = await read_body(request, BeginFactor)
    await require_password(request, typed.password)
    secret = await services.factors.begin(account.account_id)
    return answer(begun(secret, login=account.login))


async def confirm_own_factor(request: web.Request) -> web.Response:
    """Set it by its first code. The session rotates, the others end."""
    services, caller = request.app[SERVICES], request[CALLER]
    typed = await read_body(request, FactorCode)
    account_id, now_ms = caller.account.account_id, services.clock.now_ms()
    attempt_id = await _attempt(request)
    codes = await services.factors.confirm(account_id, typed.code, now_ms=now_ms)
    await settle_attempt(services.database, attempt_id, account_id, action="login.code_right")
    token = await rotate_session(services.database, caller.session_id)
    await end_sessions(
        services.database, account_id, actor=account_id, now_ms=now_ms, but=caller.session_id
    )
    await tell(services, account_id)
    response = answer(RecoveryAnswer(codes, csrf_token(token)))
    set_session_cookie(request, response, token)
    return response


async def renew_recovery(request: web.Request) -> web.Response:
    """Make new recovery codes; a code of the factor opens this."""
    account_id = await _check_code(request)
    return answer(RecoveryAnswer(await request.app[SERVICES].factors.renew_recovery(account_id)))


async def remove_own_factor(request: web.Request) -> web.Response:
    """Take it away; a code of it opens this, and the role must not ask for one."""
    services, account = request.app[SERVICES], request[CALLER].account
    if account.role in services.settings.second_factor_roles:
        raise FactorSet
    account_id = await _check_code(request)
    await services.factors.remove(
        account_id,
        actor=account_id,
        origin=client_address(request),
        now_ms=services.clock.now_ms(),
    )
    return answer({})


async def require_password(request: web.Request, password: str) -> None:
    """See that whoever sits at the browser knows the account's password, if it has one.

    Raises:
        NotYourPassword: they do not.
        TooManyAttempts: they have tried too often.
    """
    services, account = request.app[SERVICES], request[CALLER].account
    if not await uses_password(services.database, account.account_id):
        return
    attempt_id = await _attempt(request)
    if not await has_password(services.database, account.account_id, password):
        raise NotYourPassword(account.login)
    await settle_attempt(
        services.database, attempt_id, account.account_id, action="login.password_right"
    )


def begun(secret: str, *, login: str) -> FactorBegun:
    """Show a secret: as text, as an address for apps, as the squares of a QR code."""
    uri = provisioning_uri(secret, login=login, issuer=ISSUER)
    rows = [list(row) for row in make(uri, error="m", micro=False).matrix]
    squares = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return FactorBegun(secret=secret, uri=uri, path=squares, size=len(rows) + 2 * QUIET)


async def _check_code(request: web.Request) -> str:
    services, account_id = request.app[SERVICES], request[CALLER].account.account_id
    typed = await read_body(request, FactorCode)
    attempt_id = await _attempt(request)
    await services.factors.check(account_id, typed.code, now_ms=services.clock.now_ms())
    await settle_attempt(services.database, attempt_id, account_id, action="login.code_right")
    return account_id


async def _attempt(request: web.Request) -> str:
    """Count tries here with those to sign in."""
    services = request.app[SERVICES]
    return await note_attempt(
        services.database,
        request[CALLER].account.login,
        origin=client_address(request),
        now_ms=services.clock.now_ms(),
        limit=services.settings.logins_per_minute,
    )
