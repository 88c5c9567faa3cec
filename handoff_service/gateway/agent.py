"""The socket of an agent: the whole picture, then both directions until one side leaves."""

import asyncio
import itertools
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, suppress

from aiohttp import web

from handoff_service.access import (
    Caller,
    find_caller,
    require_own_origin,
    takes_conversations,
)
from handoff_service.addresses import client_address
from handoff_service.agent_frames import (
    AgentHello,
    AgentRead,
    AgentTyping,
    Draft,
    Edit,
    Mark,
    Note,
    Prioritize,
    SetPresence,
    Tag,
    View,
    Watch,
)
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.sessions import still_signed_in
from handoff_service.errors import BatonError, StoreUnavailable
from handoff_service.frames import Ping
from handoff_service.gateway.agent_view import FLOOR_CHANGED, AgentView, FloorChanged
from handoff_service.gateway.agent_writes import write_for_agent
from handoff_service.gateway.annotation_writes import write_annotation
from handoff_service.gateway.attendance import Attendance
from handoff_service.gateway.fanout import NewsOfAgent
from handoff_service.gateway.gestures import tell_gesture
from handoff_service.gateway.holding_writes import HoldingWrite, keep_draft, write_holding
from handoff_service.gateway.outbox import Outbox, SlowReader
from handoff_service.gateway.viewing import PeopleMayDiffer, Seen, Viewing, ViewNews
from handoff_service.gateway.watching import WrittenFrame
from handoff_service.gateway.wire import (
    PING,
    PONG,
    Wire,
    error_frame,
    give_up,
    open_wire,
)
from handoff_service.ids import new_id
from handoff_service.protocol import FROM_AGENT, AgentFrame, Out, parse_frame
from handoff_service.refusals import BadFrame, NotAllowed
from handoff_service.services import CONNECTIONS, SERVICES, Services
from handoff_service.store.signals import ACCOUNT, Signal

logger = logging.getLogger(__name__)

#: How long a socket may be silent before its hello, in seconds.
HELLO_TIMEOUT_S = 10.0
#: What who takes no conversations may send: they look on, and say among colleagues what they think.
ONLOOKERS = Ping | AgentHello | Watch | View | Note | Mark
#: A socket says this many times per grace that its agent is there.
BEATS_PER_GRACE = 4


async def agent_socket(request: web.Request) -> web.StreamResponse:
    """GET /ws/agent: serve one tab of a signed-in agent until the socket closes."""
    services = request.app[SERVICES]
    require_own_origin(request)
    services.limits.address.take(client_address(request), now_ms=services.clock.now_ms())
    caller = await find_caller(request)
    wire = await open_wire(request, services.settings, connections=request.app[CONNECTIONS])
    with services.metrics.sockets.labels(side="agent").track_inprogress():
        await _serve(services, wire, caller)
    return wire.socket


async def _serve(services: Services, wire: Wire, caller: Caller) -> None:
    tab = AgentTab(services, wire, caller)
    try:
        await tab.run(await tab.greet())
    except SlowReader:
        services.metrics.slow_sockets.inc()
        wire.abort()
    except (BatonError, TimeoutError) as error:
        await wire.part(error if isinstance(error, BatonError) else BadFrame(["hello"]))
    except ConnectionError:
        logger.debug("an agent's connection broke")


