"""`baton learn collect` and `turns`: what customers asked, out of the history, masked."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TextIO

import click

from baton.commands.learning.running import data_option, do, json_option, run, sql_option
from learning.collecting.export import write_lines
from learning.jobs.tools import Tools


@click.command("collect")
@click.option("--again", is_flag=True, help="Every closed conversation anew, not the new ones.")
@data_option
@sql_option
@json_option
def collect(data_dir: Path, sql_url: str | None, *, again: bool, as_json: bool) -> None:
    """Read closed conversations into turns, masked, and embed what was asked.

    A running system does it by itself, half a minute after a conversation is closed.
    """
    do(
        "collect",
        {"again": True} if again else {},
        data_dir=data_dir,
        sql_url=sql_url,
        as_json=as_json,
        show=_show,
    )


@click.command("turns")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Of this day (UTC) and later.  [default: all]",
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Of days (UTC) before this one.")
@click.option(
    "--out",
    type=click.File("w", encoding="utf-8", lazy=True, atomic=True),
    default="-",
    help="File of the lines.  [default: stdout]",
)
@data_option
@sql_option
def turns(
    since: datetime | None,
    until: datetime | None,
    out: TextIO,
    data_dir: Path,
    sql_url: str | None,
) -> None:
    """Write the collected turns as JSON lines, masked, the oldest first."""

    async def act(tools: Tools) -> int:
        return await write_lines(tools.database, out, since_ms=_ms(since) or 0, until_ms=_ms(until))

    count = run(act, data_dir, sql_url)
    click.echo(f"{count} turns", err=True)


def _ms(day: datetime | None) -> int | None:
    return int(day.replace(tzinfo=timezone.utc).timestamp() * 1000) if day else None


def _show(result: dict[str, Any]) -> None:
    masked = ", ".join(f"{kind} {count}" for kind, count in sorted(result["masked"].items()))
    click.echo(
        f"{result['conversations']} conversations, {result['turns']} turns, {result['asks']} of "
        f"them questions; {result['embedded']} phrases embedded; masked: {masked or 'nothing'}"
    )
