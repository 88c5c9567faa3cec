"""Who the customer of a conversation is: what the agent who has it may know before answering."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.agent_access import access_as_agent
from handoff_service.api.bodies import answer
from handoff_service.archive.profiles import Left, Opinion, Past, read_profile
from handoff_service.services import SERVICES

#: How many earlier conversations, opinions and messages are told of: the latest.
LISTED = 20


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """What is known of a customer."""

    #: As in a summary: customer_id, what the site signed, page, device, utc_offset_min.
    customer: dict[str, Any]
    #: Without the conversation that was asked about.
    earlier: tuple[Past, ...]
    #: Answers to surveys and ratings, of these conversations and the one asked about.
    opinions: tuple[Opinion, ...]
    left: tuple[Left, ...]
    helpful: int
    unhelpful: int


async def show_customer(request: web.Request) -> web.Response:
    """Show who the customer of a conversation is, and what there was before."""
    services = request.app[SERVICES]
    conversation_id = request.match_info["conversation_id"]
    summary = await access_as_agent(services, request[CALLER].account, conversation_id)
    customer: dict[str, Any] = summary["customer"]
    past = await read_profile(
        services.database, customer["customer_id"], but=conversation_id, limit=LISTED
    )
    return answer(
        CustomerProfile(
            customer=customer,
            earlier=past.earlier,
            opinions=past.opinions,
            left=past.left,
            helpful=past.helpful,
            unhelpful=past.unhelpful,
        )
    )
