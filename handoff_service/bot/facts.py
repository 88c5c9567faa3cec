"""What the dialogue engine is told of a turn beside its words. Pure."""

from handoff_service.conversation import Conversation, Identity
from handoff_service.domain import OWNER, Json, Owner
from handoff_service.store.turns import Work

_MINUTE_MS = 60_000


def facts_of(work: Work, *, now_ms: int) -> Json:
    """Return the metadata of a turn: only what the engine decides by, since it keeps it."""
    talk = work.conversation
    return {
        "locale": talk.language,
        "page": talk.page,
        "on_duty": work.on_duty,
        "waiting": is_waiting(work),
        "disliked": talk.disliked,
        "flags": list(talk.identity.flags) if talk.identity else [],
        "known": known_of(talk.identity),
        "local_hour": local_hour(talk, now_ms=now_ms),
        "handed_back": talk.handed_back,
    }


def known_of(identity: Identity | None) -> Json | None:
    """Return what nobody needs to ask the customer for: the site has signed it."""
    if identity is None:
        return None
    known = {"name": identity.name, "email": identity.email}
    return {name: value for name, value in known.items() if value} or None


def is_waiting(work: Work) -> bool:
    """Whether the customer is in the queue, or has left a message: the bot only helps meanwhile."""
    return OWNER.get(work.conversation.state) is Owner.QUEUE


def local_hour(talk: Conversation, *, now_ms: int) -> int | None:
    """Return the hour at the customer's, 0 to 23; None when their browser did not tell."""
    if talk.utc_offset_min is None:
        return None
    return (now_ms // _MINUTE_MS + talk.utc_offset_min) // 60 % 24
