"""`baton soak`: does Redis stay small while conversations come and go?"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from baton.commands.folders import data_option

#: What a run needs on disk for a conversation: its events in SQL and in the append-only file.
_BYTES_PER_CONVERSATION = 15_000


@click.command("soak")
@click.option(
    "--conversations", type=click.IntRange(100, 10_000_000), default=100_000, show_default=True
)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(conversations: int, data_dir: Path, *, as_json: bool) -> None:
    """Hold many short conversations on a Redis and a database of their own, and watch the memory.

    Customers, bot and agents write straight to the live store, the service's archiver and
    retention run beside them. Exit code 1: at rest Redis holds over a tenth more at the end than
    half-way, or a conversation is missing from the history.
    """
    import uvloop

    from baton.commands.bench_kb import flatten, require_room
    from baton.launcher.redis_server import NoRedisServer
    from baton.launcher.system import CannotRun
    from baton.soak.run import soak

    data_dir.mkdir(parents=True, exist_ok=True)
    require_room(
        data_dir,
        conversations * _BYTES_PER_CONVERSATION,
        remedy="give another folder with --data, or fewer --conversations",
    )

    def report(line: str) -> None:
        click.echo(line, err=True)

    try:
        with TemporaryDirectory(prefix="soak-", dir=data_dir) as name:
            figures = uvloop.run(soak(Path(name).resolve(), conversations, report=report))
    except (CannotRun, NoRedisServer) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        for figure, value in flatten(figures):
            click.echo(f"{figure:56} {value}")
    whole = figures["archived"] == conversations and not figures["events_not_archived"]
    if not (figures["flat"] and whole):
        raise SystemExit(1)
