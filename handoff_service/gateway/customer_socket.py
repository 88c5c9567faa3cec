"""The socket of a customer: from the upgrade to the hello, and how it ends."""

import asyncio
import logging

from aiohttp import web

from handoff_service.access import require_own_origin
from handoff_service.addresses import client_address
from handoff_service.errors import BatonError
from handoff_service.frames import CustomerHello
from handoff_service.gateway.customer import CustomerTalk
from handoff_service.gateway.outbox import SlowReader
from handoff_service.gateway.wire import Wire, give_up, open_wire
from handoff_service.protocol import FROM_CUSTOMER, parse_frame
from handoff_service.refusals import BadFrame
from handoff_service.services import CONNECTIONS, SERVICES, Services
from handoff_service.tokens import CustomerToken, Purpose

logger = logging.getLogger(__name__)

#: How long a socket may be silent before its hello, in seconds.
HELLO_TIMEOUT_S = 10.0


async def customer_socket(request: web.Request) -> web.StreamResponse:
    """GET /ws/customer: talk with one customer until the socket closes."""
    services = request.app[SERVICES]
    require_own_origin(request)
    address = client_address(request)
    services.limits.address.take(address, now_ms=services.clock.now_ms())
    wire = await open_wire(request, services.settings, connections=request.app[CONNECTIONS])
    with services.metrics.sockets.labels(side="customer").track_inprogress():
        await _serve(services, wire, address)
    return wire.socket


async def _serve(services: Services, wire: Wire, address: str) -> None:
    try:
        hello, token = await _greet(services, wire, address)
        await CustomerTalk(services, wire, token=token, address=address).run(hello)
    except SlowReader:
        services.metrics.slow_sockets.inc()
        wire.abort()
    except (BatonError, TimeoutError) as error:
        await wire.part(error if isinstance(error, BatonError) else BadFrame(["hello"]))
    except ConnectionError:
        logger.debug("a customer's connection broke")


async def _greet(
    services: Services, wire: Wire, address: str
) -> tuple[CustomerHello, CustomerToken]:
    """Wait for the hello and check its token."""
    limits, settings = services.limits, services.settings
    async with asyncio.timeout(HELLO_TIMEOUT_S):
        async for text in wire.texts(
            check=lambda: limits.address.take(address, now_ms=services.clock.now_ms()),
            limit_bytes=settings.max_frame_bytes,
            refuse=give_up,
        ):
            frame = parse_frame(text, FROM_CUSTOMER).frame
            if not isinstance(frame, CustomerHello):
                raise BadFrame(["hello"])
            now_ms = services.clock.now_ms()
            return frame, services.signer.read(frame.token, Purpose.SESSION, now_ms=now_ms)
    raise ConnectionResetError
