"""`baton kb`: build the index of the articles, and measure retrieval."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baton.commands import kb_gate, kb_report
from baton.commands.folders import cache_dir, data_option, model_dir
from kb_index.errors import KbError
from kb_index.locales import LOCALES

if TYPE_CHECKING:
    from kb_index.articles import Article
    from kb_index.plan import Plan


@click.group("kb")
def group() -> None:
    """Build and measure the knowledge base."""


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
@click.option("--skip-broken", is_flag=True, help="Leave broken articles out instead of refusing.")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def build(articles_dir: Path, data_dir: Path, *, skip_broken: bool, as_json: bool) -> None:
    """Build the index of the articles and make it live.

    Only changed chunks are embedded again. A running Baton answers from the new index at once.
    """
    from kb_index.articles import load_articles
    from kb_index.model_settings import read_settings
    from kb_index.plan import plan_build

    started = time.monotonic()
    model, kb_dir = model_dir(data_dir), data_dir / "kb"
    try:
        loaded = load_articles(articles_dir)
        if not skip_broken:
            loaded.require_clean()
        fingerprint = read_settings(model).fingerprint
        plan = plan_build(loaded.articles, kb_dir, model_fingerprint=fingerprint)
        embedded = 0 if plan.up_to_date else _build(loaded.articles, plan, data_dir=data_dir)
    except KbError as error:
        raise click.ClickException(str(error)) from error
    result = {
        "version": plan.version,
        "up_to_date": plan.up_to_date,
        "articles": len(loaded.articles),
        "embedded": embedded,
        "changed": plan.changed,
        "dropped": plan.dropped,
        "left_out": [str(problem) for problem in loaded.problems],
        "seconds": round(time.monotonic() - started, 2),
    }
    for problem in loaded.problems:
        click.echo(f"left out: {problem}", err=True)
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    elif plan.up_to_date:
        click.echo(f"index {plan.version} is up to date ({len(loaded.articles)} articles)")
    else:
        click.echo(
            f"index {plan.version} is live: {len(loaded.articles)} articles, "
            f"{len(plan.changed)} new or changed, {len(plan.dropped)} dropped, "
            f"{embedded} chunks embedded, {result['seconds']} s"
        )


@group.command("evaluate")
@click.option(
    "--corpus",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help='Articles, one {"id", "title", "text"} a line.',
)
@click.option(
    "--queries",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help='Questions, one {"id", "question", "gold": [ids]} a line; no gold: unanswerable.',
)
@click.option(
    "--lang",
    type=click.Choice(LOCALES),
    help="Locale of the corpus.  [default: guessed from its script]",
)
@click.option(
    "--by",
    type=click.Choice(["both", "meaning", "words"]),
    default="both",
    show_default=True,
    help="Rank as the bot does, or by one kind of evidence alone, to compare.",
)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def evaluate(
    corpus: Path, queries: Path, lang: str | None, by: str, data_dir: Path, *, as_json: bool
) -> None:
    """Measure how often, and how high, the right article is found.

    recall_at_k is the share of questions with a right article among the first k.
    """
    from kb_index import evaluation, fusion
    from kb_index.embedding import Embedder

    kinds = {"meaning": fusion.MEANING_ONLY, "words": fusion.WORDS_ONLY}
    try:
        articles = evaluation.read_corpus(corpus, locale=lang)
        questions = evaluation.read_questions(queries)
        known = {article.id for article in articles}
        lost = sum(1 for one in questions if one.gold and not one.gold & known)
        if lost:
            click.echo(f"{lost} questions name only articles that are not in {corpus}", err=True)
        embedder = Embedder.load(model_dir(data_dir))
        result = evaluation.evaluate(
            articles,
            questions,
            embedder=embedder,
            weights=kinds.get(by, fusion.ARTICLE_WEIGHTS),
            progress=_progress,
        )
    except KbError as error:
        raise click.ClickException(str(error)) from error
    summary = result.summary()
    if as_json:
        click.echo(json.dumps(summary))
    else:
        for name, value in summary.items():
            click.echo(f"{name:15} {value}")


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
