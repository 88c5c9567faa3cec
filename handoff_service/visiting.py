"""Visits of customers: their tokens until the sign-out, and the page that they are on."""

from handoff_service.domain import Json
from handoff_service.refusals import TokenInvalid
from handoff_service.services import Services
from handoff_service.text import shorten
from handoff_service.tokens import CustomerToken, Purpose

#: Kind of the signal that closes the sockets of a visit: {"conversation_id","visit"}.
SIGNED_OUT = "signed_out"


async def read_token(services: Services, text: str, purpose: Purpose) -> CustomerToken:
    """Return what a token says.

    Raises:
        TokenExpired: it was ours and is over.
        TokenInvalid: it was never ours, is for something else, or its customer has signed out.
        StoreUnavailable: nobody can tell at present.
    """
    token = services.signer.read(text, purpose, now_ms=services.clock.now_ms())
    if await services.store.visits.over(token.visit):
        raise TokenInvalid
    return token


async def end_visit(services: Services, token: CustomerToken) -> None:
    """Refuse all tokens of a visit from now on, and close its sockets. Raises StoreUnavailable."""
    keep_s = services.settings.visitor_token_days * 86_400
    await services.store.visits.end(token.visit, keep_s=keep_s)
    about = {"conversation_id": token.conversation_id, "visit": token.visit}
    await services.store.signals.send(SIGNED_OUT, about)


def shown_page(url: str, title: str) -> Json:
    """Keep what agents see of the shop's page: addresses of the web, nothing else."""
    kept = {"title": shorten(title, limit=300)}
    if url.startswith(("https://", "http://")):
        kept["url"] = shorten(url, limit=2000)
    return kept
