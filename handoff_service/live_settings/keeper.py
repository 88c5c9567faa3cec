"""Keeps what holds in this process in step with what people have saved."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.setting_versions import current_numbers, history
from handoff_service.hours import Hours
from handoff_service.live import Live
from handoff_service.live_settings.areas import Area, Areas
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.proactive import FirstWords
from handoff_service.replies.catalogue import Replies
from handoff_service.routing.needs import RoutingRules
from handoff_service.sites import Sites
from handoff_service.store.signals import Signal, Signals
from handoff_service.yaml_nodes import Unreadable, Unusable

logger = logging.getLogger(__name__)

#: Kind of the signal by which a change is told to every replica.
SETTINGS = "settings"
#: The database is asked so often all the same, in seconds: a signal may be lost, and `baton
#: settings` writes to the database even when no service runs. One look at an index of few rows.
LOOK_EVERY_S = 2.0
#: So many versions are tried, the latest first, when the one that holds cannot be used here.
TRIED_VERSIONS = 20


@dataclass(slots=True)
class _Held:
    """One area as this process has it."""

    area: Area[Any]  # each of another type; `live` is of the same
    live: Live[Any]
    version: int = 0  #: what stands here; 0: the file
    looked_at: int = 0  #: the newest version that was tried
    problem: str = ""  #: why that one does not stand


class SettingsKeeper:
    """Reads what was saved, and lets it hold.

    The truth is in SQL. While it is away, or holds what this release cannot read, the last that
    could be used stands.
    """

    def __init__(self, areas: Areas, *, from_files: bool) -> None:
        """Begin with the files; `from_files`: stay with them."""
        self.areas = areas
        self.from_files = from_files
        self._held = {area.name: _Held(area, Live(area.parse(area.first[0]))) for area in areas}
        self._changed = asyncio.Event()

    @property
    def hours(self) -> Live[Hours]:
        """When people are on duty."""
        return self._held["hours"].live

    @property
    def routing(self) -> Live[RoutingRules]:
        """Who gets which conversation."""
        return self._held["routing"].live

    @property
    def sites(self) -> Live[Sites]:
        """The websites that show the widget."""
        return self._held["sites"].live

    @property
    def proactive(self) -> Live[FirstWords]:
        """What they say first."""
        return self._held["proactive"].live

    @property
    def desk(self) -> Live[DeskRules]:
        """How long things take."""
        return self._held["desk"].live

    @property
    def replies(self) -> Live[Replies]:
        """What agents need not write anew."""
        return self._held["replies"].live

    def standing(self, name: str) -> int:
        """Return which version of an area holds here; 0: the file."""
        return self._held[name].version

    @property
    def problems(self) -> dict[str, str]:
        """Return why the newest version does not hold here, by area."""
        return {name: held.problem for name, held in self._held.items() if held.problem}

    def note_signal(self, signal: Signal) -> None:
        """Hear that another replica has saved something. Returns at once."""
        if signal.kind == SETTINGS:
            self._changed.set()

    async def spread(self, database: Database, signals: Signals) -> None:
        """Let what was just saved hold here, and tell the other replicas.

        Raises ArchiveUnavailable, StoreUnavailable: then they see it when they look next.
        """
        await self.read(database)
        await signals.send(SETTINGS, {})

    async def read(self, database: Database) -> None:
        """Let hold what was saved last. Raises ArchiveUnavailable."""
        if self.from_files:
            return
        numbers = await current_numbers(database)
        for name, number in numbers.items():
            held = self._held.get(name)
            if held is not None and held.looked_at != number:
                await self._take(database, held)
                held.looked_at = number

    async def run(self, database: Database) -> None:
        """Stay in step, for ever."""
        while True:
            self._changed.clear()
            try:
                await self.read(database)
            except ArchiveUnavailable:
                logger.warning("settings cannot be read for now; the last known ones stand")
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._changed.wait()
            except TimeoutError:
                pass

    async def _take(self, database: Database, held: _Held) -> None:
        """Let the newest version hold that can be used here; what stands is one of them."""
        held.problem = ""
        for version in await history(database, held.area.name, TRIED_VERSIONS):
            if held.problem and version.version == held.version:
                return
            try:
                value = await asyncio.to_thread(held.area.parse, version.document)
            except (Unusable, Unreadable) as error:
                problem = str(error)
            else:
                held.version = version.version
                held.live.become(value)
                logger.info("settings: version %d of %s holds", version.version, held.area.name)
                return
            if not held.problem:
                held.problem = f"version {version.version} cannot be used here: {problem}"
                logger.error("settings: %s, %s", held.area.name, held.problem)
