"""`baton kb`: build the index of the articles, and measure retrieval."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baton.commands import (
    kb_calibrate,
    kb_evaluate,
    kb_gate,
    kb_report,
    kb_sources,
    releasing,
)
from baton.commands.folders import articles_option, cache_dir, data_option, model_dir
from baton.commands.releasing import GateOptions, gate_options
from kb_index.errors import KbError
from kb_index.locales import LOCALES

if TYPE_CHECKING:
    from kb_index.articles import Article
    from kb_index.build import Built
    from kb_index.embedding import Embedder
    from kb_index.golden import GoldenQuestion
    from kb_index.plan import Plan
    from kb_index.release import Release


@dataclass(frozen=True, slots=True)
class Done:
    """What a build made, and what became of it."""

    built: Built
    release: Release

    def gate(self) -> dict[str, Any]:
        """Return what the gate found, as printed."""
        verdict = self.release.verdict
        return {
            "reasons": list(self.release.reasons),
            "unchecked": self.release.unchecked,
            "check": verdict.as_json() if verdict else None,
        }


@click.group("kb")
def group() -> None:
    """Build and measure the knowledge base."""


group.add_command(kb_calibrate.command)
group.add_command(kb_evaluate.command)
group.add_command(kb_gate.check)
group.add_command(kb_gate.list_versions)
group.add_command(kb_report.command)
group.add_command(kb_gate.rollback)


@group.command("build")
@articles_option
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
@gate_options
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def build(
    articles_dir: Path,
    data_dir: Path,
    gate: GateOptions,
    *,
    more: tuple[str, ...],
    locale: str | None,
    skip_broken: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Build the index of the articles and make it live, unless it answers worse than the live one.

    Beside the folder of articles it reads what sources.yml in it names: files of other kinds,
    websites. Only changed chunks are embedded again. A running Baton answers from the new index at
    once. Both are asked the golden questions in the folder `eval` beside the articles; when the new
    index is refused the live one stays, and the command ends with 1.
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
        find_questions = partial(releasing.find_questions, gate.eval_dir, articles_dir)
        load_embedder = releasing.embedder_loader(data_dir)
        done = None
        if not (plan.up_to_date or dry_run):
            done = _build(
                articles,
                plan,
                find_questions(),
                gate=gate,
                data_dir=data_dir,
                load_embedder=load_embedder,
            )
        is_live = done.release.is_live if done else plan.up_to_date
        if is_live and not dry_run:
            kb_sources.remember(gathered, data_dir)
            kb_calibrate.calibrate_once(data_dir, find_questions, load_embedder=load_embedder)
    except KbError as error:
        raise click.ClickException(str(error)) from error
    result = {
        "version": plan.version,
        "up_to_date": plan.up_to_date,
        "articles": len(articles),
        "live": is_live,
        "embedded": done.built.embedded if done else 0,
        "changed": plan.changed,
        "dropped": plan.dropped,
        "left_out": gathered.left_out,
        "sources": [asdict(one) for one in summaries],
        "gate": done.gate() if done else None,
        "seconds": round(time.monotonic() - started, 2),
    }
    for problem in gathered.left_out:
        click.echo(f"left out: {problem}", err=True)
    for note in gathered.notes:
        click.echo(f"note: {note}", err=True)
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        _say(result, dry_run=dry_run)
        kb_sources.show(summaries)
    if not (is_live or dry_run or gate.keep_live):
        sys.exit(1)


def _say(result: dict[str, Any], *, dry_run: bool) -> None:
    """Print the result of a build; what was refused has been said."""
    if result["up_to_date"]:
        click.echo(f"index {result['version']} is up to date ({result['articles']} articles)")
    elif result["live"] or dry_run:
        click.echo(
            f"index {result['version']} {'would be' if dry_run else 'is'} live: "
            f"{result['articles']} articles, {len(result['changed'])} new or changed, "
            f"{len(result['dropped'])} dropped, {result['embedded']} chunks embedded, "
            f"{result['seconds']} s"
        )


def _build(
    articles: Sequence[Article],
    plan: Plan,
    questions: Sequence[GoldenQuestion],
    *,
    gate: GateOptions,
    data_dir: Path,
    load_embedder: Callable[[], Embedder],
) -> Done:
    from kb_index.build import build_version
    from kb_index.versions import one_build_at_a_time

    kb_dir, cache = data_dir / "kb", cache_dir(data_dir) / "kb"
    with one_build_at_a_time(kb_dir):
        built = build_version(
            articles,
            kb_dir,
            plan=plan,
            load_embedder=load_embedder,
            now_ms=releasing.now_ms(),
            reuse=[] if cache == kb_dir else [cache],
            progress=_progress,
        )
        release = releasing.release_version(
            data_dir, plan.version, questions, check=gate.check, load_embedder=load_embedder
        )
    return Done(built, release)


def _progress(done: int, total: int) -> None:
    """Show how far embedding is: one rewritten line on a terminal, plain lines otherwise."""
    if sys.stderr.isatty():
        click.echo(f"\rembedding {done}/{total}", err=True, nl=done == total)
    elif done == total or done % 320 == 0:
        click.echo(f"embedding {done}/{total}", err=True)
