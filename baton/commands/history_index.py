"""`baton history index`: make conversations searchable that were there before the inbox was."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from baton.commands.folders import data_option
from baton.commands.history import existing_history, sql_option


@click.group("history")
def group() -> None:
    """Look after the history of conversations."""


@group.command("index")
@data_option
@sql_option
def index(data_dir: Path, sql_url: str | None) -> None:
    """Make every conversation of the history searchable in the inbox.

    Conversations from before version 0.7 are listed at once, but found by their words only after
    this. It may run while the system serves, be stopped, and run again. Needed once.
    """
    from handoff_service.archive.errors import ArchiveMisconfigured, ArchiveUnavailable

    url = existing_history(data_dir, sql_url)
    try:
        done = asyncio.run(_index(url))
    except (ArchiveMisconfigured, ArchiveUnavailable) as error:
        raise click.ClickException(f"the history cannot be used: {error}") from error
    click.echo(f"{done} conversations made searchable")


async def _index(sql_url: str) -> int:
    from handoff_service.archive.database import open_database
    from handoff_service.archive.indexing import count_unprepared, index_history

    database = await open_database(sql_url)
    try:
        total = await count_unprepared(database)
        with click.progressbar(length=total, label="conversations") as bar:
            return await index_history(database, on_batch=bar.update)
    finally:
        await database.close()
