"""What a customer said before: their own earlier conversations, to read."""

from dataclasses import asdict
from typing import Any

from aiohttp import web

from handoff_service.access import CUSTOMER
from handoff_service.api.bodies import answer
from handoff_service.archive.transcripts import earlier_conversations, find_record
from handoff_service.backlog import events_after
from handoff_service.edits import as_edited
from handoff_service.refusals import NotFound
from handoff_service.services import SERVICES, Services
from handoff_service.tokens import CustomerToken

#: How many are listed, and how many events of one are told: the latest.
LISTED, EVENTS_TOLD = 20, 200


async def list_earlier(request: web.Request) -> web.Response:
    """List the customer's conversations but the one they are in, the latest first."""
    services, token = request.app[SERVICES], request[CUSTOMER]
    _count(services, token)
    found = await earlier_conversations(
        services.database, token.customer_id, but=token.conversation_id, limit=LISTED
    )
    return answer({"conversations": [asdict(one) for one in found]})


async def show_earlier(request: web.Request) -> web.Response:
    """Show what was said in one of them: what its customer may see of each event."""
    services, token = request.app[SERVICES], request[CUSTOMER]
    _count(services, token)
    conversation_id = request.match_info["conversation_id"]
    record = await find_record(services.database, conversation_id)
    if record is None or record.customer_id != token.customer_id:
        raise NotFound
    events = await events_after(services, conversation_id, seq=0)
    shown: list[dict[str, Any]] = [
        told.to_json() for event in as_edited(events) if (told := event.for_customer()) is not None
    ]
    return answer({"events": shown[-EVENTS_TOLD:]})


def _count(services: Services, token: CustomerToken) -> None:
    """Hold a customer to the limit of their frames. Raises RateLimited."""
    if not token.unlimited:
        services.limits.customer.take(token.customer_id, now_ms=services.clock.now_ms())
