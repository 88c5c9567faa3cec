"""`baton learn simulate`: a quarter of customers, one reviewer with little time, real learning."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import click

from baton.commands.folders import data_option, model_dir
from baton.launcher.system import RASA_PYTHON, ROOT
from kb_index.errors import KbError
from learning.errors import LearningError
from learning.nlu_evaluation import read_labelled
from learning.quarter.figure import draw
from learning.quarter.setting import outside_of, quarter_in
from learning.quarter.weeks import Order, Quarter
from learning.quarter.world import Shape, make_world
from learning.training import Project

#: When a quarter begins: any Monday, the same for all.
BEGINS_MS = 1_767_571_200_000


@click.command("simulate")
@click.option(
    "--dataset",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="CSV of what customers say: columns text (or utterance) and intent.",
)
@click.option("--weeks", type=click.IntRange(1, 52), default=12, show_default=True)
@click.option("--customers", type=click.IntRange(20, 5000), default=400, show_default=True)
@click.option("--questions", type=click.IntRange(1, 500), default=50, show_default=True)
@click.option(
    "--order",
    "orders",
    type=click.Choice(get_args(Order)),
    multiple=True,
    default=("baton", "random"),
    show_default=True,
    help="In which order the reviewer looks at what was asked; each lives the same quarter.",
)
@click.option("--seed", "seeds", type=int, multiple=True, default=(1,), show_default=True)
@click.option(
    "--mistaken", type=click.FloatRange(0, 1), default=0.0, help="Share of wrong answers."
)
@click.option("--bad-week", type=int, help="A week in which two known intents are confused.")
@click.option("--figure", type=click.Path(dir_okay=False, path_type=Path), help="An SVG to write.")
@click.option("--json", "as_json", is_flag=True, help="Print all weeks as JSON.")
@data_option
def simulate(
    data_dir: Path,
    dataset: Path,
    *,
    weeks: int,
    customers: int,
    questions: int,
    orders: tuple[Order, ...],
    seeds: tuple[int, ...],
    mistaken: float,
    bad_week: int | None,
    figure: Path | None,
    as_json: bool,
) -> None:
    """Show what reviewing is worth: a bot that knows a third of the intents learns week by week.

    Everything but the people is real: understanding, grouping, order of review, writing, training,
    judging, going live. Takes about a minute a week and order.
    """
    source = Project(ROOT, RASA_PYTHON, model_dir(data_dir), data_dir / "rasa" / "models")
    shape = Shape(weeks=weeks, customers=customers)
    started = time.monotonic()
    runs: list[dict[str, Any]] = []
    try:
        labelled = read_labelled(dataset)
        for seed in seeds:
            world = make_world(labelled, outside_of(source), shape, seed=seed)
            bad = {bad_week: _swap(sorted(world.known))} if bad_week else {}
            for order in orders:
                options = {
                    "order": order,
                    "seed": seed,
                    "questions": questions,
                    "mistaken": mistaken,
                    "bad_weeks": bad,
                }
                runs.append(
                    {
                        "order": order,
                        "seed": seed,
                        "weeks": asyncio.run(_live(source, world, options)),
                    }
                )
    except (LearningError, KbError) as error:
        raise click.ClickException(str(error)) from error
    if figure is not None:
        figure.write_text(draw("Understood, by week", _lines(runs, "understood")), "utf-8")
    if as_json:
        seconds = round(time.monotonic() - started)
        click.echo(json.dumps({"dataset": dataset.name, "runs": runs, "seconds": seconds}))
        return
    for run in runs:
        click.echo(
            f"{run['order']}, seed {run['seed']}: week contained understood accuracy intents"
        )
        for week in run["weeks"]:
            click.echo(
                f"  {week['week']:>3} {week['contained']:>9.3f} {week['understood']:>10.3f} "
                f"{week['accuracy']:>8.3f} {week['intents']:>7} {week['state']}"
            )


async def _live(source: Project, world: Any, options: dict[str, Any]) -> list[dict[str, Any]]:
    def say(line: str) -> None:
        click.echo(f"{options['order']} {options['seed']}: {line}", err=True)

    with tempfile.TemporaryDirectory(prefix="baton-quarter-") as folder:
        async with quarter_in(Path(folder), source, world, say=say) as tools:
            quarter = Quarter(world=world, tools=tools, begins_ms=BEGINS_MS, say=say, **options)
            return [asdict(week) for week in await quarter.run()]


def _swap(known: list[str]) -> dict[str, str]:
    return {known[0]: known[1], known[1]: known[0]}


def _lines(runs: list[dict[str, Any]], what: str) -> dict[str, list[list[float]]]:
    found: dict[str, list[list[float]]] = {}
    for run in runs:
        found.setdefault(run["order"], []).append([week[what] for week in run["weeks"]])
    return found
