"""`baton learn split`: let a candidate answer a share of new conversations, and compare."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from baton.commands.learning.releases import name_running, show_release
from baton.commands.learning.running import (
    data_option,
    do,
    json_option,
    project_option,
    run,
    sql_option,
)
from handoff_service.archive.learning.splits import Split, latest_split
from learning.jobs.tools import Tools


@click.group("split")
def split() -> None:
    """Let a candidate answer a share of new conversations, beside the live bot."""


@split.command("start")
@click.argument("candidate_id")
@click.option(
    "--share",
    type=click.FloatRange(0.01, 0.9),
    default=0.2,
    show_default=True,
    help="Of the new conversations.",
)
@data_option
@sql_option
@json_option
def start(
    candidate_id: str, share: float, data_dir: Path, sql_url: str | None, *, as_json: bool
) -> None:
    """Begin: returns once the candidate answers (exit 1: it does not).

    The system must run: its process that learns starts a second Rasa. A conversation stays with its
    bot for as long as the split goes on; what the candidate cannot answer, the live bot answers in
    the same turn. The split ends by itself when the candidate is worse for certain.
    """
    args = {"candidate_id": candidate_id, "share": share}
    do("split_start", args, data_dir=data_dir, sql_url=sql_url, as_json=as_json, show=_show)


@split.command("stop")
@click.option("--promote", is_flag=True, help="The candidate goes live first.")
@project_option
@data_option
@sql_option
@json_option
def stop(root: Path, data_dir: Path, sql_url: str | None, *, promote: bool, as_json: bool) -> None:
    """End the split that goes on: the live bot answers everybody again."""
    name_running(data_dir)
    do(
        "split_stop",
        {"promote": promote},
        data_dir=data_dir,
        sql_url=sql_url,
        root=root,
        as_json=as_json,
        show=_show_end,
    )


@split.command("show")
@data_option
@sql_option
@json_option
def show(data_dir: Path, sql_url: str | None, *, as_json: bool) -> None:
    """Tell of the split that goes on, else of the last one: both bots, and what is certain."""

    async def act(tools: Tools) -> Split | None:
        return await latest_split(tools.database)

    found: Split | None = run(act, data_dir, sql_url)
    if as_json:
        click.echo(json.dumps(asdict(found) if found else None, ensure_ascii=False))
    elif found is None:
        click.echo("there was never a split")
    else:
        _show(asdict(found))


def _show_end(ended: dict[str, Any]) -> None:
    if ended["released"]:
        show_release(ended["released"])
    _show(ended)


def _show(found: dict[str, Any]) -> None:
    ended = f": {found['ended_why']}" if found["ended_why"] else ""
    click.echo(f"{found['split_id']} {found['state']}{ended}")
    click.echo(f"{found['candidate_id']} ({found['model']}) answers {found['share']:.0%}")
    if found["problem"]:
        click.echo(found["problem"])
    told = found["verdict"]
    for arm in told.get("arms", ()):
        click.echo(
            f"{arm['arm']:<10} {arm['contained']} of {arm['conversations']} contained, "
            f"{arm['csat_good']} of {arm['csat_answers']} content"
        )
    for name, said in told.get("verdict", {}).items():
        if said["difference"] is not None:
            interval = f"[{said['low']:+.1%}, {said['high']:+.1%}]"
            click.echo(f"{name:<12} {said['difference']:+.1%} {interval} {said['decided']}")
