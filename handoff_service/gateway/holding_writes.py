"""What an agent does with a conversation beyond talking: pass it on, set it aside, step in."""

from typing import TypeAlias, assert_never

from handoff_service.agent_frames import Draft, Park, Resume, TakeOver, Transfer, Whisper
from handoff_service.archive.accounts import Account, Role
from handoff_service.floor.acts import Supervisor, take_over, whisper
from handoff_service.frames import Ack
from handoff_service.gateway.agent_writes import NOTE_CHARS, seq_of
from handoff_service.gateway.targets import find_target
from handoff_service.refusals import BadFrame, NotAllowed
from handoff_service.services import Services
from handoff_service.store.results import HoldResult
from handoff_service.store.signals import DRAFT
from handoff_service.text import shorten

HoldingWrite: TypeAlias = Transfer | TakeOver | Whisper | Park | Resume

#: Who may step into other people's conversations.
STEP_IN = frozenset({Role.SUPERVISOR, Role.ADMIN})
#: Longest time for which a conversation can be parked, ms: past a month it is a new matter.
MAX_PARK_MS = 31 * 86_400_000


async def write_holding(services: Services, account: Account, frame: HoldingWrite) -> Ack:
    """Do what a frame asks for, as this agent, and return its acknowledgement.

    Raises:
        Refusal: not theirs, not their role, no such target, a time that cannot be.
        NoSuchConversation, StoreUnavailable: as the store says.
    """
    match frame:
        case Transfer():
            seq = await _transfer(services, account, frame)
        case TakeOver():
            seq = await _take_over(services, account, frame)
        case Whisper():
            seq = await _whisper(services, account, frame)
            return Ack(message_id=frame.message_id, conversation_id=frame.conversation_id, seq=seq)
        case Park():
            seq = await _park(services, account, frame)
        case Resume():
            outcome = await services.store.holdings.resume(
                frame.conversation_id,
                agent_id=account.account_id,
                now_ms=services.clock.now_ms(),
            )
            seq = seq_of(outcome)
        case _:
            assert_never(frame)
    return Ack(conversation_id=frame.conversation_id, seq=seq)


async def keep_draft(services: Services, account: Account, frame: Draft, *, tab: str) -> None:
    """Keep what the agent has begun to write. No answer: the next one is on its way already.

    Their other tabs are told.
    """
    outcome = await services.store.holdings.save_draft(
        frame.conversation_id,
        agent_id=account.account_id,
        epoch=frame.epoch,
        text=frame.text[: services.settings.max_message_chars],
        now_ms=services.clock.now_ms(),
    )
    if outcome.result is HoldResult.DONE:
        about = {"agent_id": account.account_id, "conversation_id": frame.conversation_id}
        await services.store.signals.send(DRAFT, about | {"tab": tab})


async def _transfer(services: Services, account: Account, frame: Transfer) -> int | None:
    if frame.kind == "agent" and frame.to == account.account_id:
        raise NotAllowed
    target = await find_target(services.store, frame.kind, frame.to)
    return seq_of(
        await services.store.holdings.transfer(
            frame.conversation_id,
            agent_id=account.account_id,
            epoch=frame.epoch,
            target=target,
            note=shorten(frame.note or "", limit=NOTE_CHARS) or None,
            now_ms=services.clock.now_ms(),
        )
    )


async def _take_over(services: Services, account: Account, frame: TakeOver) -> int | None:
    if account.role not in STEP_IN:
        raise NotAllowed
    return await take_over(services, Supervisor(account), frame.conversation_id)


async def _whisper(services: Services, account: Account, frame: Whisper) -> int | None:
    if account.role not in STEP_IN:
        raise NotAllowed
    return await whisper(
        services,
        Supervisor(account),
        frame.conversation_id,
        message_id=frame.message_id,
        text=frame.text,
    )


async def _park(services: Services, account: Account, frame: Park) -> int | None:
    now_ms = services.clock.now_ms()
    if not now_ms < frame.until_ms <= now_ms + MAX_PARK_MS:
        raise BadFrame(["until_ms"])
    return seq_of(
        await services.store.holdings.park(
            frame.conversation_id,
            agent_id=account.account_id,
            epoch=frame.epoch,
            until_ms=frame.until_ms,
            note=shorten(frame.note or "", limit=NOTE_CHARS) or None,
            now_ms=now_ms,
        )
    )
