"""What a customer's frames write: each is one step of the store, and may come twice."""

from typing import TypeAlias, assert_never

from handoff_service.contact import find_contact
from handoff_service.domain import LOCALES, State
from handoff_service.frames import (
    Ack,
    CancelHandoff,
    CustomerMessage,
    LeaveMessage,
    Rate,
    RequestPerson,
    Vote,
)
from handoff_service.refusals import NotAllowed, NotFound
from handoff_service.services import Services
from handoff_service.store.results import (
    CancelResult,
    ConsentResult,
    LeaveResult,
    RateResult,
    VoteResult,
)
from handoff_service.text import clean_message, shorten

CustomerWrite: TypeAlias = (
    CustomerMessage | RequestPerson | CancelHandoff | LeaveMessage | Rate | Vote
)

#: Longest comment beside the stars, and longest way to be reached, in characters.
COMMENT_CHARS = 1000
CONTACT_CHARS = 200
#: Action of the buttons of handoff.consent_asked.
ANY_LANGUAGE = "any_language"


async def write_for_customer(
    services: Services, conversation_id: str, frame: CustomerWrite, *, locale: str
) -> Ack:
    """Do what a frame asks for and return its acknowledgement.

    `locale` is what the customer's page speaks: the bot's first guess.

    Raises:
        Refusal: the text cannot be posted, the state does not permit it, or nothing has that seq.
        NoSuchConversation, StoreUnavailable: as the store says.
    """
    match frame:
        case CustomerMessage():
            seq = await _post(services, conversation_id, frame, locale=locale)
        case RequestPerson():
            seq = await _request(services, conversation_id, frame)
        case CancelHandoff():
            seq = await _cancel(services, conversation_id, frame)
        case LeaveMessage():
            seq = await _leave(services, conversation_id, frame)
        case Rate():
            seq = await _rate(services, conversation_id, frame)
        case Vote():
            seq = await _vote(services, conversation_id, frame)
        case _:
            assert_never(frame)
    # 0: nothing was ever stored for it, as when a person was asked for who is on the way already.
    return Ack(message_id=frame.message_id, seq=seq or None)


async def _post(
    services: Services, conversation_id: str, frame: CustomerMessage, *, locale: str
) -> int:
    text = clean_message(frame.text, limit=services.settings.max_message_chars)
    payload = dict(frame.payload) if frame.payload else None
    if payload and payload.get("action") == ANY_LANGUAGE:
        answered_seq = await _consent(
            services, conversation_id, frame.message_id, text, yes=payload.get("yes") is True
        )
        if answered_seq is not None:
            return answered_seq
        payload = None  # the question is no longer open: what is left is their words
    left_seq = await _leave_in_words(services, conversation_id, frame.message_id, text)
    if left_seq is not None:
        return left_seq
    outcome = await services.store.conversations.post_customer_message(
        conversation_id,
        message_id=frame.message_id,
        text=text,
        payload=payload,
        locale=frame.locale if frame.locale in LOCALES else locale,
        now_ms=services.clock.now_ms(),
    )
    return outcome.seq


async def _consent(
    services: Services, conversation_id: str, message_id: str, text: str, *, yes: bool
) -> int | None:
    """Take a click for the answer to whether another language will do; None: nobody asks now."""
    outcome = await services.store.waits.consent(
        conversation_id, message_id=message_id, text=text, yes=yes, now_ms=services.clock.now_ms()
    )
    return None if outcome.result is ConsentResult.NOT_WAITING else outcome.seq


async def _leave_in_words(
    services: Services, conversation_id: str, message_id: str, text: str
) -> int | None:
    """Take words that say how to be reached for a left message, if its writer waits for nobody.

    None for all other words, which are posted.
    """
    contact = find_contact(text)
    if contact is None or services.floor.on_duty:
        return None
    talk = await services.store.conversations.get(conversation_id)
    if talk.state is not State.WAITING or await services.store.agents.anyone_on_duty():
        return None
    outcome = await services.store.handoffs.leave_message(
        conversation_id,
        message_id=message_id,
        contact=contact,
        text=text,
        now_ms=services.clock.now_ms(),
    )
    return None if outcome.result is LeaveResult.NOT_WAITING else outcome.seq


async def _request(services: Services, conversation_id: str, frame: RequestPerson) -> int:
    outcome = await services.store.handoffs.request(
        conversation_id, message_id=frame.message_id, now_ms=services.clock.now_ms()
    )
    return outcome.seq


async def _cancel(services: Services, conversation_id: str, frame: CancelHandoff) -> int:
    outcome = await services.store.handoffs.cancel(
        conversation_id, message_id=frame.message_id, now_ms=services.clock.now_ms()
    )
    if outcome.result is CancelResult.NOT_WAITING:
        raise NotAllowed
    return outcome.seq


async def _leave(services: Services, conversation_id: str, frame: LeaveMessage) -> int:
    outcome = await services.store.handoffs.leave_message(
        conversation_id,
        message_id=frame.message_id,
        contact=clean_message(frame.contact, limit=CONTACT_CHARS),
        text=clean_message(frame.text, limit=services.settings.max_message_chars),
        now_ms=services.clock.now_ms(),
    )
    if outcome.result is LeaveResult.NOT_WAITING:
        raise NotAllowed
    return outcome.seq


async def _rate(services: Services, conversation_id: str, frame: Rate) -> int:
    outcome = await services.store.conversations.rate(
        conversation_id,
        message_id=frame.message_id,
        stars=frame.stars,
        comment=shorten(frame.comment, limit=COMMENT_CHARS),
        now_ms=services.clock.now_ms(),
    )
    if outcome.result is RateResult.NOT_YET:
        raise NotAllowed
    return outcome.seq


async def _vote(services: Services, conversation_id: str, frame: Vote) -> int:
    outcome = await services.store.conversations.vote(
        conversation_id,
        message_id=frame.message_id,
        seq=frame.seq,
        helpful=frame.helpful,
        now_ms=services.clock.now_ms(),
    )
    if outcome.result is VoteResult.NO_ANSWER:
        raise NotFound
    return outcome.seq
