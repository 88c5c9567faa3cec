"""`baton bench reports`: how fast the section Reports answers."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from baton.client.machine import machine

#: What 19 of 20 questions, and of downloads, must stay below, in milliseconds.
MAX_P95_MS = 1000
#: What a conversation takes on the disk, with its pages, in bytes.
BYTES_EACH = 1500


@click.command("reports")
@click.option(
    "--conversations", type=click.IntRange(1000, 5_000_000), default=100_000, show_default=True
)
@click.option(
    "--naive",
    type=click.IntRange(100, 100_000),
    default=2_000,
    show_default=True,
    help="Conversations with their events, for plain SQL beside it.",
)
@click.option("--repeat", type=click.IntRange(1, 50), default=3, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(conversations: int, naive: int, repeat: int, *, as_json: bool) -> None:
    """Time what a dashboard asks over a year of CONVERSATIONS, in a private SQLite database.

    Each question of its page, by day, hour, agent, topic, article and so on, with and without
    filters; whole pages (up to five questions); and downloads of all numbers at once. Exit 1: of
    questions or downloads more than one in 20 takes over a second. A million conversations take
    some minutes and 1.5 GB.
    """
    from baton.bench.reports import measure_reports

    with TemporaryDirectory(prefix="baton-reports-") as folder:
        free = shutil.disk_usage(folder).free
        if free < conversations * BYTES_EACH:
            raise click.UsageError(
                f"{conversations * BYTES_EACH / 1e9:.1f} GB are needed in {folder},"
                f" {free / 1e9:.1f} GB are free: set TMPDIR, or give fewer --conversations"
            )
        figures = asyncio.run(
            measure_reports(
                Path(folder),
                conversations=conversations,
                naive=naive,
                repeat=repeat,
                say=lambda words: click.echo(words, err=True),
            )
        )
    fits = all(figures[name]["p95_ms"] <= MAX_P95_MS for name in ("questions", "downloads"))
    figures = {"machine": machine()} | figures | {"budget_p95_ms": MAX_P95_MS, "fits": fits}
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        for name, value in figures.items():
            click.echo(f"{name:<16} {json.dumps(value)}")
    if not fits:
        raise SystemExit(1)
