"""`baton kb evaluate`: measure how often, and how surely, the right article is found."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baton.commands.folders import cache_dir, data_option, model_dir
from kb_index.errors import KbError
from kb_index.locales import LOCALES

if TYPE_CHECKING:
    from kb_index.articles import Article
    from kb_index.evaluation import Evaluation, Question
    from kb_index.ranked_by import RankedBy

_WAYS = ("both", "meaning", "words", "rrf")
#: Questions of a locale that are made from headings.
_HEADINGS = 400


@click.command("evaluate")
@click.option(
    "--kb",
    "articles_dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of articles, <locale>/*.md, to measure with the questions of every language.",
)
@click.option(
    "--corpus",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Instead of --kb: articles, one {"id", "title", "text"} a line.',
)
@click.option(
    "--queries",
    type=click.Path(path_type=Path),
    help='Questions, one {"id", "question", "gold": [ids]} a line; no gold: unanswerable. '
    "A file for --corpus, a folder of <locale>.jsonl for --kb.  [default for --kb: eval beside it]",
)
@click.option(
    "--own-headings",
    is_flag=True,
    help="Instead of --queries: ask titles and headings of the articles, taken out of them.",
)
@click.option(
    "--lang",
    type=click.Choice(LOCALES),
    help="Locale of the corpus, guessed from its script if not given; with --kb: only this one.",
)
@click.option(
    "--by",
    type=click.Choice(_WAYS),
    default="both",
    show_default=True,
    help="Rank as the bot does, by vectors or BM25 alone, or by reciprocal-rank fusion of these.",
)
@click.option("--compare", is_flag=True, help="Rank in all four ways and print them side by side.")
@click.option(
    "--report",
    "report_dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write a page with plots and the worst questions into this folder.",
)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    articles_dir: Path | None,
    corpus: Path | None,
    queries: Path | None,
    lang: str | None,
    by: str,
    report_dir: Path | None,
    data_dir: Path,
    *,
    own_headings: bool,
    compare: bool,
    as_json: bool,
) -> None:
    """Measure how often the right article is found, and whether Baton knows.

    recall_at_k is the share of questions with a right article among the first k. With questions
    that no article answers it is also measured whether their confidence is lower.
    """
    from kb_index.embedding import Embedder
    from kb_index.evaluation import evaluate
    from kb_index.plan import NO_SYNONYMS
    from kb_index.ranked_by import RankedBy
    from kb_index.synonym_file import read_synonyms

    if report_dir and by != "both":
        raise click.UsageError("--report shows Baton's own ranking; leave --by out")
    ways = [RankedBy(way) for way in (_WAYS if compare else (by,))]
    try:
        articles, questions = _read_input(
            articles_dir, corpus, queries, lang=lang, own_headings=own_headings
        )
        _warn_of_lost(articles, questions)
        found = evaluate(
            articles,
            questions,
            embedder=Embedder.load(model_dir(data_dir)),
            ways=ways,
            synonyms=read_synonyms(articles_dir / "synonyms.yml") if articles_dir else NO_SYNONYMS,
            reuse=[data_dir / "kb", cache_dir(data_dir) / "kb"],
            progress=_progress,
        )
    except KbError as error:
        raise click.ClickException(str(error)) from error
    comparison = _comparison(found) if compare else {}
    shown = found[RankedBy(by)]
    if report_dir:
        _write_report(report_dir, found[RankedBy.BOTH], comparison, source=articles_dir or corpus)
    summaries = {
        one.locale: one.summary() | ({"compare": comparison[one.locale]} if compare else {})
        for one in shown
    }
    if as_json:
        result: Any = summaries if articles_dir else next(iter(summaries.values()))
        click.echo(json.dumps(result))
    else:
        for summary in summaries.values():
            _print(summary)


def _read_input(
    folder: Path | None,
    corpus: Path | None,
    queries: Path | None,
    *,
    lang: str | None,
    own_headings: bool,
) -> tuple[Sequence[Article], Mapping[str, Sequence[Question]]]:
    from kb_index.own_headings import ask_own_headings

    if (folder is None) == (corpus is None):
        raise click.UsageError("give either --kb or --corpus")
    if own_headings and queries:
        raise click.UsageError("give either --queries or --own-headings")
    if corpus and not (queries or own_headings):
        raise click.UsageError("--corpus needs --queries or --own-headings")
    if own_headings:
        return ask_own_headings(_read_articles(folder, corpus, lang=lang), most=_HEADINGS)
    if folder:
        return _read_folders(folder, queries or folder.parent / "eval", lang=lang)
    return _read_files(corpus, queries, lang=lang)


def _read_articles(
    folder: Path | None, corpus: Path | None, *, lang: str | None
) -> Sequence[Article]:
    from kb_index.articles import load_articles
    from kb_index.evaluation_files import read_corpus

    if folder is None:
        assert corpus  # noqa: S101 - checked by the command
        return read_corpus(corpus, locale=lang)
    loaded = load_articles(folder)
    loaded.require_clean()
    return [one for one in loaded.articles if lang in (None, one.locale)]


def _read_folders(
    folder: Path, queries: Path, *, lang: str | None
) -> tuple[Sequence[Article], Mapping[str, Sequence[Question]]]:
    from kb_index.evaluation_files import read_question_folder

    return _read_articles(folder, None, lang=None), read_question_folder(queries, locale=lang)


def _read_files(
    corpus: Path | None, queries: Path | None, *, lang: str | None
) -> tuple[Sequence[Article], Mapping[str, Sequence[Question]]]:
    from kb_index.evaluation_files import read_questions

    assert queries  # noqa: S101 - checked by the command
    articles = _read_articles(None, corpus, lang=lang)
    return articles, {articles[0].locale: read_questions(queries)}


def _warn_of_lost(articles: Sequence[Article], questions: Mapping[str, Sequence[Question]]) -> None:
    known = {article.id for article in articles}
    lost = sum(
        1 for asked in questions.values() for one in asked if one.gold and not one.gold & known
    )
    if lost:
        click.echo(f"{lost} questions name only articles that are not there", err=True)


def _comparison(
    found: Mapping[RankedBy, Sequence[Evaluation]],
) -> dict[str, dict[str, dict[str, float | None]]]:
    """Return the measures of ranking by way, by locale."""
    order = ("meaning", "words", "rrf", "both")
    by_way = {way.value: evaluations for way, evaluations in found.items()}
    return {
        locale: {way: by_way[way][number].found() for way in order}
        for number, locale in enumerate(one.locale for one in by_way["both"])
    }


def _write_report(
    folder: Path,
    evaluations: Sequence[Evaluation],
    comparison: Mapping[str, Mapping[str, Mapping[str, float | None]]],
    *,
    source: Path | None,
) -> None:
    from kb_index.report.page import write_report

    try:
        path = write_report(
            folder,
            evaluations,
            today=date.today(),  # noqa: DTZ011 - the reader's day
            title=f"How well {source} answers",
            comparison=comparison,
        )
    except OSError as error:
        raise click.ClickException(f"{folder}: the report cannot be written ({error})") from error
    click.echo(f"report: {path}", err=True)


def _print(summary: Mapping[str, Any], *, indent: str = "") -> None:
    for name, value in summary.items():
        if isinstance(value, dict):
            click.echo(f"{indent}{name}")
            _print(value, indent=f"{indent}  ")
        else:
            click.echo(f"{indent}{name:{max(15, 26 - len(indent))}} {value}")
    if not indent:
        click.echo()


def _progress(done: int, total: int) -> None:
    """Show how far embedding is: one rewritten line on a terminal, plain lines otherwise."""
    if sys.stderr.isatty():
        click.echo(f"\rembedding {done}/{total}", err=True, nl=done == total)
    elif done == total or done % 320 == 0:
        click.echo(f"embedding {done}/{total}", err=True)
