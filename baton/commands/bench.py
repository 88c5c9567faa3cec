"""`baton bench`: how fast a running system is, and the knowledge base by itself."""

import asyncio
import json
import sys
from pathlib import Path

import click

from baton.client.address import address_options, find_secret, find_url, wrong_use
from baton.client.errors import ClientError, Refused
from baton.client.load import ROOT, WARM_UP_TURNS, measure_turns, read_questions
from baton.commands import bench_kb, bench_kb_update


@click.group("bench")
def group() -> None:
    """Measure speed."""


group.add_command(bench_kb.command)
group.add_command(bench_kb_update.command)


@group.command("turn")
@click.option("--customers", type=click.IntRange(1, 5000), default=1, show_default=True)
@click.option("--turns", type=click.IntRange(1, 10_000), default=50, show_default=True)
@address_options
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def turn(customers: int, turns: int, url: str | None, folder: Path, *, as_json: bool) -> None:
    """Time a customer's message in → the bot's message out, on knowledge-base questions.

    Each of the customers asks TURNS questions, one after the other, in five languages by turns
    (exit 1: a turn was not answered).
    """
    total = customers * (turns + WARM_UP_TURNS)
    try:
        with click.progressbar(
            length=total, label="turns", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            figures = asyncio.run(
                measure_turns(
                    find_url(url, folder),
                    read_questions(ROOT),
                    customers=customers,
                    turns=turns,
                    secret=_secret(folder),
                    on_turn=lambda: bar.update(1),
                )
            )
    except (ClientError, ValueError) as error:
        raise wrong_use(error) from None
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        for name, value in figures.items():
            click.echo(f"{name:12} {value}")
    if figures["errors"]:
        raise SystemExit(1)


def _secret(folder: Path) -> str | None:
    try:
        return find_secret(folder)
    except Refused:
        click.echo("no secrets.json in --data: the rate limits of the system apply", err=True)
        return None
