"""`baton model use`: put an exported model in use, with the index and the Rasa model it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click

from baton.commands.folders import articles_option, cache_dir, data_option
from baton.launcher.data_dir import DataDir
from kb_index.errors import KbError


@click.command("use")
@click.argument("name")
@articles_option
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(name: str, articles_dir: Path, data_dir: Path, *, as_json: bool) -> None:
    """Put the model in the folder NAME in use; the same command takes it back.

    Then the index is built and the Rasa model trained with it, or only made current again where
    that was done before. If either fails, everything is put back. A running Baton answers all the
    time, and from the new index after a restart.
    """
    before = put_in_use(name, articles_dir, data_dir)
    running = DataDir(data_dir).running() is not None
    if as_json:
        click.echo(
            json.dumps({"model": name, "before": before, "restart": running}, ensure_ascii=False)
        )
        return
    click.echo(f"{name} is in use")
    if before not in ("", name):
        click.echo(f"to take it back: baton model use {before}")
    if running:
        click.echo("restart Baton (Ctrl-C, `baton up`) to answer with it")


def put_in_use(name: str, articles_dir: Path, data_dir: Path) -> str:
    """Put the model in use, build the index and train; return the name of the one before.

    Raises:
        click.ClickException: a step failed; the model before is in use again.
    """
    from kb_index.export import in_use

    if os.environ.get("BATON_MODEL_DIR"):
        raise click.UsageError(
            "BATON_MODEL_DIR names the model, whatever is in use. Remedy: unset it, or point it "
            "at the folder of the model yourself, then run `baton kb build` and `baton train`"
        )
    models_dir = cache_dir(data_dir) / "models"
    try:
        replaced = in_use.put_in_use(models_dir, name)
    except KbError as error:
        raise click.ClickException(str(error)) from error
    done = False
    try:
        _follow_up(articles_dir, data_dir)
        done = True
    finally:  # also after Ctrl-C
        if not done and replaced.before not in ("", name):
            in_use.put_in_use(models_dir, replaced.before)
            click.echo(f"{replaced.before} is in use again", err=True)
            _run("kb", "build", "--kb", str(articles_dir), data_dir=data_dir)
    return replaced.before


def _follow_up(articles_dir: Path, data_dir: Path) -> None:
    for step in (("kb", "build", "--kb", str(articles_dir)), ("train",)):
        if _run(*step, data_dir=data_dir):
            raise click.ClickException(
                f"`baton {' '.join(step)}` failed with the new model; the one before is put back"
            )


def _run(*words: str, data_dir: Path) -> int:
    """Run another command of ours, its words passed through to stderr; return its exit code."""
    environment = os.environ | {"BATON_DATA_DIR": str(data_dir.resolve())}
    return subprocess.run(
        [sys.executable, "-m", "baton", *words], env=environment, stdout=sys.stderr, check=False
    ).returncode
