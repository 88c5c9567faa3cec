"""What supervisors do on the floor. Each act stands in the audit trail, and the agent is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from handoff_service.archive.accounts import Account
from handoff_service.archive.audit import write_audit
from handoff_service.domain import Presence, State
from handoff_service.errors import NoSuchAgent
from handoff_service.gateway.agent_writes import NOTE_CHARS, note_served, seq_of
from handoff_service.gateway.targets import find_target
from handoff_service.refusals import NotAllowed, NotFound
from handoff_service.services import Services
from handoff_service.store.holdings import Target
from handoff_service.store.results import ReassignResult
from handoff_service.store.signals import SUPERVISED
from handoff_service.text import clean_message, shorten

#: Whoever is free next, as the rules say.
ANYONE = Target("anyone", "", "")


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who acts, and from where."""

    account: Account
    origin: str = ""  #: an address


async def take_over(services: Services, who: Supervisor, conversation_id: str) -> int | None:
    """Take a conversation from wherever it is; return the number of its event.

    Raises:
        NotAllowed: nobody waits for a person there; or the supervisor has no console open.
        NoSuchConversation, StoreUnavailable, ArchiveUnavailable: as the stores say.
    """
    agent_id = who.account.account_id
    seq = seq_of(
        await services.store.holdings.take_over(
            conversation_id, agent_id=agent_id, now_ms=services.clock.now_ms()
        )
    )
    await note_served(services, conversation_id, agent_id=agent_id)
    await _note(services, who, "conversation.taken_over", conversation_id)
    return seq


async def whisper(
    services: Services, who: Supervisor, conversation_id: str, *, message_id: str, text: str
) -> int | None:
    """Tell a conversation's agent something the customer never sees, once per message_id.

    Raises:
        EmptyMessage, TooLong: no words, or too many.
        NotAllowed: nobody talks with that customer.
        NoSuchConversation, StoreUnavailable, ArchiveUnavailable: as the stores say.
    """
    seq = seq_of(
        await services.store.holdings.whisper(
            conversation_id,
            agent_id=who.account.account_id,
            author_name=who.account.name,
            message_id=message_id,
            text=clean_message(text, limit=services.settings.max_message_chars),
            now_ms=services.clock.now_ms(),
        )
    )
    await _note(services, who, "conversation.whispered", conversation_id, {"seq": seq})
    return seq


async def move(
    services: Services,
    who: Supervisor,
    conversation_id: str,
    *,
    epoch: int,
    kind: Literal["agent", "team", "skill"],
    to: str,
    note: str = "",
) -> int | None:
    """Pass on what waits or what somebody else has; the customer keeps the waiting time.

    Raises:
        Stale: it has another owner than the supervisor saw.
        NotAllowed: it can not be moved now, or the agent has it already.
        NotFound: there is no such agent, team or skill.
        NoSuchConversation, StoreUnavailable, ArchiveUnavailable: as the stores say.
    """
    target = await find_target(services.store, kind, to)
    talk = await services.store.conversations.get(conversation_id)
    if talk.epoch == epoch and kind == "agent" and talk.agent_id == target.id:
        raise NotAllowed
    seq = seq_of(
        await services.store.holdings.reassign(
            conversation_id,
            by=who.account.account_id,
            epoch=epoch,
            target=target,
            note=shorten(note, limit=NOTE_CHARS) or None,
            now_ms=services.clock.now_ms(),
        )
    )
    told = {"kind": kind, "to": to, "from": talk.agent_id}
    await _note(services, who, "conversation.moved", conversation_id, told)
    return seq


async def force_presence(
    services: Services,
    who: Supervisor,
    agent_id: str,
    *,
    presence: Presence,
    give_back: bool,
    note: str = "",
) -> int:
    """Set an agent away or offline; return how many conversations went back to the line.

    What they are offered goes back in any case. With `give_back` what they hold does, too, before
    everybody else who waits; the customers keep their waiting time.

    Raises:
        NotFound: no such agent.
        StoreUnavailable, ArchiveUnavailable: as the stores say.
    """
    store, now_ms = services.store, services.clock.now_ms()
    try:
        await store.agents.set_presence(agent_id, presence=presence, reason="forced", now_ms=now_ms)
    except NoSuchAgent as error:
        raise NotFound from error
    await store.handoffs.withdraw_offers(agent_id, now_ms=now_ms)
    given_back = await give_back_all(services, who, agent_id) if give_back else 0
    told = {"status": presence.value, "note": shorten(note, limit=NOTE_CHARS)}
    await _tell(services, who, agent_id, told)
    action = "agent.forced_offline" if presence is Presence.OFFLINE else "agent.forced_away"
    await _note(services, who, action, agent_id, {"note": note, "given_back": given_back})
    return given_back


async def set_capacity(
    services: Services, who: Supervisor, agent_id: str, *, capacity: int | None
) -> None:
    """Raise or lower how much an agent may hold until they go offline; None: as usual.

    Raises:
        NotFound: no such agent.
        StoreUnavailable, ArchiveUnavailable: as the stores say.
    """
    try:
        await services.store.agents.set_capacity(agent_id, capacity=capacity)
    except NoSuchAgent as error:
        raise NotFound from error
    agent = await services.store.agents.get(agent_id)
    await _tell(services, who, agent_id, {"capacity": agent.capacity})
    await _note(services, who, "agent.capacity_set", agent_id, {"capacity": capacity})


async def give_back_all(services: Services, who: Supervisor, agent_id: str) -> int:
    """Put what an agent talks about back in line; each conversation is a step of its own."""
    store, count = services.store, 0
    for talk in await store.conversations.get_many(await store.agents.held(agent_id)):
        if talk.state is not State.ASSIGNED or talk.agent_id != agent_id:
            continue
        outcome = await store.holdings.reassign(
            talk.conversation_id,
            by=who.account.account_id,
            epoch=talk.epoch,
            target=ANYONE,
            first=True,
            now_ms=services.clock.now_ms(),
        )
        # Else it was passed on, ended or taken over meanwhile: as good.
        count += outcome.result is ReassignResult.DONE
    return count


async def _tell(
    services: Services, who: Supervisor, agent_id: str, told: Mapping[str, Any]
) -> None:
    """Tell the agent who did what; one who is not there sees it on coming back."""
    data = {"agent_id": agent_id, "by_name": who.account.name, **told}
    await services.store.signals.send(SUPERVISED, data)


async def _note(
    services: Services,
    who: Supervisor,
    action: str,
    subject: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    async with services.database.session() as session:
        write_audit(
            session,
            actor=who.account.account_id,
            origin=who.origin,
            action=action,
            subject=subject,
            at_ms=services.clock.now_ms(),
            data=dict(data or {}),
        )
