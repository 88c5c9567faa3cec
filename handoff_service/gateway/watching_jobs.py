"""Tells maintainers' pages how far long work is: another process does it and writes it down."""

import asyncio
import logging

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.learning.jobs import last_change_ms
from handoff_service.gateway.watching import Watching

logger = logging.getLogger(__name__)

#: How often it is looked, while anybody watches, in seconds.
LOOK_S = 1.0


async def watch_jobs(watching: Watching, database: Database) -> None:
    """Look for ever."""
    known_ms = 0
    while True:
        await asyncio.sleep(LOOK_S)
        if not watching.is_watched("learning"):
            continue
        try:
            changed_ms = await last_change_ms(database)
        except ArchiveUnavailable:
            logger.warning("how far long work is cannot be read for now")
            continue
        if changed_ms != known_ms:
            known_ms = changed_ms
            watching.note_learning()
