"""`baton learn promote`, `rollback` and `history`: what serves, what served, and who decided."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from baton.commands.learning.running import (
    data_option,
    do,
    json_option,
    project_option,
    run,
    sql_option,
)
from baton.launcher.data_dir import DataDir
from baton.launcher.system import ROOT
from handoff_service.archive.learning.candidates import Release, list_releases
from learning.jobs.tools import Tools


@click.command("promote")
@click.argument("candidate_id")
@click.option("--force", is_flag=True, help="Let it go live though the gate refused it.")
@click.option("--note", help="Why; needed with --force, and kept in the audit trail.")
@project_option
@data_option
@sql_option
@json_option
def promote(
    candidate_id: str,
    note: str | None,
    root: Path,
    data_dir: Path,
    sql_url: str | None,
    *,
    force: bool,
    as_json: bool,
) -> None:
    """Let CANDIDATE_ID serve, model and index; a running Baton takes it without losing a turn.

    Its branch is merged into the one that is checked out, where that touches nothing unsaved.
    """
    if force and not note:
        raise click.UsageError("--force needs --note: say why, for those who come after")
    go_live(
        candidate_id,
        force=force,
        note=note or "",
        data_dir=data_dir,
        sql_url=sql_url,
        root=root,
        as_json=as_json,
    )


def go_live(
    candidate_id: str,
    *,
    data_dir: Path,
    sql_url: str | None,
    root: Path,
    as_json: bool,
    force: bool = False,
    note: str = "",
) -> None:
    """Do what `baton learn promote` does."""
    name_running(data_dir)
    args = {"candidate_id": candidate_id, "force": force, "note": note}
    do(
        "promote",
        args,
        data_dir=data_dir,
        sql_url=sql_url,
        root=root,
        as_json=as_json,
        show=show_release,
    )


@click.command("rollback")
@project_option
@data_option
@sql_option
@json_option
def rollback(root: Path, data_dir: Path, sql_url: str | None, *, as_json: bool) -> None:
    """Let serve again what served before, model and index; once more, and the one before that."""
    name_running(data_dir)
    do(
        "rollback",
        {},
        data_dir=data_dir,
        sql_url=sql_url,
        root=root,
        as_json=as_json,
        show=show_release,
    )


@click.command("history")
@data_option
@sql_option
@json_option
def history(data_dir: Path, sql_url: str | None, *, as_json: bool) -> None:
    """List what went live and what was taken back, the latest first: when, by whom, why."""

    async def read(tools: Tools) -> list[Release]:
        return list(await list_releases(tools.database))

    found: list[Release] = run(read, data_dir, sql_url, ROOT)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        at = datetime.fromtimestamp(one.at_ms / 1000, timezone.utc)
        what = one.action if one.state == "done" else f"{one.action} ({one.state})"
        models = f"{_name(one.before_model)} → {_name(one.model)}"
        click.echo(f"{at:%Y-%m-%d %H:%M}  {what:10}  {models}  {one.actor}  {one.candidate_id}")
        if one.index_version != one.before_index:
            click.echo(f"    index {one.before_index} → {one.index_version}")
        if one.note:
            click.echo(f"    {one.note}")
        for reason in one.overruled:
            click.echo(f"    overruled: {reason['text']}")


def name_running(data_dir: Path) -> None:
    """Tell the job which Rasa runs on this data folder, if one does."""
    data = DataDir(data_dir)
    record = data.running()
    if record is not None:
        os.environ["BATON_RASA_URL"] = f"http://127.0.0.1:{record['ports']['rasa']}"
        os.environ["BATON_RASA_TOKEN"] = data.secrets()["rasa_token"]


def show_release(result: dict[str, Any]) -> None:
    """Print what serves from now on."""
    where = "serves" if result["running"] else "will serve from the next start on"
    click.echo(
        f"model {_name(result['model'])} {where}, in place of {_name(result['before_model'])}"
    )
    if result["index_version"] != result["before_index"]:
        click.echo(f"index {result['index_version']} in place of {result['before_index']}")
    if result["merge"]:
        click.echo("The branch could not be merged as it is. Settle what is in the way, then:")
        click.echo(f"  {result['merge']}")


def _name(model: str) -> str:
    return model.partition(".")[0] or "(none)"
