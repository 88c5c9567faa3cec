"""Who asks, of the customers: the session token in a header, and the conversation it opens."""

from dataclasses import dataclass

from aiohttp import web

from handoff_service.access import CUSTOMER
from handoff_service.addresses import client_address
from handoff_service.conversation import Conversation
from handoff_service.gateway.customer import access_conversation
from handoff_service.services import SERVICES
from handoff_service.tokens import CustomerToken


@dataclass(frozen=True, slots=True)
class Visitor:
    """A customer and their conversation."""

    token: CustomerToken
    talk: Conversation


async def find_visitor(request: web.Request) -> Visitor:
    """Return who asks, behind Access.CUSTOMER; each request counts against the limits of frames.

    Raises:
        TokenInvalid: the token opens nothing any more.
        RateLimited: too much at once.
    """
    services = request.app[SERVICES]
    now_ms = services.clock.now_ms()
    services.limits.address.take(client_address(request), now_ms=now_ms)
    token = request[CUSTOMER]
    if not token.unlimited:
        services.limits.customer.take(token.customer_id, now_ms=now_ms)
    return Visitor(token, await access_conversation(services, token))
