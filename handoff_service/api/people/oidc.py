"""Signing in by the provider of identities: there, and back."""

import logging

from aiohttp import web

from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer
from handoff_service.api.people.bodies import WaysIn
from handoff_service.api.session_cookie import set_session_cookie, visit_of
from handoff_service.archive.identities import begin_errand, end_errand
from handoff_service.archive.sessions import open_session
from handoff_service.archive.sign_in import note_attempt, settle_attempt
from handoff_service.errors import BatonError
from handoff_service.oidc.errors import AnswerStale, OidcError, ProviderRefused
from handoff_service.oidc.joining import account_for
from handoff_service.refusals import NotFound
from handoff_service.services import SERVICES

logger = logging.getLogger(__name__)

#: Ties what comes back to the browser that was sent.
COOKIE = "baton_oidc"
COOKIE_PATH = "/api/oidc"
COOKIE_S = 600
CONSOLE = "/console"


async def ways_in(request: web.Request) -> web.Response:
    """Say how people sign in."""
    settings = request.app[SERVICES].settings
    return answer(
        WaysIn(
            password=settings.password_sign_in,
            oidc=settings.oidc_label if settings.oidc_issuer else "",
            min_password_chars=settings.password_min_chars,
        )
    )


async def go_there(request: web.Request) -> web.Response:
    """Send the browser to the provider."""
    services = request.app[SERVICES]
    if services.oidc is None:
        raise NotFound
    services.limits.address.take(client_address(request), now_ms=services.clock.now_ms())
    errand = await begin_errand(services.database, now_ms=services.clock.now_ms())
    try:
        url = await services.oidc.sign_in_url(
            state=errand.state, nonce=errand.nonce, verifier=errand.verifier
        )
    except OidcError as error:
        return _back(error)
    response = _redirect(url)
    response.set_cookie(
        COOKIE,
        errand.browser,
        max_age=COOKIE_S,
        httponly=True,
        samesite="Lax",  # it comes back from another site
        secure=services.settings.public_url.startswith("https://"),
        path=COOKIE_PATH,
    )
    return response


async def come_back(request: web.Request) -> web.Response:
    """Sign in whom the provider sent back, and show the console."""
    services = request.app[SERVICES]
    if services.oidc is None:
        raise NotFound
    try:
        response = await _signed_in(request)
    except BatonError as error:
        response = _back(error)
    response.del_cookie(COOKIE, path=COOKIE_PATH)
    return response


async def _signed_in(request: web.Request) -> web.Response:
    services, now_ms = request.app[SERVICES], request.app[SERVICES].clock.now_ms()
    database, provider = services.database, services.oidc
    assert provider is not None  # noqa: S101 - seen by the caller
    attempt_id = await note_attempt(
        database,
        f"oidc {client_address(request)}",  # not one name for all: a stranger could use it up
        origin=client_address(request),
        now_ms=now_ms,
        limit=services.settings.logins_per_minute,
    )
    errand = await end_errand(
        database,
        request.query.get("state", ""),
        browser=request.cookies.get(COOKIE, ""),
        now_ms=now_ms,
    )
    if errand is None:
        raise AnswerStale
    if "error" in request.query or not request.query.get("code"):
        raise ProviderRefused(repr(request.query.get("error", "no code"))[:100])
    person = await provider.person(
        request.query["code"], nonce=errand.nonce, verifier=errand.verifier
    )
    account = await account_for(database, person, settings=services.settings, now_ms=now_ms)
    signed_in = await open_session(
        database,
        account.account_id,
        visit=visit_of(request, how="oidc"),
        now_ms=now_ms,
        session_ms=services.settings.agent_session_hours * 3_600_000,
    )
    await settle_attempt(database, attempt_id, account.account_id)
    response = _redirect(CONSOLE)
    set_session_cookie(request, response, signed_in.token)
    return response


def _back(error: BatonError) -> web.Response:
    """Show the sign-in page, which says in the reader's language what went wrong."""
    logger.warning("sign-in by OpenID Connect: %s %s", type(error).__name__, error)
    return _redirect(f"{CONSOLE}#/signin/{error.code}")


def _redirect(url: str) -> web.Response:
    return web.Response(status=302, headers={"Location": url, "Cache-Control": "no-store"})