class AgentTab:
    """One open socket of one agent; every tab of the same agent has its own."""

    def __init__(self, services: Services, wire: Wire, caller: Caller) -> None:
        """Serve whoever signed in."""
        self._services = services
        self._wire = wire
        self._account = caller.account
        self._session_id = caller.session_id
        self._tab = new_id("t")
        self._view = AgentView(services, wire, caller.account, tab=self._tab)
        self._attendance = Attendance(services, caller.account)
        self._outbox: Outbox[NewsOfAgent | Out | FloorChanged | WrittenFrame | ViewNews] = Outbox(
            services.settings.send_buffer, self._show
        )
        self._viewing = Viewing(
            services,
            wire,
            caller.account,
            tab=self._tab,
            put=self._outbox.put,
            is_told=self._view.is_told,
        )

    async def greet(self) -> AgentHello:
        """Wait for the hello."""
        async with asyncio.timeout(HELLO_TIMEOUT_S):
            async for text in self._texts(give_up):
                frame = parse_frame(text, FROM_AGENT).frame
                if not isinstance(frame, AgentHello):
                    raise BadFrame(["hello"])
                return frame
        raise ConnectionResetError

    async def run(self, hello: AgentHello) -> None:
        """Show the whole picture, then keep it current until one side leaves."""
        with ExitStack() as stack:
            # Listen first, read then: what happens in between is heard, and skipped by its number.
            fanout, floor = self._services.fanout, self._services.floor
            stack.enter_context(fanout.follow_agent(self._account.account_id, self._outbox))
            stack.enter_context(floor.queue.hears(lambda: self._outbox.put(FLOOR_CHANGED)))
            stack.callback(self._services.watching.watch, self._outbox.put, frozenset())
            await self._view.welcome(hello)
            try:
                await self._outbox.run(self._read, self._beat())
            finally:
                await self._viewing.end()

    async def _show(self, item: NewsOfAgent | Out | FloorChanged | WrittenFrame | ViewNews) -> None:
        if isinstance(item, Seen | PeopleMayDiffer):
            await self._viewing.show(item)
        elif isinstance(item, Signal) and item.kind == ACCOUNT:
            await self._look_again()
        else:
            await self._view.show(item)

    async def _look_again(self) -> None:
        """Go by the account as it is now.

        Raises:
            NotSignedIn: signed out, expired or disabled meanwhile.
            NotAllowed: they took conversations, and in their new role take none any more.
        """
        took = takes_conversations(self._account.role)
        with suppress(ArchiveUnavailable):
            now_ms = self._services.clock.now_ms()
            self._account = self._view.account = await still_signed_in(
                self._services.database, self._session_id, now_ms=now_ms
            )
        if took and not takes_conversations(self._account.role):
            raise NotAllowed

    async def _read(self) -> None:
        async for text in self._texts(self._refuse):
            await self._take(text)

    def _texts(self, refuse: Callable[[BatonError, str], None]) -> AsyncIterator[str]:
        return self._wire.texts(
            check=lambda: self._services.limits.agent.take(
                self._account.account_id, now_ms=self._services.clock.now_ms()
            ),
            limit_bytes=self._services.settings.max_frame_bytes,
            refuse=refuse,
        )

    async def _take(self, text: str) -> None:
        if text == PING:
            self._outbox.put(PONG)
            return
        try:
            parsed = parse_frame(text, FROM_AGENT)
            if parsed.unknown:
                unknown = self._services.metrics.unknown_frames.labels(side="agent")
                unknown.inc(len(parsed.unknown))
            if parsed.frame is not None:
                self._check(parsed.frame)
                await self._do(parsed.frame)
        except BatonError as error:
            self._refuse(error, text)

    def _check(self, frame: AgentFrame) -> None:
        """Raises NotAllowed: it is not for who takes no conversations."""
        if not takes_conversations(self._account.role) and not isinstance(frame, ONLOOKERS):
            raise NotAllowed

    def _refuse(self, error: BatonError, text: str) -> None:
        self._services.metrics.refused_frames.labels(code=error.code).inc()
        self._outbox.put(error_frame(error, text))

    async def _do(self, frame: AgentFrame) -> None:
        if isinstance(frame, Ping):
            self._outbox.put(PONG)
        elif isinstance(frame, SetPresence):
            await self._attendance.set(frame)
        elif isinstance(frame, AgentTyping | AgentRead):
            await self._gesture(frame)
        elif isinstance(frame, Draft):
            await keep_draft(self._services, self._account, frame, tab=self._tab)
        elif isinstance(frame, View):
            await self._viewing.look_at(frame)
        elif isinstance(frame, Note | Edit | Tag | Prioritize | Mark):
            self._outbox.put(await write_annotation(self._services, self._account, frame))
        elif isinstance(frame, Watch):
            self._watch(frame)
        elif isinstance(frame, HoldingWrite):
            self._outbox.put(await write_holding(self._services, self._account, frame))
        elif not isinstance(frame, AgentHello):
            self._outbox.put(await write_for_agent(self._services, self._account, frame))

    def _watch(self, frame: Watch) -> None:
        """Watch what the page shows. Raises NotAllowed: not everybody may see everything."""
        role = self._account.role
        if "floor" in frame.topics and not role.sees_all:
            raise NotAllowed
        if "learning" in frame.topics and not role.teaches:
            raise NotAllowed
        self._services.watching.watch(self._outbox.put, frozenset(frame.topics))

    async def _gesture(self, frame: AgentTyping | AgentRead) -> None:
        if self._view.holds(frame.conversation_id):
            if isinstance(frame, AgentRead):  # kept, too: the customer may be away now
                await self._services.store.holdings.note_read(
                    frame.conversation_id,
                    agent_id=self._account.account_id,
                    seq=frame.seq,
                    now_ms=self._services.clock.now_ms(),
                )
            await tell_gesture(
                self._services.store,
                frame,
                conversation_id=frame.conversation_id,
                author="agent",
                agent_id=self._account.account_id,
            )

    async def _beat(self) -> None:
        """Say again and again that the agent is there, and see that they may still be.

        Raises:
            NotSignedIn: signed out, expired or disabled meanwhile.
        """
        pause_s = self._services.rules.agent_grace_s / BEATS_PER_GRACE
        # A thousand who come back together, after a restart, do not beat together for ever.
        first = random.uniform(0, BEATS_PER_GRACE)  # noqa: S311 - nothing to guess
        await asyncio.sleep(pause_s * (first % 1))
        for beat in itertools.count(int(first)):
            once_a_grace = beat % BEATS_PER_GRACE == 0
            # The two apart: while the history is away, those who are there still are.
            if once_a_grace:
                await self._look_again()
                await self._viewing.note_seen()
            try:
                await self._attendance.beat()
                await self._viewing.beat()
                if once_a_grace and (news := await self._view.presence_news()):
                    self._outbox.put(news)
            except StoreUnavailable:
                logger.warning("agent %s: no heartbeat for now", self._account.account_id)
            await asyncio.sleep(pause_s)
