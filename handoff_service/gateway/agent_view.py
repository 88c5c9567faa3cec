"""What one tab of an agent has been shown, and what it must be shown next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from handoff_service.agent_frames import AgentHello
from handoff_service.archive.accounts import Account
from handoff_service.archive.mentions import beginning
from handoff_service.backlog import events_after, offer_view
from handoff_service.conversation import Conversation
from handoff_service.domain import Agent, EventType, State
from handoff_service.frames import (
    AgentWelcome,
    ConversationFrame,
    ConversationGone,
    EventFrame,
    Mention,
    OfferFrame,
    OfferGone,
    PresenceFrame,
    QueueFrame,
    Supervised,
)
from handoff_service.gateway.fanout import Named, NewsOfAgent
from handoff_service.gateway.gestures import gesture_frame
from handoff_service.gateway.watching import WrittenFrame
from handoff_service.gateway.wire import Wire
from handoff_service.protocol import Out, dump_frame, event_text
from handoff_service.services import Services
from handoff_service.store.log import LogEntry
from handoff_service.store.signals import DRAFT, PRESENCE, SUPERVISED, Signal
from handoff_service.summary import Offer, Summary

#: States in which an agent talks with the customer, or has just done.
HELD = frozenset({State.ASSIGNED, State.WRAP_UP})

OfferEnd = Literal["expired", "declined", "accepted", "cancelled", "taken"]
#: Why an offer no longer stands, by the event that ended it; any other is the customer's doing.
OFFER_ENDS: Mapping[EventType | str, OfferEnd] = {
    EventType.HANDOFF_ASSIGNED: "accepted",
    EventType.HANDOFF_DECLINED: "declined",
    EventType.OFFER_EXPIRED: "expired",
    EventType.HANDOFF_TAKEN_OVER: "taken",
}
#: Why a conversation is no longer theirs, by the event that ended it.
HOLD_ENDS: Mapping[EventType | str, str] = {
    EventType.AGENT_LOST: "lost",
    EventType.HANDOFF_RETURNED: "handed_back",
    EventType.CLOSED: "closed",
    EventType.ERASED: "erased",
    EventType.HANDOFF_TRANSFERRED: "transferred",
    EventType.HANDOFF_TAKEN_OVER: "taken_over",
    EventType.PARKED: "parked",
}

#: Events, beside those that move the conversation, after which its summary says something else.
CHANGES_SUMMARY = frozenset({EventType.LANGUAGE_CHANGED, EventType.TAGGED, EventType.PRIORITIZED})


class FloorChanged:
    """Put into the outbox when the queue may have changed."""


FLOOR_CHANGED = FloorChanged()


@dataclass(slots=True)
class Shown:
    """How far the page knows a conversation."""

    #: Number of the event that the state shown goes with: what is older moves nothing any more.
    state_seq: int
    #: Number of the last event sent.
    cursor: int


class AgentView:
    """The conversations and offers that this tab shows."""

    def __init__(self, services: Services, wire: Wire, account: Account, *, tab: str) -> None:
        """Show what `account` holds and is offered. `tab`: names this tab among all."""
        self._tab = tab
        self._services = services
        self._wire = wire
        #: As it is now; who serves the tab keeps it so.
        self.account = account
        self._offers: dict[str, Shown] = {}
        self._held: dict[str, Shown] = {}
        self._queue_text = ""  # of the frame that the page shows
        self._presence = ""  # that the page shows

    def holds(self, conversation_id: str) -> bool:
        """Whether the agent talks with this customer."""
        return conversation_id in self._held

    def is_told(self, conversation_id: str) -> bool:
        """Whether the page hears of every event of it: it is held, or offered."""
        return conversation_id in self._held or conversation_id in self._offers

    async def presence_news(self) -> PresenceFrame | None:
        """Return what the page should show of the agent, unless it does.

        A change that a failover of Redis took back was shown, and nothing tells of its end.
        """
        me = await self._services.store.agents.get(self.account.account_id)
        if me.presence.value == self._presence:
            return None
        self._presence = me.presence.value
        return PresenceFrame(status=me.presence.value, reason=me.presence_reason)

    async def welcome(self, hello: AgentHello) -> None:
        """Show everything: who, what is offered, what is held, and the events not seen yet."""
        store = self._services.store
        me = await self._register()
        self._presence = me.presence.value
        talks = await store.conversations.get_many(await store.agents.held(self.account.account_id))
        offered = [talk for talk in talks if talk.state is State.OFFERED]
        held = [talk for talk in talks if talk.state in HELD]
        offers = [await offer_view(self._services, talk.conversation_id) for talk in offered]
        stats = await store.queue.stats()
        lost = tuple(await store.agents.lost(self.account.account_id))
        self._queue_text = dump_frame(
            QueueFrame(waiting=stats.waiting, longest_since_ms=stats.longest_since_ms)
        )
        await self._wire.send(
            AgentWelcome(
                agent=self._agent(),
                presence=me.presence.value,
                presence_reason=me.presence_reason,
                conversations=tuple(Summary(talk).to_json() for talk in held),
                offers=tuple(offer.to_json() for offer in offers),
                parked=tuple(Summary(talk).to_json() for talk in await self._parked()),
                lost=lost,
                queue={"waiting": stats.waiting, "longest_since_ms": stats.longest_since_ms},
                attachments=self._services.attachments.offer(),
                server_ms=self._services.clock.now_ms(),
            )
        )
        if lost:
            await store.agents.forget_lost(self.account.account_id)
        for offer in offers:
            self._note_offer(offer)
        for talk in held:
            seen = hello.conversations.get(talk.conversation_id, 0)
            self._held[talk.conversation_id] = Shown(talk.last_seq, min(seen, talk.last_seq))
            await self._catch_up(talk.conversation_id)

    async def show(self, item: NewsOfAgent | Out | FloorChanged | WrittenFrame) -> None:
        """Show one thing."""
        if isinstance(item, LogEntry):
            await self._show_entry(item)
        elif isinstance(item, Signal):
            await self._show_signal(item)
        elif isinstance(item, FloorChanged):
            await self._show_queue()
        elif isinstance(item, Named):
            await self._show_mention(item.entry)
        elif isinstance(item, WrittenFrame):
            await self._wire.send_text(item.text)
        else:
            await self._wire.send(item)

    async def _show_mention(self, entry: LogEntry) -> None:
        data = entry.event.data
        if data["agent_id"] != self.account.account_id:  # who names themselves knows
            await self._wire.send(
                Mention(
                    conversation_id=entry.conversation_id,
                    seq=entry.seq,
                    from_name=data["author_name"],
                    text=beginning(data["text"]),
                )
            )

    async def _show_entry(self, entry: LogEntry) -> None:
        conversation_id = entry.conversation_id
        mine = entry.agent_id == self.account.account_id
        if mine and entry.state is State.OFFERED:
            await self._show_offered(entry)
        elif mine and entry.state in HELD:
            await self._show_held(entry)
        elif conversation_id in self._offers:
            await self._end_offer(entry)
        elif conversation_id in self._held:
            await self._end_hold(entry)

    async def _show_offered(self, entry: LogEntry) -> None:
        shown = self._offers.get(entry.conversation_id)
        if shown is None:
            await self._show_offer(entry.conversation_id)
        elif entry.seq > shown.cursor:
            shown.state_seq = shown.cursor = entry.seq
            await self._wire.send_text(event_text(entry.text))

    async def _show_offer(self, conversation_id: str) -> None:
        offer = await offer_view(self._services, conversation_id)
        talk = offer.summary.conversation
        # Else it went on while we looked: the event that moved it is on its way to us.
        if talk.state is State.OFFERED and talk.agent_id == self.account.account_id:
            self._note_offer(offer)
            await self._wire.send(OfferFrame(offer=offer.to_json()))

    def _note_offer(self, offer: Offer) -> None:
        talk = offer.summary.conversation
        last = offer.transcript[-1].seq if offer.transcript else talk.last_seq
        self._offers[talk.conversation_id] = Shown(talk.last_seq, last)

    async def _end_offer(self, entry: LogEntry) -> None:
        conversation_id = entry.conversation_id
        if entry.seq > self._offers[conversation_id].state_seq:
            del self._offers[conversation_id]
            mine = entry.agent_id == self.account.account_id  # took it over by hand
            reason = "accepted" if mine else OFFER_ENDS.get(entry.type, "cancelled")
            await self._wire.send(OfferGone(conversation_id=conversation_id, reason=reason))

    async def _show_held(self, entry: LogEntry) -> None:
        conversation_id = entry.conversation_id
        if conversation_id in self._offers:
            await self._end_offer(entry)
        if conversation_id not in self._held:
            await self._begin_hold(conversation_id)
            return
        await self._show_event(entry)
        changes = entry.moved or entry.type in CHANGES_SUMMARY
        if changes and entry.seq > self._held[conversation_id].state_seq:
            await self._show_summary(conversation_id)

    async def _begin_hold(self, conversation_id: str) -> None:
        talk = await self._services.store.conversations.get(conversation_id)
        # Else it went on while we looked, as with an offer.
        if self._has(talk):
            self._held[conversation_id] = Shown(talk.last_seq, 0)
            await self._wire.send(ConversationFrame(summary=Summary(talk).to_json()))
            await self._catch_up(conversation_id)

    async def _end_hold(self, entry: LogEntry) -> None:
        conversation_id = entry.conversation_id
        if entry.seq > self._held[conversation_id].state_seq:
            if entry.type is not EventType.ERASED:  # else there is nothing left to catch up with
                await self._show_event(entry)
            del self._held[conversation_id]
            why = HOLD_ENDS.get(entry.type, "moved")
            await self._wire.send(ConversationGone(conversation_id=conversation_id, reason=why))
            if (
                entry.type is EventType.HANDOFF_TAKEN_OVER
            ):  # told; what was lost before, the welcome said
                await self._services.store.agents.forget_lost(self.account.account_id)

    async def _show_event(self, entry: LogEntry) -> None:
        shown = self._held[entry.conversation_id]
        if entry.seq == shown.cursor + 1:
            shown.cursor = entry.seq
            await self._wire.send_text(event_text(entry.text))
        elif entry.seq > shown.cursor:
            await self._catch_up(entry.conversation_id)

    async def _catch_up(self, conversation_id: str) -> None:
        shown = self._held[conversation_id]
        for event in await events_after(self._services, conversation_id, seq=shown.cursor):
            shown.cursor = event.seq
            await self._wire.send(EventFrame(event=event.to_json()))

    async def _show_summary(self, conversation_id: str) -> None:
        talk = await self._services.store.conversations.get(conversation_id)
        if self._has(talk):
            self._held[conversation_id].state_seq = talk.last_seq
            await self._wire.send(ConversationFrame(summary=Summary(talk).to_json()))

    def _has(self, talk: Conversation) -> bool:
        return talk.state in HELD and talk.agent_id == self.account.account_id

    async def _show_signal(self, signal: Signal) -> None:
        if signal.kind == PRESENCE:
            status, reason = signal.data["status"], signal.data.get("reason")
            # Another tab opened, or only the capacity changed: presence is what it was.
            if reason not in {"registered", "capacity"}:
                self._presence = status
                await self._wire.send(PresenceFrame(status=status, reason=reason))
            return
        if signal.kind == SUPERVISED:
            told = {name: value for name, value in signal.data.items() if name != "agent_id"}
            await self._wire.send(Supervised(**told))
            return
        if signal.kind == DRAFT:
            if signal.data["tab"] != self._tab and self.holds(signal.data["conversation_id"]):
                await self._show_summary(signal.data["conversation_id"])
            return
        gesture = gesture_frame(signal)
        if gesture is not None and self.holds(gesture.conversation_id):
            await self._wire.send(gesture)

    async def _show_queue(self) -> None:
        fresh = self._services.floor.queue_text
        if fresh != self._queue_text:
            self._queue_text = fresh
            await self._wire.send_text(fresh)

    async def _parked(self) -> list[Conversation]:
        """Return what the agent has set aside, the next one due first."""
        store, agent_id = self._services.store, self.account.account_id
        talks = await store.conversations.get_many(await store.agents.parked(agent_id))
        return [talk for talk in talks if talk.state is State.PARKED and talk.agent_id == agent_id]

    async def _register(self) -> Agent:
        """Make the agent known to the desk as the account says, with the presence they had."""
        agents, account = self._services.store.agents, self.account
        await agents.register(
            account.account_id,
            name=account.name,
            languages=account.languages,
            capacity=account.capacity,
            now_ms=self._services.clock.now_ms(),
            skills=account.skills,
            teams=account.teams,
        )
        return await agents.get(account.account_id)

    def _agent(self) -> dict[str, object]:
        account = self.account
        return {
            "agent_id": account.account_id,
            "name": account.name,
            "languages": list(account.languages),
            "capacity": account.capacity,
            "skills": dict(account.skills),
            "teams": list(account.teams),
            "role": account.role.value,
        }
