"""Keeps the candidate of the split that goes on answering, and ends the split when it harms."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveError
from handoff_service.archive.learning import splits
from handoff_service.archive.learning.splits import Split
from learning.splitting.engines import Engine, Place, check_place, engine_of
from learning.splitting.errors import SplitRefused
from learning.splitting.outcomes import standing_of

logger = logging.getLogger(__name__)

#: How often it is looked after, in seconds, and how often both bots are compared.
LOOK_S = 1.0
COMPARE_S = 15.0
#: Who serves a candidate says so this often, in ms: well below what it may be silent.
KEEP_MS = splits.KEEPER_MS // 4
#: A candidate that does not answer so long (s) after the first start never will.
START_S = 180.0
#: Conversations that begin so long (ms) after the candidate answers are divided: by then every
#: replica of the service, which looks every two seconds, knows of the split.
LEAD_MS = 5_000
#: What served a split is kept so long (s) after its end: turns that are on the way are answered,
#: and replicas that have not heard of the end do not have to fall back.
GRACE_S = 4.0
#: Who ends a split by itself.
ITSELF = "service"


class SplitKeeper:
    """One a process that learns; of several, one serves the candidate."""

    def __init__(
        self,
        database: Database,
        place: Place,
        *,
        make: Callable[[Place, Split], Engine] = engine_of,
        now_ms: Callable[[], int] = lambda: int(time.time() * 1000),
    ) -> None:
        """`make` makes what serves a candidate."""
        self._database = database
        self._place = place
        self._make = make
        self._now_ms = now_ms
        self._id = splits.new_split_id()
        self._serving: tuple[str, Engine] | None = None
        self._kept_ms = 0
        self._since_s = 0.0
        self._compared_s = 0.0
        self._told: tuple[str | None, str] | None = None

    async def run(self) -> None:
        """Look after splits, for ever; what was started ends with it."""
        try:
            while True:
                try:
                    await self.step()
                except ArchiveError as error:
                    logger.warning("splits cannot be looked after for now: %s", error)
                await asyncio.sleep(LOOK_S)
        finally:
            with contextlib.suppress(ArchiveError):
                if self._serving is not None:
                    await splits.leave_split(self._database, self._serving[0], self._id)
            await self._let_go()

    async def step(self) -> None:
        """Look once. Raises ArchiveUnavailable."""
        split = await splits.open_split(self._database)
        if self._serving is not None and (split is None or self._serving[0] != split.split_id):
            await asyncio.sleep(GRACE_S)
            await self._let_go()
        if split is None:
            return
        if not await self._keep(split):
            await self._let_go()  # another process serves it
            return
        if await self._is_over(split):
            return
        await self._serve(split)
        if split.started_ms is not None and time.monotonic() - self._compared_s > COMPARE_S:
            self._compared_s = time.monotonic()
            await self._compare(split)

    async def _keep(self, split: Split) -> bool:
        now_ms = self._now_ms()
        if self._serving is not None and now_ms - self._kept_ms < KEEP_MS:
            return True
        self._kept_ms = now_ms
        return await splits.keep_split(self._database, split.split_id, self._id, now_ms=now_ms)

    async def _serve(self, split: Split) -> None:
        if self._serving is None:
            try:
                check_place(self._place, split)
            except SplitRefused as error:
                await self._end(split, "failed", problem=str(error))
                return
            self._since_s = time.monotonic()
            await self._note(split, url=None, problem="the candidate starts")
            self._serving = split.split_id, self._make(self._place, split)
        engine = self._serving[1]
        try:
            why = await engine.tend()
        except OSError as error:
            why = f"it cannot be started: {error}"
        await self._note(split, url=None if why else engine.url, problem=why)
        if why and split.state == "starting" and time.monotonic() - self._since_s > START_S:
            await self._end(split, "failed", problem=why)

    async def _note(self, split: Split, *, url: str | None, problem: str) -> None:
        if self._told == (url, problem):
            return
        if problem:
            logger.warning("split %s: %s", split.split_id, problem)
        await splits.note_engine(
            self._database,
            split.split_id,
            url=url,
            problem=problem,
            from_ms=self._now_ms() + LEAD_MS,
        )
        self._told = url, problem

    async def _is_over(self, split: Split) -> bool:
        """End a split whose live bot is another by now: it compares with nothing any more."""
        live = self._place.project.current()
        if live is None or live.name == split.live_model:
            return False
        await self._end(split, "promoted" if live.name == split.model else "live_changed")
        return True

    async def _compare(self, split: Split) -> None:
        standing = await standing_of(self._database, split)
        told = standing.to_json(split, at_ms=self._now_ms())
        await splits.note_verdict(self._database, split.split_id, told)
        if standing.is_worse:
            await self._end(split, "worse")

    async def _end(self, split: Split, why: str, *, problem: str = "") -> None:
        logger.warning("split %s ends by itself: %s %s", split.split_id, why, problem)
        await splits.end_split(
            self._database,
            split.split_id,
            why=why,
            actor=ITSELF,
            now_ms=self._now_ms(),
            problem=problem,
        )

    async def _let_go(self) -> None:
        serving, self._serving, self._told = self._serving, None, None
        if serving is not None:
            await serving[1].stop()
