"""`baton train`: train the Rasa model from data/ and config.yml and make it serve."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from baton.commands.folders import data_option, model_dir
from baton.launcher.data_dir import DataDir
from baton.launcher.system import RASA_PYTHON, ROOT
from kb_index.errors import KbError
from learning.errors import LearningError
from learning.live import swap
from learning.training import Project, make_current, train


@click.command("train")
@click.option("--force", is_flag=True, help="Train even when nothing changed.")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(data_dir: Path, *, force: bool, as_json: bool) -> None:
    """Train the Rasa model; a running Baton serves it at once.

    Skipped when config.yml, bot/domain, bot/components, data/ and the embedding model are what the
    current model was trained from. The old model serves until the new one answers.
    """
    started = time.monotonic()
    data = DataDir(data_dir)
    project = Project(ROOT, RASA_PYTHON, model_dir(data_dir), data.rasa_models)
    if not RASA_PYTHON.exists():
        raise click.ClickException("the environment .venv-rasa is missing. Remedy: make setup")
    try:
        file, old = project.model_file(), project.current()
        trained = force or not file.exists()
        if trained:
            train(project, file, say=lambda line: click.echo(line, err=True))
        live = _make_live(data, file, old) if trained or file != old else "unchanged"
        if live != "unchanged":
            make_current(project, file)
    except (LearningError, KbError) as error:
        raise click.ClickException(str(error)) from error
    result = {
        "model": str(file),
        "trained": trained,
        "live": live,
        "seconds": round(time.monotonic() - started, 2),
    }
    if as_json:
        click.echo(json.dumps(result))
    elif live == "unchanged":
        click.echo(f"Rasa model {file.name} is up to date")
    else:
        click.echo(f"Rasa model {file.name} is current ({live}), {result['seconds']} s")


def _make_live(data: DataDir, file: Path, old: Path | None) -> str:
    """Hand the model to the Rasa that runs on this data folder, if one does."""
    running = data.running()
    if running is None:
        return "no system is running"
    url = f"http://127.0.0.1:{running['ports']['rasa']}"
    swap(url, token=data.secrets()["rasa_token"], new=file, old=old)
    return "serving"
