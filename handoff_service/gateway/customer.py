"""A talk with a customer: what was missed, then both directions until one side leaves."""

import logging
import sys
from functools import partial

from handoff_service.backlog import events_after
from handoff_service.conversation import Conversation
from handoff_service.domain import (
    DEFAULT_LOCALE,
    LOCALES,
    Event,
    EventType,
    Json,
    State,
    whole_for_customer,
)
from handoff_service.errors import BatonError, NoSuchConversation
from handoff_service.frames import (
    CustomerHello,
    CustomerPage,
    CustomerRead,
    CustomerTyping,
    CustomerWelcome,
    EventFrame,
    NoticesFrame,
    Ping,
    ReadFrame,
    StateFrame,
)
from handoff_service.gateway.customer_writes import write_for_customer
from handoff_service.gateway.fanout import News
from handoff_service.gateway.gestures import gesture_frame, tell_gesture
from handoff_service.gateway.outbox import Outbox
from handoff_service.gateway.waiting_room import Standing
from handoff_service.gateway.wire import (
    PING,
    PONG,
    CustomerWire,
    error_frame,
)
from handoff_service.protocol import FROM_CUSTOMER, CustomerFrame, Out, event_text, parse_frame
from handoff_service.refusals import TokenInvalid
from handoff_service.revival import alive
from handoff_service.services import Services
from handoff_service.store.log import LogEntry
from handoff_service.store.signals import Signal
from handoff_service.tokens import CustomerToken
from handoff_service.visiting import SIGNED_OUT, shown_page
from handoff_service.wording.weekly import say_week

logger = logging.getLogger(__name__)

#: In these the customer waits, and is gone when no tab of theirs is open for long.
IN_LINE = frozenset({State.WAITING, State.OFFERED})
#: In these an agent has the conversation.
HELD = frozenset({State.ASSIGNED, State.WRAP_UP, State.PARKED})
#: Events that say who has it now.
NAMES_AGENT = frozenset({EventType.HANDOFF_ASSIGNED, EventType.HANDOFF_TAKEN_OVER})


class FloorChanged:
    """Put into the outbox when the customer's standing, or who is on duty, has changed."""


FLOOR_CHANGED = FloorChanged()


class NoticesChanged:
    """Put into the outbox when other problems are known than before."""


NOTICES_CHANGED = NoticesChanged()


async def access_conversation(services: Services, token: CustomerToken) -> Conversation:
    """Return the conversation that a token opens.

    Raises:
        TokenInvalid: it belongs to somebody else, nobody has heard of it, or its customer has
            signed out; in each case the page asks for another session, which opens another one.
        ArchiveUnavailable: it is not in the live store, and the history does not answer.
    """
    get = partial(services.store.conversations.get, token.conversation_id)
    try:
        talk = await alive(services, token.conversation_id, get)
    except NoSuchConversation as error:
        raise TokenInvalid from error
    if talk.customer_id != token.customer_id or await services.store.visits.over(token.visit):
        raise TokenInvalid
    return talk


