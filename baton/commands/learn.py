"""`baton learn`: what maintainers do with what customers said, in scripts as in the console."""

from __future__ import annotations

import click

from baton.lazy_group import LazyGroup

#: Sub-command → the module and attribute that hold it. Order is the order of `--help`.
COMMANDS: dict[str, str] = {
    "collect": "baton.commands.learning.collect:collect",
    "turns": "baton.commands.learning.collect:turns",
    "group": "baton.commands.learning.reviewing:group",
    "queue": "baton.commands.learning.reviewing:queue",
    "decide": "baton.commands.learning.reviewing:decide",
    "discover": "baton.commands.learning.discover:discover",
    "suggest": "baton.commands.learning.suggesting:suggest",
    "preview": "baton.commands.learning.writing:preview",
    "apply": "baton.commands.learning.writing:apply",
    "candidate": "baton.commands.learning.candidates:candidate",
    "candidates": "baton.commands.learning.candidates:candidates",
    "promote": "baton.commands.learning.releases:promote",
    "rollback": "baton.commands.learning.releases:rollback",
    "history": "baton.commands.learning.releases:history",
    "mask": "baton.commands.learning.mask:mask",
    "simulate": "baton.commands.learning.simulate:simulate",
    "jobs": "baton.commands.learning.jobs:jobs",
    "split": "baton.commands.learning.split:split",
}


@click.group("learn", cls=LazyGroup, places=COMMANDS)
def group() -> None:
    """Teach the bot from what customers said: review, write, judge, go live, take back."""
