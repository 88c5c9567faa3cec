"""Looks out for what suddenly many customers ask, and hangs a hint on the floor."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.questions import Question, questions_between
from handoff_service.clock import Clock
from handoff_service.domain import Json
from handoff_service.errors import BotUnavailable, StoreUnavailable
from handoff_service.floor.spikes import FEWEST, Spike, find_spikes
from handoff_service.floor.vectors import Vectors
from handoff_service.routing.lease import Lease
from handoff_service.store import Store
from handoff_service.store.signals import HINTS

logger = logging.getLogger(__name__)

#: It is looked this often, in seconds.
EVERY_S = 60.0
#: What counts as now.
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
#: Questions of the last hour that are looked at, the latest.
MOST_ASKED = 2_000
#: So much history is enough, and so much of it is taken of one hour.
ENOUGH = 1_000
OF_ONE_HOUR = 300
#: The history is read again this often, in milliseconds: the hour of the week moves on.
HISTORY_EVERY_MS = 600_000
#: The same hour of the last weeks; where they are thin, of the last days; then the last day.
WEEKS, DAYS = 4, 7
#: Conversations that a hint names, the latest.
NAMED = 50
#: A hint goes on when so large a part of its conversations were in it before.
SAME_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class History:
    """What was asked in hours like this one."""

    read_ms: int
    questions: tuple[Question, ...] = ()


class Spotter:
    """Any number may run, in any number of processes: the one that holds the lease looks."""

    def __init__(
        self, store: Store, database: Database, vectors: Vectors, *, clock: Clock, replica: str
    ) -> None:
        """Look at what `database` knows of the customers of `store`'s desk."""
        self._store, self._database, self._vectors = store, database, vectors
        self._clock = clock
        self._lease = Lease(store.spotter_leadership, replica, what="the look-out")
        self._history: History | None = None

    async def run(self) -> None:
        """Look whenever this replica leads, for ever."""
        await self._lease.lead(self._watch)

    async def _watch(self) -> None:
        while True:
            try:
                await self.step()
            except (StoreUnavailable, ArchiveUnavailable, BotUnavailable) as error:
                logger.warning("cannot look for what is unusual for now: %s", error)
            await asyncio.sleep(EVERY_S)

    async def step(self) -> list[Json]:
        """Look once; return the hints that hang on the floor now.

        Raises:
            StoreUnavailable, ArchiveUnavailable, BotUnavailable: what stands on the floor stays.
        """
        now_ms = self._clock.now_ms()
        asked = await questions_between(
            self._database, now_ms - HOUR_MS, now_ms + 1, limit=MOST_ASKED
        )
        spikes: list[Spike] = []
        if len({question.conversation_id for question in asked}) >= FEWEST:
            past = await self._past(now_ms)
            texts = [question.text for question in (*asked, *past)]
            vectors = await self._vectors.of(texts)
            spikes = await asyncio.to_thread(
                find_spikes,
                asked,
                vectors[: len(asked)],
                past=past,
                past_vectors=vectors[len(asked) :],
            )
        return await self._hang(spikes, now_ms=now_ms)

    async def _past(self, now_ms: int) -> Sequence[Question]:
        """Return what was asked in hours like this one, the most alike first, until enough."""
        known = self._history
        if known is None or now_ms - known.read_ms >= HISTORY_EVERY_MS:
            found: dict[tuple[str, int], Question] = {}
            for from_ms, until_ms in _hours_like(now_ms):
                if len(found) >= ENOUGH:
                    break
                for question in await questions_between(
                    self._database, from_ms, until_ms, limit=OF_ONE_HOUR
                ):
                    found[question.conversation_id, question.at_ms] = question
            self._history = known = History(now_ms, tuple(found.values()))
        return known.questions

    async def _hang(self, spikes: Sequence[Spike], *, now_ms: int) -> list[Json]:
        before = await self._store.hints.read()
        hints = [_hint(spike, before, now_ms=now_ms) for spike in spikes]
        await self._store.hints.write(hints)
        if [(hint["id"], hint["count"]) for hint in hints] != [
            (hint["id"], hint["count"]) for hint in before
        ]:
            await self._store.signals.send(HINTS, {})
        return hints


def _hours_like(now_ms: int) -> list[tuple[int, int]]:
    """Return spans of time, ms: the same hour of other weeks, of other days, then the last day."""
    backs = [7 * DAY_MS * weeks for weeks in range(1, WEEKS + 1)]
    backs += [DAY_MS * days for days in range(1, DAYS)]
    hours = [(now_ms - back - HOUR_MS, now_ms - back) for back in backs]
    day = [(now_ms - HOUR_MS * (n + 1), now_ms - HOUR_MS * n) for n in range(1, 24)]
    return [*hours, *day]


def _hint(spike: Spike, before: Sequence[Json], *, now_ms: int) -> Json:
    """Write what the floor shows; a spike that goes on keeps its name."""
    names = set(spike.conversation_ids)
    same = (
        hint["id"]
        for hint in before
        if len(names & set(hint["conversation_ids"])) >= SAME_SHARE * len(hint["conversation_ids"])
    )
    first = hashlib.sha256(spike.question.conversation_id.encode()).hexdigest()[:12]
    return {
        "id": next(same, first),
        "question": spike.question.text,
        "language": spike.question.language,
        "words": list(spike.words),
        "count": len(names),
        "usual": round(spike.usual, 2),
        "minutes": max(1, round((now_ms - spike.since_ms) / 60_000)),
        "conversation_ids": list(spike.conversation_ids[:NAMED]),
    }
