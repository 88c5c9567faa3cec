"""`baton model`: make the embedding model that serving reads."""

from __future__ import annotations

import json
import logging
import os
import time
from pathlib import Path

import click

from baton.commands import model_tune, model_use
from baton.commands.folders import cache_dir, data_option
from kb_index.errors import KbError


@click.group("model")
def group() -> None:
    """Make the embedding model ready for serving, and better for one's own articles."""


group.add_command(model_tune.command)
group.add_command(model_use.command)


@group.command("export")
@click.argument("source", default="bundled")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for exported models.  [default: the data folder's models/]",
)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def export(source: str, out: Path | None, data_dir: Path, *, as_json: bool) -> None:
    """Export an embedding model to int8 ONNX and make it the current one.

    SOURCE is `bundled` (multilingual-e5-small, rebuilt offline), the folder of a
    sentence-transformers model, or its name on the model hub (owner/name).
    Nothing is done when the same model was exported before. A model tuned from it stays in use.
    """
    from kb_index.export.exporter import export_model
    from kb_index.export.sources import find_source

    _quiet_libraries()
    started = time.monotonic()

    def report(step: str) -> None:
        click.echo(f"[{time.monotonic() - started:5.1f} s] {step}", err=True)

    try:
        exported = export_model(
            find_source(source), out or cache_dir(data_dir) / "models", report=report
        )
    except KbError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(
            json.dumps(
                {
                    "folder": str(exported.folder),
                    "fingerprint": exported.fingerprint,
                    "made": exported.made,
                    "seconds": round(time.monotonic() - started, 2),
                }
            )
        )
    else:
        state = "exported to" if exported.made else "already exported:"
        click.echo(f"{state} {exported.folder} (fingerprint {exported.fingerprint})")


def _quiet_libraries() -> None:
    """Keep progress bars and advice of the model libraries off the terminal."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    logging.getLogger("transformers").setLevel(logging.ERROR)
