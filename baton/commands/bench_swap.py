"""`baton bench swap`: what customers notice while the bot changes its model."""

import json
from pathlib import Path
from typing import Any

import click
import uvloop

from baton.bench.swap import measure_swaps
from baton.client.address import address_options, find_secret, find_url, wrong_use
from baton.client.errors import ClientError
from baton.client.machine import machine
from baton.launcher.data_dir import DataDir
from baton.launcher.system import CannotRun
from bot.serve import current_model
from learning.errors import SwapFailed


@click.command("swap")
@click.option("--customers", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--turns", type=click.IntRange(1, 10_000), default=60, show_default=True)
@click.option("--swaps", type=click.IntRange(2, 1000), default=6, show_default=True)
@address_options
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(
    customers: int, turns: int, swaps: int, url: str | None, folder: Path, *, as_json: bool
) -> None:
    """Change the model of the running bot to and fro while customers ask.

    Each of the customers asks TURNS questions in peace and as many while the model is exchanged
    (exit 1: a turn was not answered, twice, out of order, late or with an apology). At the end the
    model serves again that served before.
    """
    data = DataDir(folder)
    try:
        running, model = data.running(), current_model(folder.resolve())
        if running is None or model is None:
            raise CannotRun(
                f"no system runs from {folder}. Remedy: start it with make run, or give --data"
            )
        figures = uvloop.run(
            measure_swaps(
                find_url(url, folder),
                f"http://127.0.0.1:{running['ports']['rasa']}",
                token=data.secrets()["rasa_token"],
                model=model,
                secret=find_secret(folder),
                customers=customers,
                turns=turns,
                swaps=swaps,
            )
        )
    except (ClientError, CannotRun, SwapFailed, OSError) as error:
        raise wrong_use(error) from None
    _print(figures | {"customers": customers, "machine": machine()}, as_json=as_json)
    if figures["wrong"] or figures["before"]["errors"] or figures["during"]["errors"]:
        raise SystemExit(1)


def _print(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(figures, indent=1))
        return
    for name, value in figures.items():
        click.echo(f"{name:18} {value}")
