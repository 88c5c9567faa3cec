"""`baton bench kb`: how fast the knowledge base is at a given size."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from baton.commands.folders import data_option, model_dir


@click.command("kb")
@click.option("--chunks", type=click.IntRange(1000, 5_000_000), default=10_000, show_default=True)
@click.option("--hard", is_flag=True, help="Draw vectors whose nearest ones are hard to find.")
@data_option
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the index there; the next run only measures.  [default: build it and throw it away]",
)
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(chunks: int, data_dir: Path, work: Path | None, *, hard: bool, as_json: bool) -> None:
    """Time embedding, and searches in an index of CHUNKS synthetic chunks.

    Words are drawn as in real help centres; vectors in clusters, or with --hard as scattered as
    real ones (docs/scale.md). Embedding is measured next to sentence-transformers on torch, where
    that is installed. A million chunks take some 15 minutes and 7 GB of disk.
    """
    from kb_index.bench.run import BYTES_PER_CHUNK, measure
    from kb_index.errors import KbError

    model = model_dir(data_dir)
    try:
        name = f"bench-{'hard' if hard else 'clustered'}-{chunks}"
        with _folder(data_dir, work, name=name) as folder:
            require_room(folder, chunks * BYTES_PER_CHUNK)
            figures = measure(folder, model, n=chunks, hard=hard, report=_report)
    except (KbError, RuntimeError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        for name, value in flatten(figures):
            click.echo(f"{name:56} {value}")


def flatten(figures: dict[str, Any], *, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the figures as one list, each under its whole name: "memory.index_open.own_mib"."""
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from flatten(value, prefix=f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def require_room(
    folder: Path, needed: int, *, remedy: str = "give another folder with --work, or fewer --chunks"
) -> None:
    """Refuse, by click.UsageError, a folder with less room than the bytes that are needed."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise click.UsageError(
            f"{needed / 1e9:.1f} GB are needed in {folder}, {free / 1e9:.1f} GB are free: {remedy}"
        )


@contextmanager
def _folder(data_dir: Path, work: Path | None, *, name: str) -> Iterator[Path]:
    if work is not None:
        folder = work / name
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"{name}-", dir=data_dir) as folder_name:
        yield Path(folder_name)


def _report(doing: str) -> None:
    click.echo(doing, err=True)
