"""Tells pages that what they list has changed: a word now and then, for them to ask again."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Literal, TypeAlias, get_args

from handoff_service.errors import StoreUnavailable
from handoff_service.frames import Changed
from handoff_service.protocol import dump_frame
from handoff_service.store import Store
from handoff_service.store.log import LogEntry
from handoff_service.store.signals import HINTS, LEARNING, PRESENCE, Signal

logger = logging.getLogger(__name__)

Topic: TypeAlias = Literal["inbox", "floor", "learning"]
TOPICS: tuple[Topic, ...] = get_args(Topic)

#: Changes are gathered for so long, in seconds: who looks at a list sees no difference.
GATHER_S = 0.25
#: Part of the time that telling may take, and the longest pause that this may lead to, in seconds.
SHARE = 0.05
LONGEST_PAUSE_S = 2.0
#: Lists are read from the history, so it is waited for; longer than this, in seconds, only the
#: page is told to look again later.
HISTORY_S = 2.0
#: How often it is looked whether the history has come that far, in seconds; its batches linger 0.2.
LOOK_S = 0.1
#: More conversations than this are not named: the page asks for everything it shows.
MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class WrittenFrame:
    """A frame that is written already: once for everybody who gets it."""

    text: str


#: Puts a frame into the outbox of one page.
Tell: TypeAlias = Callable[[WrittenFrame], None]


class Watching:
    """Who watches what. An event costs a flag; a bundle of them costs each watcher one frame."""

    def __init__(self, store: Store) -> None:
        """Watch the desk of `store`."""
        self._store = store
        self._watchers: dict[Topic, set[Tell]] = {topic: set() for topic in TOPICS}
        self._changed: dict[Topic, set[str]] = {topic: set() for topic in TOPICS}
        #: Who began to watch meanwhile: what they read may be of before the last event.
        self._newcomers: set[tuple[Topic, Tell]] = set()
        self._dirty = asyncio.Event()
        self._log_id = ""  # of the last entry heard of

    def watch(self, tell: Tell, topics: frozenset[Topic]) -> None:
        """Let a page watch these topics from now on, and no others."""
        for topic, watchers in self._watchers.items():
            if topic not in topics:
                watchers.discard(tell)
                self._newcomers.discard((topic, tell))
            elif tell not in watchers:
                watchers.add(tell)
                self._newcomers.add((topic, tell))
                self._dirty.set()

    def note_entry(self, entry: LogEntry) -> None:
        """Hear what happened to a conversation."""
        self._log_id = entry.log_id
        self._note("inbox", entry.conversation_id)
        if entry.moved:
            self._note("floor", entry.conversation_id)

    def note_signal(self, signal: Signal) -> None:
        """Hear that an agent came, went or changed, that something is unusual, or was decided."""
        if signal.kind in {PRESENCE, HINTS}:
            self._note("floor", "")
        elif signal.kind == LEARNING:
            self.note_learning()

    def note_learning(self) -> None:
        """Hear that something that maintainers look at has changed."""
        self._note("learning", "")

    def is_watched(self, topic: Topic) -> bool:
        """Whether any page watches it."""
        return bool(self._watchers[topic])

    async def run(self) -> None:
        """Tell who watches, for ever."""
        while True:
            await self._dirty.wait()
            await asyncio.sleep(GATHER_S)
            self._dirty.clear()
            changed, log_id = self._changed, self._log_id
            self._changed = {topic: set() for topic in TOPICS}
            newcomers, self._newcomers = self._newcomers, set()
            archived = await self._is_in_history(log_id)
            began_s = perf_counter()
            self._tell(changed)
            for topic, tell in newcomers:
                if tell in self._watchers[topic]:
                    tell(WrittenFrame(dump_frame(Changed(topic=topic))))
            if not archived:  # who asked now may have been shown what was before
                for topic, names in changed.items():
                    for name in names:
                        self._note(topic, name)
            await asyncio.sleep(min((perf_counter() - began_s) / SHARE, LONGEST_PAUSE_S))

    def _note(self, topic: Topic, name: str) -> None:
        if self._watchers[topic]:
            if len(self._changed[topic]) <= MOST_NAMED:
                self._changed[topic].add(name)
            self._dirty.set()

    def _tell(self, changed: Mapping[Topic, set[str]]) -> None:
        for topic, names in changed.items():
            if not names:
                continue
            named = tuple(sorted(names - {""})) if len(names) <= MOST_NAMED else None
            frame = WrittenFrame(dump_frame(Changed(topic=topic, conversation_ids=named)))
            for tell in tuple(self._watchers[topic]):
                tell(frame)

    async def _is_in_history(self, log_id: str) -> bool:
        """Wait until the history has everything up to an entry; return whether it has."""
        try:
            async with asyncio.timeout(HISTORY_S):
                while log_id:
                    if _order(await self._store.log.archived_before()) > _order(log_id):
                        return True
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            return False
        except StoreUnavailable:
            logger.warning("how far the history has come cannot be read for now")
            return False
        return True


def _order(log_id: str) -> tuple[int, int]:
    ms, _, number = log_id.partition("-")
    return int(ms), int(number or 0)
