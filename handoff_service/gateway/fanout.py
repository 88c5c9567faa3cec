"""Hands what happens on the desk to the sockets of this process: one tail of the log for all."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from handoff_service.domain import EventType
from handoff_service.store import Store
from handoff_service.store.log import LogEntry
from handoff_service.store.signals import ACCOUNT, DRAFT, PRESENCE, SUPERVISED, VIEWERS, Signal

#: Signals that are meant for one agent, in whichever tabs.
FOR_AGENT = frozenset({ACCOUNT, PRESENCE, SUPERVISED, DRAFT})


@dataclass(frozen=True, slots=True)
class Named:
    """An agent is named in a note."""

    entry: LogEntry


News: TypeAlias = LogEntry | Signal
NewsOfAgent: TypeAlias = News | Named
N = TypeVar("N")
N_contra = TypeVar("N_contra", contravariant=True)


class Listener(Protocol[N_contra]):
    """A socket: takes news at once, without waiting, in the order in which they come."""

    def put(self, news: N_contra) -> None:
        """Keep it for sending."""
        ...


class Fanout:
    """Who wants to hear what, and the two tails that tell them.

    The log is the truth: every event reaches every process, in order, through restarts of Redis.
    A socket that misses one all the same (its number shows it) reads it from the store. Signals
    are worth telling but not worth keeping: typing, presence.
    """

    def __init__(self, store: Store) -> None:
        """Listen to the desk of `store`."""
        self._store = store
        self._conversations: dict[str, set[Listener[News]]] = defaultdict(set)
        self._agents: dict[str, set[Listener[NewsOfAgent]]] = defaultdict(set)
        self._views: dict[str, set[Listener[News]]] = defaultdict(set)
        self._log_id = self._signal_id = "0-0"
        self._entry_listeners: list[Callable[[LogEntry], None]] = []
        self._signal_listeners: list[Callable[[Signal], None]] = []

    def on_entry(self, listener: Callable[[LogEntry], None]) -> None:
        """Tell `listener` every entry of the log, at once, in order; before any socket hears it."""
        self._entry_listeners.append(listener)

    def on_signal(self, listener: Callable[[Signal], None]) -> None:
        """Tell `listener` every signal, at once, in order."""
        self._signal_listeners.append(listener)

    async def start(self) -> None:
        """Note where both streams end now; sockets that open later miss nothing from here on."""
        self._log_id = await self._store.log.last_id()
        self._signal_id = await self._store.signals.last_id()

    async def tail_log(self) -> None:
        """Hand out events, for ever."""
        async for entry in self._store.log.tail(self._log_id):
            for listener in self._entry_listeners:
                listener(entry)
            self._tell(entry, self._conversations, entry.conversation_id)
            self._tell(entry, self._agents, entry.agent_id)
            if entry.released_agent_id != entry.agent_id:
                self._tell(entry, self._agents, entry.released_agent_id)
            self._tell(entry, self._views, entry.conversation_id)
            if entry.type is EventType.NOTE_POSTED:
                for agent_id in entry.event.data.get("mentions") or ():
                    self._tell(Named(entry), self._agents, agent_id)

    async def tail_signals(self) -> None:
        """Hand out signals, for ever."""
        async for signal in self._store.signals.tail(self._signal_id):
            for listener in self._signal_listeners:
                listener(signal)
            if signal.kind in FOR_AGENT or signal.data.get("author") == "customer":
                self._tell(signal, self._agents, signal.data.get("agent_id"))
            elif signal.kind == VIEWERS:
                self._tell(signal, self._views, signal.data.get("conversation_id"))
            else:
                self._tell(signal, self._conversations, signal.data.get("conversation_id"))

    def follow_conversation(
        self, conversation_id: str, listener: Listener[News]
    ) -> AbstractContextManager[None]:
        """Tell `listener` the events of a conversation, and the signals meant for its customer."""
        return self._follow(self._conversations, conversation_id, listener)

    def follow_view(
        self, conversation_id: str, listener: Listener[News]
    ) -> AbstractContextManager[None]:
        """Tell `listener` the events of a conversation, and who looks at it."""
        return self._follow(self._views, conversation_id, listener)

    def follow_agent(
        self, agent_id: str, listener: Listener[NewsOfAgent]
    ) -> AbstractContextManager[None]:
        """Tell `listener` the events of what an agent holds, is offered or has just given up."""
        return self._follow(self._agents, agent_id, listener)

    @staticmethod
    @contextmanager
    def _follow(
        listeners: dict[str, set[Listener[N]]], key: str, listener: Listener[N]
    ) -> Iterator[None]:
        listeners[key].add(listener)
        try:
            yield
        finally:
            listeners[key].discard(listener)
            if not listeners[key]:
                del listeners[key]

    @staticmethod
    def _tell(news: N, listeners: dict[str, set[Listener[N]]], key: str | None) -> None:
        if key is not None and key in listeners:
            for listener in tuple(listeners[key]):
                listener.put(news)
