"""What agents put beside a conversation: notes, a second wording, tags, priority, marks."""

from typing import TypeAlias, assert_never

from handoff_service.agent_access import access_as_agent
from handoff_service.agent_frames import Edit, Mark, Note, Prioritize, Tag
from handoff_service.archive.accounts import Account
from handoff_service.archive.mentions import known_accounts
from handoff_service.backlog import events_after
from handoff_service.frames import Ack
from handoff_service.gateway.agent_writes import NOTE_CHARS, seq_of
from handoff_service.marks import mark_of
from handoff_service.refusals import NotFound
from handoff_service.revival import alive
from handoff_service.services import Services
from handoff_service.text import clean_message, clean_text, shorten

Annotation: TypeAlias = Note | Edit | Tag | Prioritize | Mark


async def write_annotation(services: Services, account: Account, frame: Annotation) -> Ack:
    """Do what a frame asks for, as this agent, and return its acknowledgement.

    All but `edit` is open to whoever may read the conversation, and moves nothing.

    Raises:
        Refusal: not theirs to read or to change, too late, too many, nobody of that name.
        NoSuchConversation, StoreUnavailable, ArchiveUnavailable: nothing was stored.
    """
    if not isinstance(frame, Edit):
        await access_as_agent(services, account, frame.conversation_id)
    match frame:
        case Note():
            seq = await _note(services, account, frame)
        case Edit():
            seq = await _edit(services, account, frame)
        case Tag():
            seq = await _tag(services, account, frame)
        case Prioritize():
            seq = await _prioritize(services, account, frame)
        case Mark():
            seq = await _mark(services, account, frame)
        case _:
            assert_never(frame)
    return Ack(message_id=frame.message_id, conversation_id=frame.conversation_id, seq=seq)


async def _note(services: Services, account: Account, frame: Note) -> int | None:
    mentions = tuple(dict.fromkeys(frame.mentions))
    if mentions and await known_accounts(services.database, mentions) != set(mentions):
        raise NotFound
    text = clean_message(frame.text, limit=services.settings.max_message_chars)
    outcome = await alive(
        services,
        frame.conversation_id,
        lambda: services.store.annotations.note(
            frame.conversation_id,
            agent_id=account.account_id,
            author_name=account.name,
            message_id=frame.message_id,
            text=text,
            mentions=mentions,
            now_ms=services.clock.now_ms(),
        ),
    )
    return seq_of(outcome)


async def _edit(services: Services, account: Account, frame: Edit) -> int | None:
    return seq_of(
        await services.store.annotations.edit(
            frame.conversation_id,
            agent_id=account.account_id,
            epoch=frame.epoch,
            message_id=frame.message_id,
            of=frame.of,
            text=clean_message(frame.text, limit=services.settings.max_message_chars),
            now_ms=services.clock.now_ms(),
        )
    )


async def _tag(services: Services, account: Account, frame: Tag) -> int | None:
    add, remove = _tags(frame.add), _tags(frame.remove)
    outcome = await alive(
        services,
        frame.conversation_id,
        lambda: services.store.annotations.tag(
            frame.conversation_id,
            agent_id=account.account_id,
            author_name=account.name,
            message_id=frame.message_id,
            add=add,
            remove=[tag for tag in remove if tag not in add],
            now_ms=services.clock.now_ms(),
        ),
    )
    return seq_of(outcome)


def _tags(given: tuple[str, ...]) -> list[str]:
    """Write tags in one way, so that the same word is the same tag."""
    written = (" ".join(clean_text(tag).split()).lower() for tag in given)
    return list(dict.fromkeys(tag for tag in written if tag))


async def _prioritize(services: Services, account: Account, frame: Prioritize) -> int | None:
    return seq_of(
        await services.store.annotations.prioritize(
            frame.conversation_id,
            agent_id=account.account_id,
            author_name=account.name,
            message_id=frame.message_id,
            priority=frame.priority,
            now_ms=services.clock.now_ms(),
        )
    )


async def _mark(services: Services, account: Account, frame: Mark) -> int | None:
    before = frame.seq - 1
    found = await events_after(services, frame.conversation_id, seq=before)
    if not found or found[0].seq != frame.seq:
        raise NotFound
    note = shorten(frame.note or "", limit=NOTE_CHARS) or None
    marked = mark_of(found[0], frame.verdict, note)
    outcome = await alive(
        services,
        frame.conversation_id,
        lambda: services.store.annotations.mark(
            frame.conversation_id,
            agent_id=account.account_id,
            author_name=account.name,
            message_id=frame.message_id,
            marked=marked,
            now_ms=services.clock.now_ms(),
        ),
    )
    return seq_of(outcome)
