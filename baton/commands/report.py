"""`baton report`: any past number, worked out anew from the events."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from baton.commands.folders import data_option
from baton.commands.history import existing_history, sql_option

if TYPE_CHECKING:
    from handoff_service.archive.database import Database
    from handoff_service.hours import Hours

_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
_GROUPINGS = (
    "none", "day", "hour", "weekday", "language", "site", "team", "agent", "topic", "reason",
    "article", "index_version", "bot_release",
)  # fmt: skip


@click.group("report", invoke_without_command=True)
@click.option("--from", "since", type=_MOMENT, help="The first day, or moment, in --tz.")
@click.option("--to", "until", type=_MOMENT, help="The day, or moment, before which it ends.")
@click.option("--tz", default="UTC", show_default=True, help="Whose days: Europe/Berlin …")
@click.option("--by", type=click.Choice(_GROUPINGS), default="none", show_default=True)
@click.option("--filter", "filters", multiple=True, metavar="NAME:VALUE", help="language:ko …")
@click.option(
    "--hours-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Business hours.  [default: those set in the console, else data/business_hours.yml]",
)
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
@data_option
@sql_option
@click.pass_context
def group(
    context: click.Context,
    *,
    since: datetime | None,
    until: datetime | None,
    tz: str,
    by: str,
    filters: tuple[str, ...],
    hours_file: Path | None,
    data_dir: Path,
    sql_url: str | None,
    as_json: bool,
) -> None:
    """Work out the numbers of a time from the events alone, as the section Reports shows them.

    Slow and plain on purpose: it uses nothing that the service has counted, so that both can be
    compared. `baton report rebuild` counts everything anew.
    """
    if context.invoked_subcommand is not None:
        return
    if since is None or until is None:
        raise click.UsageError("--from and --to are needed: --from 2026-11-01 --to 2026-11-08")
    zone = _zone(tz)
    from_ms, to_ms = (_ms(moment, zone) for moment in (since, until))
    if from_ms >= to_ms:
        raise click.BadParameter("it must be after --from", param_hint="--to")
    asked = (from_ms, to_ms, zone, by, _filters(filters))
    url = existing_history(data_dir, sql_url)
    told = _run(_report(url, asked, hours_file))
    told = {"from_ms": from_ms, "to_ms": to_ms, "tz": tz, "by": by} | told
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for group_ in [{"key": "", "values": told["total"]}, *told["groups"]]:
        if group_["key"] or by == "none":
            click.echo(f"\n{group_['key'] or 'all'}")
            for name, figure in group_["values"].items():
                click.echo(f"  {name:<22} {_words(figure)}")


@group.command("rebuild")
@data_option
@sql_option
def rebuild(data_dir: Path, sql_url: str | None) -> None:
    """Count every conversation anew; the service may run meanwhile.

    Needed only when the numbers of the section Reports and those of `baton report` differ.
    """
    url = existing_history(data_dir, sql_url)
    click.echo(f"{_run(_rebuild(url))} conversations counted anew")


async def _report(
    url: str, asked: tuple[int, int, ZoneInfo, str, tuple[tuple[str, str], ...]], hours: Path | None
) -> dict[str, Any]:
    from handoff_service.archive.database import open_database
    from handoff_service.reports.question import Question
    from handoff_service.reports.slow import measure_slowly

    from_ms, to_ms, zone, by, filters = asked
    database = await open_database(url)
    try:
        question = Question(
            from_ms=from_ms,
            to_ms=to_ms,
            now_ms=int(time.time() * 1000),
            zone=zone,
            hours=await _hours(database, hours),
            by=by,
            filters=filters,
        )
        return await measure_slowly(database, question)
    finally:
        await database.close()


async def _rebuild(url: str) -> int:
    from handoff_service.archive.database import open_database
    from handoff_service.reports.counting import count_due, make_pages, note_all_due

    database = await open_database(url)
    try:
        total = await note_all_due(database)
        with click.progressbar(length=total, label="conversations") as bar:
            while count := await count_due(database):
                bar.update(count)
        while await make_pages(database, now_ms=int(time.time() * 1000), limit=100):
            pass
        return total
    finally:
        await database.close()


async def _hours(database: Database, chosen: Path | None) -> Hours:
    from handoff_service.archive.setting_versions import current
    from handoff_service.hours_file import find_hours, hours_of
    from handoff_service.live_settings.documents import nodes_of

    saved = None if chosen else await current(database, "hours")
    return find_hours(chosen) if saved is None else hours_of(nodes_of(saved.document))


def _run(work: Any) -> Any:  # a coroutine, and what it returns
    from handoff_service.archive.errors import ArchiveMisconfigured, ArchiveUnavailable
    from handoff_service.errors import HoursError

    try:
        return asyncio.run(work)
    except (ArchiveMisconfigured, ArchiveUnavailable) as error:
        raise click.ClickException(f"the history cannot be used: {error}") from error
    except HoursError as error:
        raise click.ClickException(str(error)) from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise click.BadParameter(
            f"{name!r} is no time zone; one is Europe/Berlin", param_hint="--tz"
        ) from None


def _filters(given: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for each in given:
        name, colon, value = each.partition(":")
        if not colon or name not in _GROUPINGS[4:]:
            raise click.BadParameter(
                f"{each!r}: expected {'|'.join(_GROUPINGS[4:])}, a colon and a value",
                param_hint="--filter",
            )
        pairs.append((name, value))
    return tuple(pairs)


def _ms(moment: datetime, zone: ZoneInfo) -> int:
    return round(moment.replace(tzinfo=zone).timestamp() * 1000)


def _words(figure: dict[str, Any]) -> str:
    value = "–" if figure["value"] is None else f"{figure['value']:g}"
    told = f"{value:>12}  of {figure['count']}"
    if "low" in figure:
        told += f"  ({figure['low']:g} to {figure['high']:g})"
    if parts := figure.get("parts"):
        told += "  " + " ".join(f"{name}={count}" for name, count in parts.items())
    return told
