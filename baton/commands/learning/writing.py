"""`baton learn preview` and `apply`: what was accepted becomes files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from baton.commands.learning.running import (
    data_option,
    do,
    json_option,
    project_option,
    sql_option,
)

#: What counts are called, in the order of telling.
WORDS = {
    "examples": "phrases to train on",
    "held_out": "phrases kept to judge by",
    "intents": "new intents",
    "questions": "questions pinned to articles",
    "drafts": "drafts of articles",
    "known": "there already",
    "left_out": "mostly masked, left out",
}


@click.command("preview")
@data_option
@sql_option
@project_option
@click.option("--onto", help="Branch to begin at, or HEAD.  [default: the latest that waits]")
@json_option
def preview(
    data_dir: Path, sql_url: str | None, root: Path, onto: str | None, *, as_json: bool
) -> None:
    """Show as a diff what writing all that was accepted would change; no file is touched."""
    args = {"onto": onto} if onto else {}
    do("preview", args, data_dir=data_dir, sql_url=sql_url, root=root, as_json=as_json, show=_diff)


@click.command("apply")
@data_option
@sql_option
@project_option
@click.option("--onto", help="Branch to begin at, or HEAD.  [default: the latest that waits]")
@click.option("--discard", help="Take back a branch that waits, or a backup, instead.")
@json_option
def apply(
    data_dir: Path,
    sql_url: str | None,
    root: Path,
    onto: str | None,
    discard: str | None,
    *,
    as_json: bool,
) -> None:
    """Write what was accepted: a commit on a branch, or files with a backup where there is no git.

    The checked-out files of a git checkout are not touched.
    """
    if onto and discard:
        raise click.UsageError("--onto and --discard exclude each other")
    given = {"onto": onto, "discard": discard}
    args = {name: value for name, value in given.items() if value}
    do("apply", args, data_dir=data_dir, sql_url=sql_url, root=root, as_json=as_json, show=_written)


def _diff(result: dict[str, Any]) -> None:
    for file in result["files"]:
        click.echo(file["diff"], nl=False)
    if not result["files"]:
        click.echo("nothing to write")
    _told(result)


def _written(result: dict[str, Any]) -> None:
    if "discarded" in result:
        click.echo(f"{result['discarded']} is gone; {result['reopened']} decisions wait again")
        return
    if "branch" in result:
        click.echo(f"branch {result['branch']}, commit {result['commit'][:10]}")
    elif "backup" in result:
        click.echo(f"written; the old files: backup {result['backup']}")
    else:
        click.echo("nothing to write")
    for path in result["files"]:
        click.echo(f"  {path}")
    _told(result)


def _told(result: dict[str, Any]) -> None:
    """Say how much it is, and what could not be done, beside the result."""
    for name, word in WORDS.items():
        if count := result.get("counts", {}).get(name):
            click.echo(f"{count} {word}", err=True)
    for problem in result.get("problems", ()):
        click.echo(f"not written: {problem['detail']}", err=True)
