"""`baton learn mask`: put marks in the place of what tells of a person; measure how well."""

from __future__ import annotations

import json
from pathlib import Path

import click

from baton.launcher.system import ROOT
from learning.errors import InputBroken
from learning.personal.evaluation import LOCALES, below_bar, evaluate, lines_of
from learning.personal.masking import mask as mask_text

#: Invented sentences, labelled.
SENTENCES = ROOT / "data" / "eval" / "personal"


@click.command("mask")
@click.option(
    "--language", type=click.Choice(LOCALES), default="en", show_default=True, help="Of the text."
)
@click.option(
    "--name", "names", multiple=True, help="Of somebody who is known to speak; may be repeated."
)
@click.option("--evaluate", "measures", is_flag=True, help="Measure on labelled sentences instead.")
@click.option(
    "--sentences",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=SENTENCES,
    help="Folder of labelled sentences, one file a language.  [default: Baton's own]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def mask(
    language: str, names: tuple[str, ...], sentences: Path, *, measures: bool, as_json: bool
) -> None:
    """Mask stdin, line by line, as everything is masked that the bot learns from.

    With --evaluate: how much of what is labelled is found (recall), and how much of what is masked
    is labelled (precision), by language and kind; exit code 1 when a language is below the bar.
    """
    if measures:
        _measure(sentences, as_json=as_json)
        return
    for line in click.open_file("-", encoding="utf-8"):
        masked = mask_text(line.rstrip("\n"), language=language, names=names)
        told = {"text": masked.text, "counts": masked.counts}
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else masked.text)


def _measure(folder: Path, *, as_json: bool) -> None:
    try:
        found = evaluate(folder)
    except InputBroken as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for line in lines_of(found):
            click.echo(line)
    if problems := below_bar(found):
        for problem in problems:
            click.echo(problem, err=True)
        raise SystemExit(1)
