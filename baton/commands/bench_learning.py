"""`baton bench learning`: how fast the review queue opens over a long history."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

import click

#: What the queue, its filters and a decision may take (ms, p95).
MAX_MS = 1000.0


@click.command("learning")
@click.option("--turns", type=click.IntRange(1000, 10_000_000), default=100_000, show_default=True)
@click.option("--rounds", type=click.IntRange(3, 1000), default=20, show_default=True)
@click.option(
    "--sql-url", help="An empty database, such as PostgreSQL; an SQLite file of its own otherwise."
)
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
@click.pass_context
def command(
    ctx: click.Context, turns: int, rounds: int, sql_url: str | None, *, as_json: bool
) -> None:
    """Time the review queue over TURNS that customers asked, and the grouping of new ones.

    Beside it stands the queue as it would be if it were worked out at every opening. Exit code 1:
    opening, filtering or deciding took over a second at p95.
    """
    from baton.bench.learning import measure_learning
    from baton.client.machine import machine

    with tempfile.TemporaryDirectory() as folder:
        url = sql_url or f"sqlite+aiosqlite:///{folder}/history.db"
        with click.progressbar(length=turns, label="turns", file=sys.stderr) as bar:
            figures = asyncio.run(
                measure_learning(
                    url, turns=turns, rounds=rounds, folder=Path(folder), told=bar.update
                )
            )
    if as_json:
        told = {"machine": machine(), "turns": turns, "figures": figures}
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        for name, found in (figures["queue"] | figures).items():
            if name != "queue":
                told_of = "  ".join(f"{key} {value}" for key, value in found.items())
                click.echo(f"{name:20} {told_of}")
    slow = [
        name
        for name, found in figures["queue"].items()
        if name != "naive open" and found.get("p95_ms", 0.0) > MAX_MS
    ]
    if slow:
        click.echo(f"too slow: {', '.join(slow)}", err=True)
        ctx.exit(1)
