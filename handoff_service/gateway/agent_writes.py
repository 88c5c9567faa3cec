"""What an agent's frames change: each is one step of the store, checked there against its epoch."""

from contextlib import suppress
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
from handoff_service.errors import NoSuchAgent
from handoff_service.frames import Ack
from handoff_service.refusals import (
    EditTooLate,
    Gone,
    NotAllowed,
    NotFound,
    NotYours,
    OfferExpired,
    OfferTaken,
    Refusal,
    Stale,
    TooManyTags,
)
from handoff_service.services import Services
from handoff_service.store import Store
from handoff_service.store.results import (
    AcceptResult,
    CloseResult,
    DeclineResult,
    EditResult,
    HoldResult,
    Outcome,
    PostResult,
    PrioritizeResult,
    ReassignResult,
    ResumeResult,
    TagResult,
    TakeResult,
    WhisperResult,
)
from handoff_service.text import clean_message, clean_text, shorten

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
    ReassignResult.STALE: Stale,
    ReassignResult.NOT_OPEN: NotAllowed,
    HoldResult.NOT_YOURS: NotYours,
    CloseResult.STALE: Stale,
    CloseResult.NOT_YOURS: NotYours,
    TakeResult.NOT_OPEN: NotAllowed,
    TakeResult.NO_AGENT: NotAllowed,
    WhisperResult.NOT_OPEN: NotAllowed,
    ResumeResult.NOT_PARKED: NotYours,
    EditResult.STALE: Stale,
    EditResult.NOT_YOURS: NotYours,
    EditResult.NO_MESSAGE: NotFound,
    EditResult.TOO_LATE: EditTooLate,
    TagResult.TOO_MANY: TooManyTags,
    PrioritizeResult.NOT_OPEN: NotAllowed,
}


async def write_for_agent(services: Services, account: Account, frame: AgentWrite) -> Ack:
    """Do what a frame asks for, as this agent, and return its acknowledgement.

    Raises:
        Refusal: the offer is gone, the conversation is not theirs, the epoch has passed.
        NoSuchConversation, StoreUnavailable: as the store says.
    """
    now_ms, agent_id = services.clock.now_ms(), account.account_id
    conversation_id, epoch = frame.conversation_id, frame.epoch
    store = services.store
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
            seq = await _post(services, agent_id, frame)
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
                    ends_ms=now_ms + services.rules.wrap_up_s * 1000,
                    now_ms=now_ms,
                )
            )
            await services.asking.after_person(conversation_id)
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
            await services.asking.after_person(conversation_id)
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


async def leave_the_floor(store: Store, agent_id: str, *, reason: str, now_ms: int) -> None:
    """Set one offline who may never have come to the desk; what they are offered goes back.

    What they hold they keep for the grace: a new sign-in finds it. Raises StoreUnavailable.
    """
    with suppress(NoSuchAgent):
        await store.agents.set_presence(
            agent_id, presence=Presence.OFFLINE, reason=reason, now_ms=now_ms
        )
        await store.handoffs.withdraw_offers(agent_id, now_ms=now_ms)


async def note_served(services: Services, conversation_id: str, *, agent_id: str) -> None:
    """Remember whom the customer of this conversation knows from now on."""
    talk = await services.store.conversations.get(conversation_id)
    await services.store.agents.note_served(talk.customer_id, agent_id=agent_id)


async def _post(services: Services, agent_id: str, frame: AgentMessage) -> int | None:
    """Post words, files or both."""
    text = ""
    if not frame.attachments or clean_text(frame.text):
        text = clean_message(frame.text, limit=services.settings.max_message_chars)
    message_id = f"{agent_id}:{frame.message_id}"  # two agents may choose the same
    files = await services.attachments.claim(
        frame.attachments,
        conversation_id=frame.conversation_id,
        uploader=agent_id,
        message_id=message_id,
    )
    seq = seq_of(
        await services.store.conversations.post_agent_message(
            frame.conversation_id,
            agent_id=agent_id,
            epoch=frame.epoch,
            message_id=frame.message_id,
            text=text,
            attachments=files,
            written_with=frame.written_with(),
            now_ms=services.clock.now_ms(),
        )
    )
    await services.attachments.posted(frame.attachments, message_id=message_id, seq=seq or 0)
    return seq


def seq_of(outcome: Outcome[Any]) -> int | None:
    """Return the number of the event to acknowledge; raise what a "no" means to an agent."""
    refusal = REFUSALS.get(outcome.result)
    if refusal is not None:
        raise refusal
    # 0: the step made no event of its own.
    return outcome.seq or None
