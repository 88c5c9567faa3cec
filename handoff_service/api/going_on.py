"""Finds the conversation that a visit goes on with, or begins one."""

import logging
from dataclasses import dataclass
from functools import partial

from handoff_service.conversation import Identity
from handoff_service.domain import Json, State
from handoff_service.errors import NoSuchConversation
from handoff_service.ids import new_conversation_id, new_customer_id
from handoff_service.revival import alive
from handoff_service.services import Services
from handoff_service.store.results import VisitResult
from handoff_service.tokens import CustomerToken

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who comes, and what their browser tells."""

    identity: Identity | None  #: as the site signed it
    known: CustomerToken | None  #: of the earlier visit of this browser
    locale: str
    site: str
    page: Json | None
    utc_offset_min: int | None
    device: Json | None

    @property
    def customer_id(self) -> str | None:
        """Return who it is: whom the site names, else who it was without a name; None: new."""
        if self.identity is not None:
            return self.identity.customer_id
        return self.known.customer_id if self.known and not self.known.identified else None


async def go_on(services: Services, visitor: Visitor) -> tuple[str, str]:
    """Return customer and conversation.

    A browser goes on with its own conversation; who signs in during it takes it along.
    An identified customer gets on, on any device, with what they have open.

    Raises:
        StoreUnavailable, ArchiveUnavailable: nobody can tell at present.
    """
    customer_id = visitor.customer_id or new_customer_id()
    if visitor.identity is not None:
        return customer_id, await _of_identified(services, visitor, customer_id=customer_id)
    own = await _own(services, visitor)
    if own is None:
        own = new_conversation_id()
        await _begin(services, visitor, own, customer_id=customer_id)
    return customer_id, own


async def _own(services: Services, visitor: Visitor) -> str | None:
    """Return the conversation of this browser; None: there is none, or it is somebody else's."""
    if visitor.known is None:
        return None
    conversation_id = visitor.known.conversation_id
    note = partial(_note, services, visitor, conversation_id, visitor.known.customer_id)
    try:
        noted = await alive(services, conversation_id, note)
    except NoSuchConversation:
        logger.debug("nobody knows conversation %s, another is begun", conversation_id)
        return None
    return conversation_id if noted else None


async def _of_identified(services: Services, visitor: Visitor, *, customer_id: str) -> str:
    """Return what the customer goes on with, begun if need be, and noted for other devices."""
    visits = services.store.visits
    noted = await visits.conversation_of(customer_id)
    if noted is not None and not await _goes_before(services, visitor, noted):
        begin = partial(_begin, services, visitor, noted, customer_id=customer_id)
        if await _is_open(services, noted) and await begin():
            return noted
    own = await _own(services, visitor)
    chosen = await visits.go_on_with(customer_id, own or new_conversation_id(), before=noted)
    if chosen == own:
        return chosen
    # Another device may have been faster and has perhaps not begun it: whoever is first does.
    if await _begin(services, visitor, chosen, customer_id=customer_id):
        return chosen
    return own or chosen


async def _goes_before(services: Services, visitor: Visitor, noted: str) -> bool:
    """Whether this browser's own conversation is gone on with, not the one noted for all devices.

    It is, while it goes on and something was said in it: that is what the customer has in mind.
    """
    if visitor.known is None:
        return False
    own = visitor.known.conversation_id
    if own == noted:
        return True
    found = await services.store.conversations.get_many([own])
    return any(talk.turns > 0 or talk.state is not State.BOT for talk in found) and all(
        talk.state is not State.CLOSED for talk in found
    )


async def _is_open(services: Services, conversation_id: str) -> bool:
    """Whether somebody may go on with it where another would be begun.

    One that nobody knows is open: it was noted a moment ago and is about to be begun.
    """
    try:
        get = partial(services.store.conversations.get, conversation_id)
        return (await alive(services, conversation_id, get)).state is not State.CLOSED
    except NoSuchConversation:
        return True


async def _begin(
    services: Services, visitor: Visitor, conversation_id: str, *, customer_id: str
) -> bool:
    """Begin a conversation, unless it has begun; whether it is the customer's."""
    await services.store.conversations.start(
        conversation_id,
        customer_id=customer_id,
        locale=visitor.locale,
        page=visitor.page,
        utc_offset_min=visitor.utc_offset_min,
        device=visitor.device,
        site=visitor.site,
        now_ms=services.clock.now_ms(),
    )
    return await _note(services, visitor, conversation_id, customer_id)


async def _note(
    services: Services, visitor: Visitor, conversation_id: str, customer_id: str
) -> bool:
    """Note who comes and from where; whether the conversation is theirs."""
    outcome = await services.store.conversations.note_visit(
        conversation_id,
        customer_id=customer_id,
        identity=visitor.identity,
        page=visitor.page,
        utc_offset_min=visitor.utc_offset_min,
        device=visitor.device,
        now_ms=services.clock.now_ms(),
    )
    return outcome.result is not VisitResult.NOT_YOURS
