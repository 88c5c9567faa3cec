"""Where a visitor's browser gets its tokens and its conversation."""

import asyncio

from aiohttp import web

from handoff_service.access import find_customer, is_operator, refuse_other_origins
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.going_on import Visitor, go_on
from handoff_service.api.schemas import SessionAnswer, SessionRequest
from handoff_service.conversation import Identity
from handoff_service.device import device_of
from handoff_service.domain import DEFAULT_LOCALE, LOCALES, Json
from handoff_service.ids import new_visit_id
from handoff_service.refusals import IdentityOff, IdentityRequired, NotSignedIn, TokenInvalid
from handoff_service.services import SERVICES, Services
from handoff_service.sites import IdentityPolicy, Site
from handoff_service.tokens import CustomerToken, Purpose
from handoff_service.visiting import end_visit, read_token, shown_page


async def open_session(request: web.Request) -> web.Response:
    """Begin a visit, or go on with the one that the visitor token names."""
    services = request.app[SERVICES]
    refuse_other_origins(request)
    # The operator's own measurements say who they are, and are not held to the limits.
    unlimited = "Authorization" in request.headers
    if unlimited and not is_operator(request):
        raise NotSignedIn
    now_ms = services.clock.now_ms()
    if not unlimited:
        services.limits.sessions.take(client_address(request), now_ms=now_ms)
    wanted = await read_body(request, SessionRequest)
    locale = wanted.locale if wanted.locale in LOCALES else DEFAULT_LOCALE
    device = await asyncio.to_thread(device_of, request.headers.get("User-Agent", ""))
    token = await _token_for(services, wanted, locale=locale, device=device, unlimited=unlimited)
    return answer(session_answer(services, token, locale=locale))


def session_answer(services: Services, token: CustomerToken, *, locale: str) -> SessionAnswer:
    """Sign the two tokens of a visit."""
    now_ms, settings = services.clock.now_ms(), services.settings
    visitor_s = settings.visitor_token_days * 86_400
    sign = services.signer.sign
    return SessionAnswer(
        visitor_token=sign(token, Purpose.VISITOR, now_ms=now_ms, lifetime_s=visitor_s),
        session_token=sign(
            token, Purpose.SESSION, now_ms=now_ms, lifetime_s=settings.session_token_s
        ),
        customer_id=token.customer_id,
        conversation_id=token.conversation_id,
        locale=locale,
        expires_ms=now_ms + settings.session_token_s * 1000,
    )


async def sign_out(request: web.Request) -> web.Response:
    """End a visit: its tokens, session and visitor alike, open nothing from now on."""
    services = request.app[SERVICES]
    try:
        token = await find_customer(request)
    except TokenInvalid:
        token = await find_customer(request, Purpose.VISITOR)
    await end_visit(services, token)
    return web.Response(status=204)


async def _token_for(
    services: Services,
    wanted: SessionRequest,
    *,
    locale: str,
    device: Json | None,
    unlimited: bool,
) -> CustomerToken:
    """Find the visitor's conversation; begin one when there is none, or it is somebody else's.

    Raises:
        TokenInvalid, TokenExpired: the page asks again without the token.
        IdentityInvalid, IdentityExpired, IdentityOff: the page asks again without the identity.
        IdentityRequired: the site's customers must sign in there.
    """
    site, known = services.sites.find(wanted.site), None
    identity = _identity(services, site, wanted.identity)
    if wanted.visitor_token is not None:
        known = await read_token(services, wanted.visitor_token, Purpose.VISITOR)
    visitor = Visitor(
        identity=identity,
        known=known,
        locale=locale,
        site="" if site is services.sites.default else site.key,
        page=shown_page(wanted.page.url, wanted.page.title) if wanted.page else None,
        utc_offset_min=wanted.utc_offset_min,
        device=device,
    )
    customer_id, conversation_id = await go_on(services, visitor)
    same = known is not None and known.customer_id == customer_id
    return CustomerToken(
        customer_id,
        conversation_id,
        unlimited=unlimited,
        identified=identity is not None,
        # Whoever is another than before begins a visit: to end one ends nobody else's.
        visit=known.visit if known and same else new_visit_id(),
    )


def _identity(services: Services, site: Site, signed: str | None) -> Identity | None:
    """Return who the customer is, as the policy of the site has it."""
    if signed is None:
        if site.identity is IdentityPolicy.REQUIRED:
            raise IdentityRequired
        return None
    if site.identity is IdentityPolicy.OFF:
        raise IdentityOff
    now_ms, keys = services.clock.now_ms(), site.identity_keys
    return services.identities.read(signed, now_ms=now_ms, site=site.key, keys=keys)
