"""What an agent's frames change: each is one step of the store, checked there against its epoch."""

from typing import Any, TypeAlias, assert_never

from handoff_service.agent_frames import (
    Accept,
    AgentMessage,
    Close,
    Decline,
    HandBack,
    SetPresence,
    WrapUp,
)
from handoff_service.archive.accounts import Account
from handoff_service.domain import ClosedBy, Presence
from handoff_service.frames import Ack
from handoff_service.refusals import (
    Gone,
    NotAllowed,
    NotYours,
    OfferExpired,
    OfferTaken,
    Refusal,
    Stale,
)
from handoff_service.services import Services
from handoff_service.store.results import (
    AcceptResult,
    CloseResult,
    DeclineResult,
    HoldResult,
    Outcome,
    PostResult,
    ResumeResult,
    TakeResult,
    WhisperResult,
)
from handoff_service.text import clean_message, shorten

AgentWrite: TypeAlias = Accept | Decline | AgentMessage | HandBack | WrapUp | Close

#: Longest note to the next agent, in characters.
NOTE_CHARS = 1000
#: Longest reason and disposition, in characters.
WORD_CHARS = 64

#: The store's words for "no", as refusals; a word means the same in every enum. Those that are
#: missing here mean "yes", now or before.
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
    TakeResult.NOT_OPEN: NotAllowed,
    TakeResult.NO_AGENT: NotAllowed,
    WhisperResult.NOT_OPEN: NotAllowed,
    ResumeResult.NOT_PARKED: NotYours,
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
            seq = seq_of(
                await store.handoffs.accept(
                    conversation_id, agent_id=agent_id, epoch=epoch, now_ms=now_ms
                )
            )
            await note_served(services, conversation_id, agent_id=agent_id)
        case Decline():
            seq = seq_of(
                await store.handoffs.decline(
                    conversation_id,
                    agent_id=agent_id,
                    epoch=epoch,
                    reason=shorten(frame.reason or "", limit=WORD_CHARS),
                    now_ms=now_ms,
                )
            )
        case AgentMessage():
            seq = seq_of(
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
            seq = seq_of(
                await store.handoffs.hand_back(
                    conversation_id,
                    agent_id=agent_id,
                    epoch=epoch,
                    note=shorten(frame.note or "", limit=NOTE_CHARS) or None,
                    now_ms=now_ms,
                )
            )
        case WrapUp():
            seq = seq_of(
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
            seq = seq_of(
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
    """Say whether the agent takes conversations; every tab is told by signal.

    What is offered to one who takes none goes back in line at once.
    """
    agent_id, now_ms = account.account_id, services.clock.now_ms()
    presence = Presence(frame.status)
    await services.store.agents.set_presence(agent_id, presence=presence, now_ms=now_ms)
    if presence is not Presence.ONLINE:
        await services.store.handoffs.withdraw_offers(agent_id, now_ms=now_ms)


async def note_served(services: Services, conversation_id: str, *, agent_id: str) -> None:
    """Remember whom the customer of this conversation knows from now on."""
    talk = await services.store.conversations.get(conversation_id)
    await services.store.agents.note_served(talk.customer_id, agent_id=agent_id)


def seq_of(outcome: Outcome[Any]) -> int | None:
    """Return the number of the event to acknowledge; raise what a "no" means to an agent."""
    refusal = REFUSALS.get(outcome.result)
    if refusal is not None:
        raise refusal
    # 0: the step made no event of its own.
    return outcome.seq or None
