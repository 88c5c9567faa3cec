"""`baton train`: train the Rasa model from data/ and config.yml and make it serve."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from baton.commands.folders import data_option, model_dir
from baton.launcher.data_dir import DataDir
from baton.launcher.system import RASA_PYTHON, ROOT
from kb_index.errors import KbError
from learning.candidates.gate import Reason
from learning.candidates.judging import judge_content
from learning.candidates.phrases import note_phrases
from learning.errors import LearningError
from learning.live import swap
from learning.training import Project, make_current, train


@click.command("train")
@click.option(
    "--no-check", is_flag=True, help="Go live without a comparison with the model before."
)
@click.option(
    "--force", is_flag=True, help="Train even when nothing changed; go live even if worse."
)
@click.option("--keep-live", is_flag=True, help="End with 0, not 1, when it is refused.")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(data_dir: Path, *, no_check: bool, force: bool, keep_live: bool, as_json: bool) -> None:
    """Train the Rasa model; a running Baton serves it at once, unless it understands worse.

    Skipped when config.yml, bot/domain, bot/components, data/ and the embedding model are what the
    current model was trained from, and when somebody promoted or took back another model since.
    The new model is compared with the current one by the rules of data/gate.yml, as far as phrases
    tell (`baton learn candidate` asks conversations, too); a worse one is kept and does not serve.
    """
    started = time.monotonic()
    data = DataDir(data_dir)
    project = Project(ROOT, RASA_PYTHON, model_dir(data_dir), data.rasa_models)
    if not RASA_PYTHON.exists():
        raise click.ClickException("the environment .venv-rasa is missing. Remedy: make setup")
    try:
        file, old = project.model_file(), project.current()
        left = project.is_left(file) and not force
        trained = not left and (force or not file.exists())
        if trained:
            train(project, file, say=_say)
        reasons: list[Reason] = []
        if not left:
            note_phrases(ROOT, file)
        if not (left or no_check) and old not in {None, file}:
            reasons = _judge(project, old=old, new=file)
        refused = bool(reasons) and not force
        live = "unchanged"
        if not (left or refused) and (trained or file != old):
            live = _make_live(data, file, old)
            make_current(project, file)
    except (LearningError, KbError) as error:
        raise click.ClickException(str(error)) from error
    for reason in reasons:
        click.echo(f"{'REFUSED' if refused else 'OVERRULED'}: {file.name}: {reason.text}", err=True)
    result = {
        "model": str(old if left else file),
        "trained": trained,
        "live": "refused" if refused else live,
        "reasons": [reason.as_json() for reason in reasons],
        "seconds": round(time.monotonic() - started, 2),
    }
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        _show(result, file=file, old=old, left=left)
    if refused and not keep_live:
        sys.exit(1)


def _judge(project: Project, *, old: Path | None, new: Path) -> list[Reason]:
    _say("comparing it with the model that serves …")

    async def tell(line: str) -> None:
        if line:
            _say(line)

    return asyncio.run(judge_content(project, base=old, candidate=new, tell=tell))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _show(result: dict[str, Any], *, file: Path, old: Path | None, left: bool) -> None:
    if left and old is not None:
        click.echo(
            f"Rasa model {old.name} serves by somebody's choice; what the folder holds makes "
            f"{file.name}. To let that serve: baton train --force"
        )
    elif result["live"] == "refused" and old is not None:
        click.echo(
            f"Rasa model {file.name} understands worse than {old.name}, which stays.\n"
            "Mend the phrases and train again, or train with --force."
        )
    elif result["live"] == "unchanged":
        click.echo(f"Rasa model {file.name} is up to date")
    else:
        click.echo(f"Rasa model {file.name} is current ({result['live']}), {result['seconds']} s")


def _make_live(data: DataDir, file: Path, old: Path | None) -> str:
    """Hand the model to the Rasa that runs on this data folder, if one does."""
    running = data.running()
    if running is None:
        return "no system is running"
    url = f"http://127.0.0.1:{running['ports']['rasa']}"
    swap(url, token=data.secrets()["rasa_token"], new=file, old=old)
    return "serving"
