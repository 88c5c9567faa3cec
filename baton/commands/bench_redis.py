"""`baton bench redis`: what durability costs, from "every second" to "on disk and on a replica"."""

import asyncio
import json

import click

from baton.launcher.redis_server import NoRedisServer
from baton.launcher.system import CannotRun


@click.command("redis")
@click.option("--messages", type=click.IntRange(30, 1_000_000), default=3_000, show_default=True)
@click.option("--senders", type=click.IntRange(1, 1_000), default=8, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(messages: int, senders: int, *, as_json: bool) -> None:
    """Measure what BATON_REDIS_DURABILITY and BATON_REDIS_WAIT_REPLICAS cost a message.

    A private Redis and its replica on this machine; MESSAGES customer messages each way, from
    SENDERS conversations at the same time, in one process. Network between two machines comes on
    top of what WAIT costs here.
    """
    from baton.bench.writes import measure_writes
    from baton.client.machine import machine

    if messages < 3 * senders:
        raise click.BadParameter(f"{messages} messages are too few for {senders} senders")
    try:
        rows = asyncio.run(measure_writes(messages, senders=senders))
    except (NoRedisServer, CannotRun) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps({"machine": machine(), "senders": senders, "ways": rows}, indent=1))
        return
    for row in rows:
        click.echo("  ".join(f"{name} {value}" for name, value in row.items()))
