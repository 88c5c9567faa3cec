"""`baton kb`: build the index of the articles, and measure retrieval."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baton.commands import kb_evaluate, kb_gate, kb_report, kb_sources
from baton.commands.folders import cache_dir, data_option, model_dir
from kb_index.errors import KbError
from kb_index.locales import LOCALES

if TYPE_CHECKING:
    from kb_index.articles import Article
    from kb_index.plan import Plan


@click.group("kb")
def group() -> None:
    """Build and measure the knowledge base."""


group.add_command(kb_evaluate.command)
group.add_command(kb_gate.check)
group.add_command(kb_gate.list_versions)
group.add_command(kb_report.command)
group.add_command(kb_gate.rollback)


@group.command("build")
@click.option(
    "--kb",
    "articles_dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/kb"),
    show_default=True,
    help="Folder of the articles, <locale>/*.md.",
)
@click.option(
    "--source",
    "more",
    multiple=True,
    metavar="PATH|URL",
    help="Read this too, for this build only: a file, a folder, a start URL or a sitemap.",
)
@click.option("--locale", type=click.Choice(LOCALES), help="Locale of --source.  [default: told]")
@click.option("--skip-broken", is_flag=True, help="Leave broken articles out instead of refusing.")
@click.option("--dry-run", is_flag=True, help="Say what a build would change, and change nothing.")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def build(
    articles_dir: Path,
    data_dir: Path,
    *,
    more: tuple[str, ...],
    locale: str | None,
    skip_broken: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Build the index of the articles and make it live.

    Beside the folder of articles it reads what sources.yml in it names: files of other kinds,
    websites. Only changed chunks are embedded again. A running Baton answers from the new index at
    once.
    """
    from kb_index.model_settings import read_settings
    from kb_index.plan import plan_build
    from kb_index.synonym_file import read_synonyms

    started = time.monotonic()
    model, kb_dir = model_dir(data_dir), data_dir / "kb"
    try:
        gathered = kb_sources.gather(
            articles_dir, data_dir, more=more, locale=locale or "", skip_broken=skip_broken
        )
        articles = gathered.articles
        fingerprint = read_settings(model).fingerprint
        plan = plan_build(
            articles,
            kb_dir,
            model_fingerprint=fingerprint,
            synonyms=read_synonyms(articles_dir / "synonyms.yml"),
        )
        summaries = kb_sources.summarise(gathered, plan, data_dir)
        built = not (plan.up_to_date or dry_run)
        embedded = _build(articles, plan, data_dir=data_dir) if built else 0
        if not dry_run:
            kb_sources.remember(gathered, data_dir)
    except KbError as error:
        raise click.ClickException(str(error)) from error
    result = {
        "version": plan.version,
        "up_to_date": plan.up_to_date,
        "articles": len(articles),
        "embedded": embedded,
        "changed": plan.changed,
        "dropped": plan.dropped,
        "left_out": gathered.left_out,
        "sources": [asdict(one) for one in summaries],
        "seconds": round(time.monotonic() - started, 2),
    }
    for problem in gathered.left_out:
        click.echo(f"left out: {problem}", err=True)
    for note in gathered.notes:
        click.echo(f"note: {note}", err=True)
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    if plan.up_to_date:
        click.echo(f"index {plan.version} is up to date ({len(articles)} articles)")
    else:
        click.echo(
            f"index {plan.version} {'would be' if dry_run else 'is'} live: "
            f"{len(articles)} articles, {len(plan.changed)} new or changed, "
            f"{len(plan.dropped)} dropped, {embedded} chunks embedded, {result['seconds']} s"
        )
    kb_sources.show(summaries)


def _build(articles: Sequence[Article], plan: Plan, *, data_dir: Path) -> int:
    from kb_index.build import build_index
    from kb_index.embedding import Embedder

    kb_dir, cache = data_dir / "kb", cache_dir(data_dir) / "kb"
    built = build_index(
        articles,
        kb_dir,
        plan=plan,
        load_embedder=lambda: Embedder.load(model_dir(data_dir)),
        now_ms=int(time.time() * 1000),
        reuse=[] if cache == kb_dir else [cache],
        progress=_progress,
    )
    return built.embedded


def _progress(done: int, total: int) -> None:
    """Show how far embedding is: one rewritten line on a terminal, plain lines otherwise."""
    if sys.stderr.isatty():
        click.echo(f"\rembedding {done}/{total}", err=True, nl=done == total)
    elif done == total or done % 320 == 0:
        click.echo(f"embedding {done}/{total}", err=True)
