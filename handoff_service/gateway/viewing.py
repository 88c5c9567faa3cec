"""The conversation that a tab of the console shows: who else looks at it, and what happens."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TypeAlias

from handoff_service.agent_access import access_as_agent
from handoff_service.agent_frames import View
from handoff_service.archive.accounts import Account
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.mentions import note_seen
from handoff_service.backlog import events_after
from handoff_service.domain import EventType, Json
from handoff_service.errors import NoSuchConversation, StoreUnavailable
from handoff_service.frames import ConversationGone, EventFrame, Viewers
from handoff_service.gateway.fanout import News
from handoff_service.gateway.wire import Wire
from handoff_service.protocol import event_text
from handoff_service.refusals import NotFound
from handoff_service.services import Services
from handoff_service.store.log import LogEntry
from handoff_service.store.signals import VIEWERS
from handoff_service.store.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Seen:
    """News of the conversation that the tab shows; put into the outbox of the tab."""

    conversation_id: str
    news: News


class PeopleMayDiffer:
    """Put into the outbox when it is time to look again who looks."""


PEOPLE_MAY_DIFFER = PeopleMayDiffer()
ViewNews: TypeAlias = Seen | PeopleMayDiffer


@dataclass(slots=True)
class _Open:
    conversation_id: str
    cursor: int  # number of the last event that the page has
    writing: bool
    people: list[Json]


class _Ear:
    """Listens to one conversation for one tab."""

    def __init__(self, conversation_id: str, put: Callable[[ViewNews], None]) -> None:
        self._conversation_id = conversation_id
        self._put = put

    def put(self, news: News) -> None:
        self._put(Seen(self._conversation_id, news))


class Viewing:
    """What one tab looks at; none at first.

    A conversation that its agent holds is told to the page anyhow (`AgentView`); another one, if
    the account may read it, is told by this, event by event, for as long as it may.
    """

    def __init__(
        self,
        services: Services,
        wire: Wire,
        account: Account,
        *,
        tab: str,
        put: Callable[[ViewNews], None],
        is_told: Callable[[str], bool],
    ) -> None:
        """`tab`: names this tab among all; `put`: into its outbox.

        `is_told`: whether the page hears of a conversation anyhow.
        """
        self._services = services
        self._wire = wire
        self._account = account
        self._put = put
        self._is_told = is_told
        self._tab = tab
        self._open: _Open | None = None
        self._stack = ExitStack()

    async def look_at(self, frame: View) -> None:
        """Look at another conversation, at none, or begin or stop writing there.

        Raises:
            NotFound: no such conversation, or not theirs to read.
            StoreUnavailable, ArchiveUnavailable: try again.
        """
        now = self._open
        if now is not None and now.conversation_id == frame.conversation_id:
            if now.writing != frame.writing:
                now.writing = frame.writing
                await self._tell(now)
            return
        await self.end()
        if frame.conversation_id is not None:
            await self._begin(frame.conversation_id, frame)

    async def show(self, item: ViewNews) -> None:
        """Show one thing that was heard."""
        now = self._open
        if now is None:
            return
        if isinstance(item, PeopleMayDiffer):
            await self._show_people(now)
        elif item.conversation_id == now.conversation_id:
            if isinstance(item.news, LogEntry):
                await self._show_entry(now, item.news)
            elif item.news.kind == VIEWERS:
                await self._show_people(now)

    async def beat(self) -> None:
        """Say that the tab still shows it, and look who else does. Raises StoreUnavailable."""
        if self._open is not None:
            await self._note(self._open)
            self._put(PEOPLE_MAY_DIFFER)

    async def note_seen(self) -> None:
        """Note that they saw where they were named: history may hear of a note after they do."""
        if self._open is not None:
            await self._note_seen(self._open.conversation_id)

    async def end(self) -> None:
        """Look at nothing any more."""
        was, self._open = self._open, None
        self._stack.close()
        if was is None:
            return
        with suppress(StoreUnavailable):  # it is forgotten by itself
            await self._services.store.viewers.drop(was.conversation_id, tab=self._tab)
            await self._signal(was.conversation_id)
        await self._note_seen(was.conversation_id)

    async def _begin(self, conversation_id: str, frame: View) -> None:
        fanout = self._services.fanout
        # Listen first, read then.
        self._stack.enter_context(
            fanout.follow_view(conversation_id, _Ear(conversation_id, self._put))
        )
        try:
            summary = await access_as_agent(self._services, self._account, conversation_id)
        except BaseException:
            self._stack.close()
            raise
        last_seq = int(summary["last_seq"])
        cursor = last_seq if frame.last_seq is None else min(frame.last_seq, last_seq)
        self._open = now = _Open(conversation_id, cursor, frame.writing, people=[])
        if not self._is_told(conversation_id):
            await self._catch_up(now)
        await self._note_seen(conversation_id)
        await self._tell(now)

    async def _show_entry(self, now: _Open, entry: LogEntry) -> None:
        if entry.seq <= now.cursor:
            return
        if self._is_told(now.conversation_id):
            now.cursor = entry.seq
            return
        gone = entry.type is EventType.ERASED or (entry.moved and not await self._may_read(now))
        if gone:
            await self.end()
            why = "erased" if entry.type is EventType.ERASED else "moved"
            await self._wire.send(ConversationGone(conversation_id=now.conversation_id, reason=why))
        elif entry.seq == now.cursor + 1:
            now.cursor = entry.seq
            await self._wire.send_text(event_text(entry.text))
        else:
            await self._catch_up(now)

    async def _may_read(self, now: _Open) -> bool:
        try:
            await access_as_agent(self._services, self._account, now.conversation_id)
        except NotFound:
            return False
        return True

    async def _catch_up(self, now: _Open) -> None:
        with suppress(NoSuchConversation):
            for event in await events_after(self._services, now.conversation_id, seq=now.cursor):
                now.cursor = event.seq
                await self._wire.send(EventFrame(event=event.to_json()))

    async def _show_people(self, now: _Open) -> None:
        found = await self._services.store.viewers.read(
            now.conversation_id, now_ms=self._services.clock.now_ms()
        )
        people = [viewer.to_json() for viewer in found]
        if people != now.people:
            now.people = people
            await self._wire.send(
                Viewers(conversation_id=now.conversation_id, people=tuple(people))
            )

    async def _tell(self, now: _Open) -> None:
        await self._note(now)
        await self._signal(now.conversation_id)

    async def _note(self, now: _Open) -> None:
        await self._services.store.viewers.note(
            now.conversation_id,
            tab=self._tab,
            viewer=Viewer(self._account.account_id, self._account.name, now.writing),
            now_ms=self._services.clock.now_ms(),
        )

    async def _signal(self, conversation_id: str) -> None:
        await self._services.store.signals.send(VIEWERS, {"conversation_id": conversation_id})

    async def _note_seen(self, conversation_id: str) -> None:
        with suppress(ArchiveUnavailable):  # it stays unread: better than a page that fails
            await note_seen(
                self._services.database,
                self._account.account_id,
                conversation_id=conversation_id,
                now_ms=self._services.clock.now_ms(),
            )
