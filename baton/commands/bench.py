"""`baton bench`: how fast a system is: its message road, knowledge base and widget."""

import click

from baton.commands import (
    bench_console,
    bench_handoff,
    bench_inbox,
    bench_kb,
    bench_kb_update,
    bench_learning,
    bench_redis,
    bench_relay,
    bench_reports,
    bench_sockets,
    bench_spikes,
    bench_swap,
    bench_turn,
    bench_widget,
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
group.add_command(bench_widget.command)
group.add_command(bench_console.command)
group.add_command(bench_inbox.command)
group.add_command(bench_spikes.command)
group.add_command(bench_reports.command)
group.add_command(bench_learning.command)
group.add_command(bench_swap.command)
