"""What a customer's frames write: each is one step of the store, and may come twice."""

from typing import TypeAlias, assert_never

from handoff_service.attachments.uploads import CUSTOMER as BY_CUSTOMER
from handoff_service.contact import asks_for_call, find_contact, is_contact
from handoff_service.conversation import CONTACT_CHARS, WHEN_CHARS
from handoff_service.domain import LOCALES, State
from handoff_service.frames import (
    Ack,
    CancelHandoff,
    CustomerMessage,
    LeaveMessage,
    Proactive,
    Rate,
    RequestPerson,
    Survey,
    Vote,
)
from handoff_service.refusals import BadContact, BadFrame, NotAllowed, NotFound
from handoff_service.services import Services
from handoff_service.store.results import (
    AnswerSurveyResult,
    CancelResult,
    ConsentResult,
    FirstWordResult,
    LeaveResult,
    PostResult,
    RateResult,
    VoteResult,
)
from handoff_service.surveys import SCALES, Kind
from handoff_service.text import clean_message, clean_text, shorten

CustomerWrite: TypeAlias = (
    CustomerMessage
    | RequestPerson
    | CancelHandoff
    | LeaveMessage
    | Rate
    | Survey
    | Vote
    | Proactive
)

#: Longest comment beside the stars, in characters.
COMMENT_CHARS = 1000
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
        case Survey():
            seq = await _survey(services, conversation_id, frame)
        case Vote():
            seq = await _vote(services, conversation_id, frame)
        case Proactive():
            seq = await _first_word(services, conversation_id, frame, locale=locale)
        case _:
            assert_never(frame)
    # 0: nothing was ever stored for it, as when a person was asked for who is on the way already.
    return Ack(message_id=frame.message_id, seq=seq or None)


async def _post(
    services: Services, conversation_id: str, frame: CustomerMessage, *, locale: str
) -> int:
    text = _words_of(frame, limit=services.settings.max_message_chars)
    if frame.attachments:
        return await _post_with_files(services, conversation_id, frame, text=text, locale=locale)
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


async def _post_with_files(
    services: Services, conversation_id: str, frame: CustomerMessage, *, text: str, locale: str
) -> int:
    """Post words, if any, with files: they are never a click, and never a contact left in words."""
    files = await services.attachments.claim(
        frame.attachments,
        conversation_id=conversation_id,
        uploader=BY_CUSTOMER,
        message_id=frame.message_id,
    )
    outcome = await services.store.conversations.post_customer_message(
        conversation_id,
        message_id=frame.message_id,
        text=text,
        attachments=files,
        locale=frame.locale if frame.locale in LOCALES else locale,
        now_ms=services.clock.now_ms(),
    )
    if outcome.result is PostResult.POSTED:  # another tab may have posted it with other files
        await services.attachments.posted(
            frame.attachments, message_id=frame.message_id, seq=outcome.seq
        )
    return outcome.seq


def _words_of(frame: CustomerMessage, *, limit: int) -> str:
    """Return the cleaned text; files may come without any. Raises EmptyMessage, TooLong."""
    if frame.attachments and not clean_text(frame.text):
        return ""
    return clean_message(frame.text, limit=limit)


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
    contact = clean_message(frame.contact, limit=CONTACT_CHARS)
    if not is_contact(contact) or (frame.callback and not asks_for_call(contact)):
        raise BadContact
    outcome = await services.store.handoffs.leave_message(
        conversation_id,
        message_id=frame.message_id,
        contact=contact,
        text=clean_message(frame.text, limit=services.settings.max_message_chars),
        callback=frame.callback,
        when=shorten(frame.when, limit=WHEN_CHARS),
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


async def _survey(services: Services, conversation_id: str, frame: Survey) -> int:
    kind = Kind(frame.kind)
    low, high = SCALES[kind]
    if frame.score is not None and not low <= frame.score <= high:
        raise BadFrame(["score"])
    outcome = await services.store.surveys.answer(
        conversation_id,
        message_id=frame.message_id,
        kind=kind,
        score=frame.score,
        comment=shorten(frame.comment, limit=COMMENT_CHARS),
        now_ms=services.clock.now_ms(),
    )
    if outcome.result is AnswerSurveyResult.NOT_ASKED:
        raise NotAllowed
    return outcome.seq


async def _first_word(
    services: Services, conversation_id: str, frame: Proactive, *, locale: str
) -> int:
    """Post what a rule of the conversation's site says first: its own words, never the page's."""
    talk = await services.store.conversations.get(conversation_id)
    site = services.sites.find(talk.site).key
    rule = services.first_words.find(site, frame.rule)
    if rule is None:
        raise NotFound
    text, suggestions = rule.said_in(locale)
    outcome = await services.store.conversations.post_first_word(
        conversation_id,
        message_id=frame.message_id,
        rule=rule.rule_id,
        text=text,
        buttons=[{"title": suggestion} for suggestion in suggestions],
        again_ms=rule.again_ms,
        now_ms=services.clock.now_ms(),
    )
    if outcome.result is FirstWordResult.POSTED:
        services.metrics.first_words.labels(rule=rule.rule_id).inc()
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
