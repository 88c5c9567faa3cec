"""`baton bench`: how fast a running system is, its message road, and the knowledge base."""

import click

from baton.commands import (
    bench_handoff,
    bench_kb,
    bench_kb_update,
    bench_redis,
    bench_relay,
    bench_sockets,
    bench_turn,
)


@click.group("bench")
def group() -> None:
    """Measure speed."""


group.add_command(bench_turn.command)
group.add_command(bench_kb.command)
group.add_command(bench_kb_update.command)
group.add_command(bench_handoff.command)
group.add_command(bench_redis.command)
group.add_command(bench_relay.command)
group.add_command(bench_sockets.command)