class CustomerTalk:
    """One open socket, or poll, of one customer; a second tab has its own."""

    def __init__(
        self, services: Services, wire: CustomerWire, *, token: CustomerToken, address: str
    ) -> None:
        """Serve the holder of `token`."""
        self._services = services
        self._token = token
        self._conversation_id = token.conversation_id
        self._locale = DEFAULT_LOCALE
        self._wire = wire
        self._address = address
        self._outbox: Outbox[News | Out | FloorChanged | NoticesChanged] = Outbox(
            services.settings.send_buffer, self._deliver
        )
        #: Number of the last event sent, and of the one that the state shown goes with.
        self._cursor = self._state_seq = 0
        #: Number of an agent's message that this page has not said it has shown.
        self._unseen_seq = 0
        self._state: StateFrame = StateFrame(state=State.BOT.value, on_duty=False)
        self._waits = False
        self._read_seq = 0
        self._agent_id: str | None = None
        self._topic = ""

    async def run(self, hello: CustomerHello) -> None:
        """Catch up with what was missed, then talk until one side leaves."""
        fanout, floor = self._services.fanout, self._services.floor
        # Listen first, read then: what happens in between is heard, and skipped by its number.
        with (
            fanout.follow_conversation(self._conversation_id, self._outbox),
            floor.duty.hears(self._floor_changed),
            self._services.notices.hears(partial(self._outbox.put, NOTICES_CHANGED)),
        ):
            try:
                await self._welcome(hello)
                await self._outbox.run(self._read, drain=self._wire.drains)
            finally:
                self._stand(waits=False)

    # ── out ─────────────────────────────────────────────────────────────────────────────────────

    async def _welcome(self, hello: CustomerHello) -> None:
        talk = await access_conversation(self._services, self._token)
        self._agent_id = talk.agent_id
        self._topic = talk.handoff.topic if talk.handoff else ""
        self._read_seq = talk.read_seq
        self._locale = hello.locale if hello.locale in LOCALES else talk.language
        self._stand(waits=talk.state in IN_LINE)
        if talk.state in IN_LINE:  # they are back: the next general note of it may be too late
            await self._services.store.line.attend(
                [talk.conversation_id], now_ms=self._services.clock.now_ms()
            )
        self._state = await self._state_of(talk.state, talk.agent_name)
        await self._wire.send(
            CustomerWelcome(
                conversation_id=talk.conversation_id,
                state=self._state.state,
                epoch=talk.epoch,
                last_seq=talk.last_seq,
                agent_name=self._state.agent_name,
                place=self._state.place,
                wait_ms=self._state.wait_ms,
                on_duty=self._state.on_duty,
                back_at_ms=self._state.back_at_ms,
                may_leave=self._state.may_leave,
                read_seq=self._state.read_seq,
                notices=self._notices() or None,
                hours=self._hours(talk),
                mail=self._services.settings.sends_mail or None,
                email=talk.identity.email if talk.identity else None,
                attachments=self._services.attachments.offer(talk.site),
                server_ms=self._services.clock.now_ms(),
            )
        )
        self._state_seq = talk.last_seq
        self._cursor = min(hello.last_seq, talk.last_seq)
        await self._catch_up()

    def _hours(self, talk: Conversation) -> Json | None:
        """Return when people are there in a usual week, by locale, where the site tells it."""
        if not self._services.sites.find(talk.site).contact_hours:
            return None
        team, now_ms = self._services.hours.team_for(self._topic), self._services.clock.now_ms()
        said = {
            locale: say_week(team, now_ms=now_ms, locale=locale, utc_offset_min=talk.utc_offset_min)
            for locale in LOCALES
        }
        return said if all(said.values()) else None

    async def _deliver(self, item: News | Out | FloorChanged | NoticesChanged) -> None:
        if isinstance(item, LogEntry):
            await self._tell(item)
        elif isinstance(item, Signal):
            if item.kind == SIGNED_OUT and item.data["visit"] == self._token.visit:
                raise TokenInvalid
            gesture = gesture_frame(item)
            if isinstance(gesture, ReadFrame):
                self._read_seq = max(self._read_seq, gesture.seq)
            if gesture is not None:
                await self._wire.send(gesture)
        elif isinstance(item, FloorChanged):
            await self._tell_floor()
        elif isinstance(item, NoticesChanged):
            await self._wire.send(NoticesFrame(notices=self._notices()))
        else:
            await self._wire.send(item)

    async def _tell(self, entry: LogEntry) -> None:
        if entry.seq == self._cursor + 1:
            await self._send_entry(entry)
        elif entry.seq > self._cursor:
            await self._catch_up()
        if entry.seq <= self._state_seq:
            return  # The state that was shown is newer.
        self._state_seq, self._agent_id = entry.seq, entry.agent_id
        if entry.type is EventType.HANDOFF_REQUESTED:
            self._topic = entry.event.data["topic"]
        if entry.moved and entry.state is not None:
            await self._tell_move(entry, entry.state)

    async def _tell_move(self, entry: LogEntry, state: State) -> None:
        name, place, on_duty = self._state.agent_name, None, None
        if entry.type in NAMES_AGENT:
            name = entry.event.data.get("agent_name")
        elif state is State.WAITING:  # told in words as well: the state goes with them
            place, on_duty = (entry.event.data.get(field) for field in ("place", "on_duty"))
        self._stand(waits=state in IN_LINE)
        fresh = await self._state_of(state, name, place=place, on_duty=on_duty)
        await self._show(fresh)

    async def _send_entry(self, entry: LogEntry) -> None:
        if self._agent_id is not None and entry.type is EventType.MESSAGE_POSTED:
            self._unseen_seq = min(self._unseen_seq, entry.seq)
        if whole_for_customer(entry.type, entry.text):
            self._cursor = entry.seq
            await self._wire.send_text(event_text(entry.text))
        else:
            await self._send_event(entry.event)

    async def _catch_up(self) -> None:
        for event in await events_after(self._services, self._conversation_id, seq=self._cursor):
            await self._send_event(event)

    async def _send_event(self, event: Event) -> None:
        self._cursor = event.seq
        shown = event.for_customer()
        if shown is not None:
            await self._wire.send(EventFrame(event=shown.to_json()))

    def _notices(self) -> tuple[Json, ...]:
        return tuple(
            notice.for_customer(self._locale) for notice in self._services.notices.standing()
        )

    async def _tell_floor(self) -> None:
        state, place = State.read(self._state.state), self._state.place
        standing = self._services.waiting_room.standing(self._conversation_id)
        fresh = await self._state_of(state, self._state.agent_name, place=standing.place or place)
        await self._show(fresh)

    async def _show(self, fresh: StateFrame) -> None:
        if fresh != self._state:
            self._state = fresh
            await self._wire.send(fresh)

    async def _state_of(
        self,
        state: State,
        agent_name: str | None,
        *,
        place: int | None = None,
        on_duty: bool | None = None,
    ) -> StateFrame:
        """Return the frame; `place` and `on_duty`: where they are known, else they are read."""
        waits, held = state is State.WAITING, state in HELD
        if on_duty is None:
            on_duty = self._services.floor.on_duty
        if waits and place is None:
            place = await self._services.store.queue.place(self._conversation_id)
        standing = self._services.waiting_room.standing(self._conversation_id)
        wait = standing.wait if waits else None
        return StateFrame(
            state=state.value,
            agent_name=agent_name if held else None,
            place=place if waits else None,
            wait_ms=(wait.low_ms, wait.high_ms) if wait else None,
            on_duty=on_duty,
            back_at_ms=None if on_duty else self._back_at_ms(),
            may_leave=(waits and self._nobody_soon(standing, on_duty=on_duty)) or None,
            read_seq=self._read_seq or None,
        )

    def _nobody_soon(self, standing: Standing, *, on_duty: bool) -> bool:
        """Whether a message is the better choice: nobody is there, or the wait is too long."""
        limit_ms = self._services.rules.max_wait_s * 1000
        long = bool(limit_ms and standing.wait and standing.wait.low_ms > limit_ms)
        return long or not on_duty

    def _back_at_ms(self) -> int | None:
        back = self._services.hours.back_at(self._topic, now_ms=self._services.clock.now_ms())
        return None if back is None else int(back.timestamp() * 1000)

    def _stand(self, *, waits: bool) -> None:
        """Be among those whose place and wait are looked up, or no longer."""
        if waits is not self._waits:
            self._waits, room = waits, self._services.waiting_room
            (room.enter if waits else room.leave)(self._conversation_id, self._line_moved)

    def _line_moved(self) -> None:
        self._outbox.put(FLOOR_CHANGED)

    def _floor_changed(self) -> None:
        if self._state.on_duty != self._services.floor.on_duty:
            self._outbox.put(FLOOR_CHANGED)

    # ── in ──────────────────────────────────────────────────────────────────────────────────────

    async def _read(self) -> None:
        limit_bytes = self._services.settings.max_frame_bytes
        async for text in self._wire.texts(
            check=self._count, limit_bytes=limit_bytes, refuse=self._refuse
        ):
            await self._take(text)

    def _count(self) -> None:
        if not self._token.unlimited:
            limits = self._services.limits
            limits.customer.take(self._token.customer_id, now_ms=self._services.clock.now_ms())
            limits.address.take(self._address, now_ms=self._services.clock.now_ms())

    async def _take(self, text: str) -> None:
        if text == PING:
            self._outbox.put(PONG)
            return
        try:
            parsed = parse_frame(text, FROM_CUSTOMER)
            if parsed.unknown:
                unknown = self._services.metrics.unknown_frames.labels(side="customer")
                unknown.inc(len(parsed.unknown))
            if parsed.frame is not None:
                await self._do(parsed.frame)
        except BatonError as error:
            self._refuse(error, text)

    def _refuse(self, error: BatonError, text: str) -> None:
        self._services.metrics.refused_frames.labels(code=error.code).inc()
        self._outbox.put(error_frame(error, text))

    async def _do(self, frame: CustomerFrame) -> None:
        if isinstance(frame, Ping):
            self._outbox.put(PONG)
        elif isinstance(frame, CustomerTyping | CustomerRead):
            if isinstance(frame, CustomerRead):
                await self._note_seen(frame.seq)
            await self._gesture(frame)
        elif isinstance(frame, CustomerPage):
            await self._services.store.conversations.note_visit(
                self._conversation_id,
                customer_id=self._token.customer_id,
                page=shown_page(frame.url, frame.title),
                now_ms=self._services.clock.now_ms(),
            )
        elif not isinstance(frame, CustomerHello):
            write = partial(
                write_for_customer,
                self._services,
                self._conversation_id,
                frame,
                locale=self._locale,
            )
            ack = await alive(self._services, self._conversation_id, write)
            self._outbox.put(ack)

    async def _note_seen(self, seq: int) -> None:
        """Note that the customer has read what an agent wrote: it need not go out by e-mail."""
        if not self._services.settings.sends_mail or not self._unseen_seq <= seq:
            return
        self._unseen_seq = sys.maxsize
        await self._services.store.conversations.note_seen(
            self._conversation_id, seq=seq, now_ms=self._services.clock.now_ms()
        )

    async def _gesture(self, frame: CustomerTyping | CustomerRead) -> None:
        """Tell the agent who holds the conversation, if one does: only they want to know."""
        if self._agent_id is not None:
            await tell_gesture(
                self._services.store,
                frame,
                conversation_id=self._conversation_id,
                author="customer",
                agent_id=self._agent_id,
            )
