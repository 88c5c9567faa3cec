"""`baton model tune`: fit the embedding model to the site's own words, if that makes it better."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baton.commands import kb_sources, model_use
from baton.commands.folders import articles_option, cache_dir, data_option, eval_option, model_dir
from baton.launcher.data_dir import DataDir
from kb_index.errors import KbError
from kb_index.locales import LOCALES

if TYPE_CHECKING:
    from kb_index.tuning.tuning import Tuned
    from kb_index.tuning.votes import Vote


@click.command("tune")
@click.argument("source", default="bundled")
@articles_option
@click.option(
    "--source",
    "more",
    multiple=True,
    metavar="PATH|URL",
    help="Read these articles too, as for `kb build`.",
)
@click.option("--locale", type=click.Choice(LOCALES), help="Locale of --source.  [default: told]")
@click.option("--skip-broken", is_flag=True, help="Leave broken articles out instead of refusing.")
@click.option(
    "--votes",
    "votes_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Votes, one {"query", "article_id", "locale"} a line.  [default: those in the history]',
)
@eval_option
@click.option("--activate", is_flag=True, help="Put a better model in use, as `baton model use`.")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    source: str,
    articles_dir: Path,
    data_dir: Path,
    *,
    more: tuple[str, ...],
    locale: str | None,
    skip_broken: bool,
    votes_file: Path | None,
    eval_dir: Path,
    activate: bool,
    as_json: bool,
) -> None:
    """Tune the model SOURCE to the articles, and keep the result only if it is better.

    It learns from titles, headings, pinned questions and helpful votes of 70 % of the articles;
    the others, and the golden questions, judge it against the model in use. A better model is left
    beside the one in use and named. Ends with 0 when it is better, 1 when it is not.
    """
    from kb_index.embedding import Embedder
    from kb_index.export.sources import find_source
    from kb_index.golden import read_golden
    from kb_index.tuning.tuning import Site, require_libraries, tune

    started = time.monotonic()

    def report(step: str) -> None:
        click.echo(f"[{time.monotonic() - started:5.1f} s] {step}", err=True)

    try:
        require_libraries()
        gathered = kb_sources.gather(
            articles_dir, data_dir, more=more, locale=locale or "", skip_broken=skip_broken
        )
        votes = _votes(votes_file, data_dir)
        report(f"{len(gathered.articles)} articles, {len(votes)} votes")
        tuned = tune(
            Site(gathered.articles, tuple(votes), tuple(read_golden(eval_dir))),
            find_source(source),
            cache_dir(data_dir) / "models",
            in_use=Embedder.load(model_dir(data_dir)),
            report=report,
            on_step=_on_step,
        )
    except KbError as error:
        raise click.ClickException(str(error)) from error
    seconds = round(time.monotonic() - started, 1)
    if as_json:
        click.echo(json.dumps({**tuned.as_json(), "seconds": seconds}, ensure_ascii=False))
    else:
        _show(tuned, seconds=seconds)
    if tuned.exported is None:
        sys.exit(1)
    if activate:
        model_use.put_in_use(tuned.exported.folder.name, articles_dir, data_dir)


def _votes(file: Path | None, data_dir: Path) -> list[Vote]:
    from kb_index.tuning.votes import read_votes

    if file is not None:
        return read_votes(file)
    if not (data_dir / "baton.db").exists():
        return []
    return asyncio.run(_votes_of_history(DataDir(data_dir).sql_url))


async def _votes_of_history(sql_url: str) -> list[Vote]:
    from handoff_service.archive.database import open_database
    from handoff_service.archive.errors import ArchiveError
    from handoff_service.archive.votes import votes_on_answers
    from kb_index.tuning.votes import Vote

    try:
        database = await open_database(sql_url)
    except ArchiveError as error:
        raise click.ClickException(
            f"the history database cannot be used: {error}. Remedy: name a file with --votes"
        ) from None
    try:
        return [
            Vote(one.query or "", one.article_id, one.locale, one.helpful)
            async for one in votes_on_answers(database, since_ms=0)
        ]
    finally:
        await database.close()


def _on_step(done: int, steps: int, loss: float) -> None:
    if done == steps or done % 10 == 0:
        click.echo(f"learning {done}/{steps}, loss {loss:.3f}", err=True)


def _show(tuned: Tuned, *, seconds: float) -> None:
    result = tuned.as_json()
    for what, name in (
        ("names of held-back articles", "held_back"),
        ("golden questions", "golden"),
    ):
        if result[name] and result[name]["before"]["n"]:
            before, after = result[name]["before"], result[name]["after"]
            click.echo(f"{what}, {before['n']} questions")
            for measure in ("recall_at_1", "recall_at_5", "mrr_at_10"):
                click.echo(f"  {measure:12} {before[measure]:.4f} → {after[measure]:.4f}")
    if tuned.exported is None:
        click.echo(f"not better, nothing was changed ({seconds} s):")
        for reason in tuned.verdict.reasons:
            click.echo(f"  {reason}")
        return
    name = tuned.exported.folder.name
    click.echo(f"better (p = {tuned.verdict.p:.4f}): {tuned.exported.folder} ({seconds} s)")
    click.echo(f"to put it in use: baton model use {name}")
