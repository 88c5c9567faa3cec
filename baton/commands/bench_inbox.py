"""`baton bench inbox`: how fast views and searches of the inbox are over a long history."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

import click

from baton.commands.folders import articles_option

#: What a page of a view, and of a search, may take (ms, p95).
MAX_VIEW_MS, MAX_SEARCH_MS = 100.0, 500.0


@click.command("inbox")
@click.option(
    "--conversations", type=click.IntRange(100, 10_000_000), default=100_000, show_default=True
)
@click.option(
    "--open", "still_open", type=click.IntRange(0, 100_000), default=10_000, show_default=True
)
@click.option("--messages", type=click.IntRange(1, 50), default=5, show_default=True)
@click.option("--rounds", type=click.IntRange(3, 1_000), default=20, show_default=True)
@click.option(
    "--sql-url", help="An empty database, such as PostgreSQL; an SQLite file of its own otherwise."
)
@articles_option
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
@click.pass_context
def command(
    ctx: click.Context,
    conversations: int,
    still_open: int,
    messages: int,
    rounds: int,
    sql_url: str | None,
    articles_dir: Path,
    *,
    as_json: bool,
) -> None:
    """Time the inbox over CONVERSATIONS, some still open, each with a few MESSAGES.

    What is said are sentences of the articles, in their five languages. Exit code 1: a view took
    over 100 ms, or a search over 500 ms, at p95.
    """
    from baton.bench.inbox import measure_inbox
    from baton.client.machine import machine

    with tempfile.TemporaryDirectory() as folder:
        url = sql_url or f"sqlite+aiosqlite:///{folder}/history.db"
        with click.progressbar(length=conversations, label="conversations", file=sys.stderr) as bar:
            figures = asyncio.run(
                measure_inbox(
                    url,
                    conversations=conversations,
                    still_open=min(still_open, conversations),
                    messages=messages,
                    rounds=rounds,
                    articles=articles_dir,
                    told=bar.update,
                )
            )
    if as_json:
        told = {"machine": machine(), "conversations": conversations, "messages": messages}
        click.echo(json.dumps(told | {"figures": figures}, indent=1, ensure_ascii=False))
    else:
        for name, found in figures.items():
            click.echo(f"{name:36} " + "  ".join(f"{key} {value}" for key, value in found.items()))
    slow = [
        name
        for name, found in figures.items()
        if found["p95_ms"] > (MAX_SEARCH_MS if " search " in name else MAX_VIEW_MS)
    ]
    if slow:
        click.echo(f"too slow: {', '.join(slow)}", err=True)
        ctx.exit(1)
