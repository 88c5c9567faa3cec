"""Lets a customer go on with a conversation from the link in an e-mail."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from aiohttp import web
from pydantic import Field

from handoff_service.access import refuse_other_origins
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.customer import session_answer
from handoff_service.api.schemas import Token
from handoff_service.errors import NoSuchConversation
from handoff_service.ids import new_visit_id
from handoff_service.refusals import IdentityInvalid, IdentityRequired, TokenInvalid
from handoff_service.revival import alive
from handoff_service.services import SERVICES, Services
from handoff_service.sites import IdentityPolicy, Site
from handoff_service.tokens import CustomerToken, Purpose


@dataclass(frozen=True, slots=True)
class ResumeRequest:
    """The token of the link; for the conversation of one who signed in, who they are as well."""

    token: Token
    identity: Token | None = None
    utc_offset_min: Annotated[int, Field(ge=-900, le=900)] | None = None


async def resume_visit(request: web.Request) -> web.Response:
    """Exchange the token of a link for a visit of its conversation.

    Only the page does this, by POST: programs that follow the links of e-mails change nothing. The
    conversation of a customer whom the site has signed needs the same customer's identity: whoever
    reads somebody's e-mail is not signed in at the shop. One that was deleted, or that somebody has
    made their own by signing in since, is not opened.
    """
    services = request.app[SERVICES]
    refuse_other_origins(request)
    now_ms = services.clock.now_ms()
    services.limits.sessions.take(client_address(request), now_ms=now_ms)
    wanted = await read_body(request, ResumeRequest)
    link = services.signer.read(wanted.token, Purpose.RESUME, now_ms=now_ms)
    get = partial(services.store.conversations.get, link.conversation_id)
    try:
        talk = await alive(services, link.conversation_id, get)
    except NoSuchConversation as error:
        raise TokenInvalid from error
    identified = talk.identity is not None
    site = services.sites.find(talk.site)
    if identified or site.identity is IdentityPolicy.REQUIRED:
        _check_identity(services, site, wanted.identity, customer_id=talk.customer_id)
    elif talk.customer_id != link.customer_id:
        raise TokenInvalid
    token = CustomerToken(
        talk.customer_id, talk.conversation_id, identified=identified, visit=new_visit_id()
    )
    return answer(session_answer(services, token, locale=talk.language))


def _check_identity(
    services: Services, site: Site, signed: str | None, *, customer_id: str
) -> None:
    if signed is None:
        raise IdentityRequired
    now_ms, keys = services.clock.now_ms(), site.identity_keys
    identity = services.identities.read(signed, now_ms=now_ms, site=site.key, keys=keys)
    if identity.customer_id != customer_id:
        raise IdentityInvalid("the conversation is another customer's")
