"""`baton bench spikes`: how soon an outbreak of the same question is noticed, how often none is."""

import json
from pathlib import Path

import click

from baton.bench.spikes import Stream, false_share, outbreaks, read_rows
from baton.client.address import wrong_use
from baton.commands.folders import data_option, eval_option, model_dir
from kb_index.embedding import Embedder
from kb_index.errors import KbError


@click.command("spikes")
@data_option
@eval_option
@click.option("--rate", type=click.IntRange(5, 2000), default=60, show_default=True)
@click.option("--spike", type=click.IntRange(5, 2000), multiple=True, default=(12, 30))
@click.option("--hours", type=click.IntRange(1, 10_000), default=200, show_default=True)
@click.option("--outbreaks", "count", type=click.IntRange(1, 1000), default=30, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True)
def command(
    *,
    data_dir: Path,
    eval_dir: Path,
    rate: int,
    spike: tuple[int, ...],
    hours: int,
    count: int,
    seed: int,
) -> None:
    """Play customers' questions of data/eval in five languages, RATE an hour, and look for spikes.

    First quiet HOURS: which share of them raises a hint? Then, for each SPIKE, outbreaks of one
    topic with so many more customers an hour: how many are found within the hour, after how many
    minutes, and which share of the customers of the hint ask about it? JSON on stdout.
    """
    rows = read_rows(eval_dir)
    try:
        vectors = Embedder.load(model_dir(data_dir)).embed_queries(
            [row["question"] for row in rows]
        )
    except KbError as error:
        raise wrong_use(error) from None
    stream = Stream(rows, vectors, seed=seed)
    quiet = false_share(stream, rate=rate, hours=hours)
    found = {str(more): outbreaks(stream, rate=rate, spike=more, count=count) for more in spike}
    click.echo(json.dumps({"rate": rate, "hours": hours, "false": quiet, "outbreaks": found}))
