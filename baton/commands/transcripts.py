"""`baton transcripts`: conversations as files."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TextIO

import click

from baton.commands.account import data_option
from baton.commands.history import existing_history, sql_option
from handoff_service.archive.database import open_database
from handoff_service.archive.errors import ArchiveError
from handoff_service.archive.transcripts import closed_transcripts

#: Said on stderr after this many conversations, so that a long export shows that it lives.
PROGRESS_EVERY = 1000


@click.group("transcripts")
def group() -> None:
    """Read conversations from the history; the service need not run."""


@group.command("export")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    required=True,
    help="Closed at this time (UTC) or later.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of stdout."
)
@data_option
@sql_option
def export(*, since: datetime, out: Path | None, folder: Path, sql_url: str | None) -> None:
    """Write closed conversations as JSON lines: id, customer, messages, events, agent, rating.

    Times are milliseconds since the epoch. A file appears whole or not at all.
    """
    url = existing_history(folder, sql_url)
    since_ms = int(since.replace(tzinfo=timezone.utc).timestamp() * 1000)
    try:
        with _writing(out) as file:
            count = asyncio.run(_export(url, since_ms, file))
    except ArchiveError as error:
        raise click.ClickException(f"the history database cannot be used: {error}") from None
    except OSError as error:
        raise click.ClickException(f"{out or 'stdout'}: {error.strerror}") from None
    click.echo(f"{count} conversations", err=True)


async def _export(sql_url: str, since_ms: int, file: TextIO) -> int:
    database = await open_database(sql_url)
    count = 0
    try:
        async for transcript in closed_transcripts(database, since_ms=since_ms):
            file.write(json.dumps(transcript.to_json(), ensure_ascii=False) + "\n")
            count += 1
            if count % PROGRESS_EVERY == 0:
                click.echo(f"{count} …", err=True)
    finally:
        await database.close()
    return count


@contextmanager
def _writing(out: Path | None) -> Iterator[TextIO]:
    """Write beside, then rename: nobody finds half a file, and an interrupt leaves none."""
    if out is None:
        yield sys.stdout
        return
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            yield file
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
