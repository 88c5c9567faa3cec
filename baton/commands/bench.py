"""`baton bench`: how fast a running system is, and the knowledge base by itself."""

import click

from baton.commands import bench_kb, bench_kb_update, bench_turn


@click.group("bench")
def group() -> None:
    """Measure speed."""


group.add_command(bench_turn.command)
group.add_command(bench_kb.command)
group.add_command(bench_kb_update.command)
