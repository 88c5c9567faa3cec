"""Where a visitor's browser gets its tokens and its conversation."""

import logging
from functools import partial

from aiohttp import web

from handoff_service.access import is_operator, refuse_other_origins
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.schemas import Page, SessionAnswer, SessionRequest
from handoff_service.domain import DEFAULT_LOCALE, LOCALES, Json
from handoff_service.errors import NoSuchConversation
from handoff_service.ids import new_conversation_id, new_customer_id
from handoff_service.refusals import NotSignedIn
from handoff_service.revival import alive
from handoff_service.services import SERVICES, Services
from handoff_service.store.results import VisitResult
from handoff_service.text import shorten
from handoff_service.tokens import CustomerToken, Purpose

logger = logging.getLogger(__name__)


async def open_session(request: web.Request) -> web.Response:
    """Begin a visit, or go on with the one that the visitor token names."""
    services = request.app[SERVICES]
    refuse_other_origins(request)
    # The operator's own measurements say who they are, and are not held to the limits.
    unlimited = "Authorization" in request.headers
    if unlimited and not is_operator(request):
        raise NotSignedIn
    now_ms, settings = services.clock.now_ms(), services.settings
    if not unlimited:
        services.limits.sessions.take(client_address(request), now_ms=now_ms)
    wanted = await read_body(request, SessionRequest)
    locale = wanted.locale if wanted.locale in LOCALES else DEFAULT_LOCALE
    token = await _token_for(services, wanted, locale=locale, unlimited=unlimited)
    visitor_s = settings.visitor_token_days * 86_400
    sign = services.signer.sign
    return answer(
        SessionAnswer(
            visitor_token=sign(token, Purpose.VISITOR, now_ms=now_ms, lifetime_s=visitor_s),
            session_token=sign(
                token, Purpose.SESSION, now_ms=now_ms, lifetime_s=settings.session_token_s
            ),
            customer_id=token.customer_id,
            conversation_id=token.conversation_id,
            locale=locale,
            expires_ms=now_ms + settings.session_token_s * 1000,
        )
    )


async def _token_for(
    services: Services, wanted: SessionRequest, *, locale: str, unlimited: bool
) -> CustomerToken:
    """Find the visitor's conversation; begin one when there is none, or it is somebody else's.

    Raises:
        TokenInvalid, TokenExpired: the page asks again without the token.
        IdentityInvalid, IdentityExpired, IdentityOff: the page asks again without the identity.
    """
    now_ms, identity = services.clock.now_ms(), None
    if wanted.identity is not None:
        identity = services.identities.read(wanted.identity, now_ms=now_ms)
    conversations, page = services.store.conversations, _page(wanted.page)
    note = partial(
        conversations.note_visit,
        identity=identity,
        page=page,
        utc_offset_min=wanted.utc_offset_min,
        now_ms=now_ms,
    )
    make_token = partial(CustomerToken, unlimited=unlimited, identified=identity is not None)
    customer_id = identity.customer_id if identity else new_customer_id()
    if wanted.visitor_token is not None:
        known = services.signer.read(wanted.visitor_token, Purpose.VISITOR, now_ms=now_ms)
        if not identity and not known.identified:
            customer_id = known.customer_id
        try:
            visit = await alive(
                services,
                known.conversation_id,
                partial(note, known.conversation_id, customer_id=known.customer_id),
            )
        except NoSuchConversation:
            logger.debug("nobody knows conversation %s, another is begun", known.conversation_id)
        else:
            if visit.result is not VisitResult.NOT_YOURS:
                return make_token(customer_id, known.conversation_id)
    conversation_id = new_conversation_id()
    await conversations.start(
        conversation_id,
        customer_id=customer_id,
        locale=locale,
        page=page,
        utc_offset_min=wanted.utc_offset_min,
        now_ms=now_ms,
    )
    if identity is not None:
        await note(conversation_id, customer_id=customer_id)
    return make_token(customer_id, conversation_id)


def _page(page: Page | None) -> Json | None:
    """Keep what agents see of the shop's page: addresses of the web, nothing else."""
    if page is None:
        return None
    kept = {"title": shorten(page.title, limit=300)}
    if page.url.startswith(("https://", "http://")):
        kept["url"] = shorten(page.url, limit=2000)
    return kept
