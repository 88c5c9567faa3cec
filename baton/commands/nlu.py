"""`baton nlu`: measure how well intents are recognised."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import click

from baton.commands.folders import data_option, model_dir
from baton.launcher.data_dir import DataDir
from baton.launcher.system import RASA_PYTHON, ROOT
from kb_index.errors import KbError
from kb_index.locales import LOCALES
from learning.cross_validation import (
    as_markdown,
    cross_validate as run_cross_validation,
    read_phrases,
)
from learning.data_files import check_files
from learning.errors import LearningError
from learning.nlu_evaluation import evaluate as run_evaluation, read_labelled
from learning.training import Project

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("nlu")
def group() -> None:
    """Measure how well intents are recognised."""


@group.command("evaluate")
@click.option("--train", "train_files", type=_file, multiple=True, required=True)
@click.option("--test", "test_files", type=_file, multiple=True, required=True)
@click.option("--lang", "locale", type=click.Choice(LOCALES), help="Language of the texts.")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def evaluate(
    train_files: tuple[Path, ...],
    test_files: tuple[Path, ...],
    locale: str | None,
    data_dir: Path,
    *,
    as_json: bool,
) -> None:
    """Train on CSV files (text,intent), test on others, through Rasa with this project's pipeline.

    The intent `oos` marks out-of-scope texts. Either option may be given several times. With a
    column `language` in the test, the accuracy is told by language, too.
    """
    project = Project(ROOT, RASA_PYTHON, model_dir(data_dir), DataDir(data_dir).rasa_models)
    try:
        training = [example for file in train_files for example in read_labelled(file)]
        test = [example for file in test_files for example in read_labelled(file)]
        result = run_evaluation(
            project, training, test, locale=locale, say=lambda line: click.echo(line, err=True)
        )
    except (LearningError, KbError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(result))
        return
    for name, value in result.items():
        click.echo(f"{name:18} {value}")


@group.command("phrases")
@click.option("--lang", "locales", type=click.Choice(LOCALES), multiple=True, help="Only these.")
def phrases(locales: tuple[str, ...]) -> None:
    """Print the phrases of data/nlu as CSV (text,intent,language), for `baton nlu evaluate`."""
    try:
        check_files(ROOT / "data", ROOT / "bot" / "domain")
    except LearningError as error:
        raise click.ClickException(str(error)) from error
    table = csv.writer(sys.stdout)
    table.writerow(("text", "intent", "language"))
    for phrase in read_phrases(ROOT / "data" / "nlu"):
        if not locales or phrase.locale in locales:
            table.writerow((phrase.text, phrase.intent, phrase.locale))


@group.command("cross-validate")
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the shares as JSON.")
def cross_validate(folds: int, data_dir: Path, *, as_json: bool) -> None:
    """Test each phrase of data/nlu with a model that was trained on the other folds.

    Runs `rasa test nlu --cross-validation` and prints its result as Markdown tables: by language,
    by intent, and which intents are taken for one another.
    """
    project = Project(ROOT, RASA_PYTHON, model_dir(data_dir), DataDir(data_dir).rasa_models)
    try:
        check_files(ROOT / "data", ROOT / "bot" / "domain")
        result = run_cross_validation(
            project, folds=folds, say=lambda line: click.echo(line, err=True)
        )
    except (LearningError, KbError) as error:
        raise click.ClickException(str(error)) from error
    shares = {name: round(result.accuracy(name), 4) for name in result.locales()}
    click.echo(
        json.dumps(shares | {"all": round(result.accuracy(), 4)})
        if as_json
        else as_markdown(result)
    )
