"""Asks the bot that a conversation belongs to: the live one or, in a split, a candidate."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.learning.splits import Arm, Split, open_split
from handoff_service.bot.rasa import BotAnswer, RasaClient
from handoff_service.clock import Clock
from handoff_service.errors import BotError
from handoff_service.store.turns import Work

logger = logging.getLogger(__name__)

#: The database is asked so often whether a split goes on, in seconds.
LOOK_EVERY_S = 2.0
#: A candidate that failed is left alone for so long, in ms: each turn would wait for it again.
REST_MS = 5_000


class Arms:
    """Every replica decides alike: a conversation keeps its bot for as long as the split goes on.

    What the candidate cannot answer, the live bot answers in the same turn: both know the dialogue,
    which is in Redis, and an answer that one of them has kept is what the other gives.
    """

    def __init__(
        self,
        live: RasaClient,
        candidate: Callable[[str], RasaClient],
        *,
        clock: Clock,
        index_version: Callable[[], str] = lambda: "",
        on_turn: Callable[[Arm, Arm], None] = lambda _arm, _by: None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """`candidate` makes the client of a URL; `index_version` tells the live one.

        `on_turn` is told whose the turn was and who answered it: live or candidate; `on_change`,
        that something of the split is different.
        """
        self._live = live
        self._make = candidate
        self._clock = clock
        self._index_version = index_version
        self._on_turn = on_turn
        self._on_change = on_change
        self._seen: Split | None = None
        self._split: Split | None = None
        self._candidate: RasaClient | None = None
        self._rest_until_ms = 0

    @property
    def split(self) -> Split | None:
        """Return the split that goes on, as this process knows it."""
        return self._split

    async def ask(self, work: Work, *, now_ms: int) -> BotAnswer:
        """Return the answer to a turn. Raises BotUnavailable, BotFaulty, BotRefused."""
        split, talk = self._split, work.conversation
        arm = split.arm_of(talk.conversation_id, started_ms=talk.started_ms) if split else None
        if split is None or arm is None:
            return self._told(await self._live.ask(work, now_ms=now_ms))
        answer = None
        if arm is Arm.CANDIDATE:
            answer = await self._ask_candidate(split, work, now_ms=now_ms)
        by = Arm.LIVE if answer is None else Arm.CANDIDATE
        if answer is None:
            answer = self._told(await self._live.ask(work, now_ms=now_ms))
        self._on_turn(arm, by)
        return replace(answer, origin=replace(answer.origin, split=split.split_id, arm=arm.value))

    async def run(self, database: Database) -> None:
        """Know which split goes on, for ever."""
        while True:
            await self.read(database)
            await asyncio.sleep(LOOK_EVERY_S)

    async def read(self, database: Database) -> None:
        """Look which split goes on; while the database is away the last known one does."""
        try:
            split = await open_split(database)
        except ArchiveUnavailable:
            logger.warning("splits cannot be read for now; the last known one stands")
            return
        seen = replace(split, kept_ms=0) if split else None
        if seen != self._seen:
            self._seen = seen
            self._on_change()
        self.become(split if split and split.started_ms is not None else None)

    def become(self, split: Split | None) -> None:
        """Divide conversations by this split from now on; None: by none."""
        before = self._split
        if (split and split.split_id) != (before and before.split_id):
            logger.info("split: %s", f"{split.split_id} goes on" if split else "none goes on")
        if (split and split.url) != (before and before.url):
            self._candidate = self._make(split.url) if split and split.url else None
            self._rest_until_ms = 0
        self._split = split

    async def _ask_candidate(self, split: Split, work: Work, *, now_ms: int) -> BotAnswer | None:
        """Return the candidate's answer; None: the live bot has to answer."""
        client = self._candidate
        if client is None or self._clock.now_ms() < self._rest_until_ms:
            return None
        try:
            answer = await client.ask(work, now_ms=now_ms)
        except BotError as error:
            self._rest_until_ms = self._clock.now_ms() + REST_MS
            logger.warning(
                "turn %d of %s: the candidate fails, the live bot answers: %s",
                work.turn.turn,
                work.turn.conversation_id,
                error,
            )
            return None
        return _with_index(answer, split.index_version or self._index_version())

    def _told(self, answer: BotAnswer) -> BotAnswer:
        return _with_index(answer, self._index_version())


def _with_index(answer: BotAnswer, version: str) -> BotAnswer:
    return replace(answer, origin=replace(answer.origin, index_version=version or None))
