"""What an agent's frames change: each is one step of the store, checked there against its epoch."""

from typing import Any, TypeAlias, assert_never

from handoff_service.archive.accounts import Account
from handoff_service.domain import ClosedBy, Presence
from handoff_service.frames import (
    Accept,
    Ack,
    AgentMessage,
    Close,
    Decline,
    HandBack,
    SetPresence,
    WrapUp,
)
from handoff_service.refusals import Gone, NotYours, OfferExpired, OfferTaken, Refusal, Stale
from handoff_service.services import Services
from handoff_service.store.results import (
    AcceptResult,
    CloseResult,
    DeclineResult,
    HoldResult,
    Outcome,
    PostResult,
)
from handoff_service.text import clean_message, shorten

AgentWrite: TypeAlias = Accept | Decline | AgentMessage | HandBack | WrapUp | Close

#: Longest note to the next agent, in characters.
NOTE_CHARS = 1000
#: Longest reason and disposition, in characters.
WORD_CHARS = 64

#: The store's words for "no", as refusals. Words that are missing here mean "yes", now or before.
REFUSALS: dict[object, type[Refusal]] = {
    AcceptResult.EXPIRED: OfferExpired,
    AcceptResult.TAKEN: OfferTaken,
    AcceptResult.GONE: Gone,
    DeclineResult.GONE: Gone,
    PostResult.STALE: Stale,
    PostResult.NOT_YOURS: NotYours,
    HoldResult.STALE: Stale,
    HoldResult.NOT_YOURS: NotYours,
    CloseResult.STALE: Stale,
    CloseResult.NOT_YOURS: NotYours,
}


async def write_for_agent(services: Services, account: Account, frame: AgentWrite) -> Ack:
    """Do what a frame asks for, as this agent, and return its acknowledgement.

    Raises:
        Refusal: the offer is gone, the conversation is not theirs, the epoch has passed.
        NoSuchConversation, StoreUnavailable: as the store says.
    """
    now_ms, agent_id = services.clock.now_ms(), account.account_id
    conversation_id, epoch = frame.conversation_id, frame.epoch
    store, settings = services.store, services.settings
    match frame:
        case Accept():
            seq = _seq_of(
                await store.handoffs.accept(
                    conversation_id, agent_id=agent_id, epoch=epoch, now_ms=now_ms
                )
            )
        case Decline():
            seq = _seq_of(
                await store.handoffs.decline(
                    conversation_id,
                    agent_id=agent_id,
                    epoch=epoch,
                    reason=shorten(frame.reason or "", limit=WORD_CHARS),
                    now_ms=now_ms,
                )
            )
        case AgentMessage():
            seq = _seq_of(
                await store.conversations.post_agent_message(
                    conversation_id,
                    agent_id=agent_id,
                    epoch=epoch,
                    message_id=frame.message_id,
                    text=clean_message(frame.text, limit=settings.max_message_chars),
                    now_ms=now_ms,
                )
            )
            return Ack(message_id=frame.message_id, conversation_id=conversation_id, seq=seq)
        case HandBack():
            seq = _seq_of(
                await store.handoffs.hand_back(
                    conversation_id,
                    agent_id=agent_id,
                    epoch=epoch,
                    note=shorten(frame.note or "", limit=NOTE_CHARS) or None,
                    now_ms=now_ms,
                )
            )
        case WrapUp():
            seq = _seq_of(
                await store.handoffs.wrap_up(
                    conversation_id,
                    agent_id=agent_id,
                    epoch=epoch,
                    disposition=shorten(frame.disposition, limit=WORD_CHARS),
                    ends_ms=now_ms + settings.wrap_up_s * 1000,
                    now_ms=now_ms,
                )
            )
        case Close():
            seq = _seq_of(
                await store.conversations.close(
                    conversation_id,
                    by=ClosedBy.AGENT,
                    reason="done",
                    agent_id=agent_id,
                    epoch=epoch,
                    now_ms=now_ms,
                )
            )
        case _:
            assert_never(frame)
    return Ack(conversation_id=conversation_id, seq=seq)


async def set_presence(services: Services, account: Account, frame: SetPresence) -> None:
    """Say whether the agent takes conversations; every tab is told by signal."""
    await services.store.agents.set_presence(
        account.account_id, presence=Presence(frame.status), now_ms=services.clock.now_ms()
    )


def _seq_of(outcome: Outcome[Any]) -> int | None:
    refusal = REFUSALS.get(outcome.result)
    if refusal is not None:
        raise refusal
    # 0: the step made no event of its own.
    return outcome.seq or None
