"""`baton kb`: build the index of the articles, and measure retrieval."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from baton.commands.folders import cache_dir, data_option, model_dir
from kb_index.errors import KbError


@click.group("kb")
def group() -> None:
    """Build and measure the knowledge base."""


@group.command("build")
@click.option(
    "--kb",
    "articles_dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/kb"),
    show_default=True,
    help="Folder of the articles, <locale>/*.md.",
)
@click.option("--skip-broken", is_flag=True, help="Leave broken articles out instead of refusing.")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def build(articles_dir: Path, data_dir: Path, *, skip_broken: bool, as_json: bool) -> None:
    """Build the index of the articles and make it live.

    Only changed chunks are embedded again. A running Baton answers from the new index at once.
    """
    from kb_index.articles import load_articles
    from kb_index.build import build_index
    from kb_index.embedding import Embedder, read_settings
    from kb_index.errors import ModelMissing

    started = time.monotonic()
    model, kb_dir, cache = model_dir(data_dir), data_dir / "kb", cache_dir(data_dir) / "kb"
    try:
        loaded = load_articles(articles_dir)
        if skip_broken:
            for problem in loaded.problems:
                click.echo(f"left out: {problem}", err=True)
        else:
            loaded.require_clean()
        if not (model / "model.json").is_file():
            raise ModelMissing(str(model), "model.json")
        built = build_index(
            loaded.articles,
            kb_dir,
            load_embedder=lambda: Embedder.load(model),
            model_fingerprint=read_settings(model).fingerprint,
            now_ms=int(time.time() * 1000),
            reuse=[] if cache == kb_dir else [cache],
            progress=_progress,
        )
    except KbError as error:
        raise click.ClickException(str(error)) from error
    seconds = round(time.monotonic() - started, 2)
    if as_json:
        left_out = [str(problem) for problem in loaded.problems]
        click.echo(json.dumps({**asdict(built), "left_out": left_out, "seconds": seconds}))
    elif built.fresh:
        click.echo(
            f"index {built.version} is live: {built.articles} articles, {built.chunks} chunks, "
            f"{built.embedded} embedded, {len(built.changed)} articles changed, "
            f"{len(built.dropped)} dropped ({seconds} s)"
        )
    else:
        click.echo(f"index {built.version} is up to date ({built.articles} articles)")


def _progress(done: int, total: int) -> None:
    """Show how far embedding is: one line that rewrites itself on a terminal, plain lines otherwise."""
    if sys.stderr.isatty():
        click.echo(f"\rembedding {done}/{total}", err=True, nl=done == total)
    elif done == total or done % 320 == 0:
        click.echo(f"embedding {done}/{total}", err=True)
