"""`baton bench kb-update`: how soon a changed article is live."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

import click

from baton.commands.folders import data_option, model_dir

if TYPE_CHECKING:
    from kb_index.embedding import Embedder

#: What a run needs on disk: six versions of 7 kB a chunk.
_BYTES_PER_CHUNK = 42_000


@click.command("kb-update")
@click.option("--chunks", type=click.IntRange(100, 1_000_000), default=10_000, show_default=True)
@click.option("--questions", type=click.IntRange(0, 2000), default=200, show_default=True)
@click.option("--runs", type=click.IntRange(1, 50), default=5, show_default=True)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(chunks: int, questions: int, runs: int, data_dir: Path, *, as_json: bool) -> None:
    """Time `baton kb build` as a whole process, one article among CHUNKS chunks being changed.

    The articles are synthetic, in five languages; the vectors of the unchanged ones are drawn at
    random. Measured without and with asking the golden questions of both versions.
    """
    from baton.commands.bench_kb import flatten, require_room
    from kb_index.errors import KbError

    data_dir.mkdir(parents=True, exist_ok=True)
    require_room(data_dir, chunks * _BYTES_PER_CHUNK)
    try:
        with TemporaryDirectory(prefix="bench-", dir=data_dir) as name:
            figures = measure_update(
                Path(name).resolve(),
                model_dir(data_dir).resolve(),
                chunks=chunks,
                questions=questions,
                runs=runs,
                report=lambda line: click.echo(line, err=True),
            )
    except (KbError, RuntimeError) as error:
        raise click.ClickException(str(error)) from error
    figures["load_average"] = round(os.getloadavg()[0], 2)
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        for figure, value in flatten(figures):
            click.echo(f"{figure:56} {value}")


def measure_update(
    folder: Path,
    model: Path,
    *,
    chunks: int,
    questions: int,
    runs: int,
    report: Callable[[str], None],
) -> dict[str, Any]:
    """Build an index of synthetic articles in `folder`, then change an article `runs` times.

    Every run is a process: Python's start, reading all articles, loading the model, embedding what
    changed, writing, swapping. Without and with asking the golden questions; the first run with
    them also embeds them, and is left out. Times in seconds by the clock, and of the cores' work.

    Raises:
        KbError: the model or an index cannot be used.
        RuntimeError: a build did not make its version live.
    """
    from kb_index.articles import load_articles
    from kb_index.bench.site import CHUNKS_PER_ARTICLE, DrawnVectors, write_site
    from kb_index.build import build_index
    from kb_index.kept_readings import KeptReadings
    from kb_index.model_settings import read_settings
    from kb_index.plan import plan_build

    settings = read_settings(model)
    articles = write_site(folder, articles=chunks // CHUNKS_PER_ARTICLE, questions=questions)
    report(f"building an index of {articles} articles with random vectors")
    kb_dir = folder / "data" / "kb"
    loaded = load_articles(folder / "kb", kept=KeptReadings(kb_dir / "readings.json"))
    plan = plan_build(loaded.articles, kb_dir, model_fingerprint=settings.fingerprint)
    drawn = cast("Embedder", DrawnVectors(settings))
    started = time.perf_counter()
    built = build_index(
        loaded.articles, kb_dir, plan=plan, load_embedder=lambda: drawn, now_ms=1000
    )
    first_s = time.perf_counter() - started
    figures: dict[str, Any] = {
        "articles": articles,
        "chunks": built.chunks,
        "questions": questions,
        "first_build_without_embedding_s": round(first_s, 2),
    }
    for name, options, warm_up in (("build", ["--no-check"], 0), ("build_and_check", [], 1)):
        found = []
        for number in range(runs + warm_up):
            report(f"{name}: run {number + 1} of {runs + warm_up}")
            found.append(_change(folder, model, number, options))
        figures[name] = _summarise(found[warm_up:])
    return figures


def _change(folder: Path, model: Path, number: int, options: list[str]) -> dict[str, float]:
    from kb_index.bench.site import edit_article

    edit_article(folder, number)
    command = [sys.executable, "-m", "baton", "kb", "build", "--kb", str(folder / "kb"), "--json"]
    environment = os.environ | {
        "BATON_DATA_DIR": str(folder / "data"),
        "BATON_CACHE_DIR": str(folder / "data"),
        "BATON_MODEL_DIR": str(model),
    }
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(
        [*command, *options], env=environment, capture_output=True, text=True, check=False
    )
    seconds, after = time.perf_counter() - started, os.times()
    if done.returncode or not json.loads(done.stdout)["live"]:
        raise RuntimeError(f"the build did not go live: {done.stderr}")
    user = after.children_user - before.children_user
    return {"s": seconds, "core_s": user + after.children_system - before.children_system}


def _summarise(runs: list[dict[str, float]]) -> dict[str, Any]:
    return {
        "median_s": round(median(one["s"] for one in runs), 2),
        "median_core_s": round(median(one["core_s"] for one in runs), 2),
        "all_s": [round(one["s"], 2) for one in runs],
    }
