"""The `baton` command: each sub-command lives in its own module, imported when it is called."""

from importlib import import_module

import click

#: Sub-command → the module and attribute that hold it. Order is the order of `--help`.
COMMANDS = {
    "up": "baton.commands.up:command",
    "doctor": "baton.commands.doctor:command",
    "smoke": "baton.commands.smoke:command",
    "ask": "baton.commands.ask:command",
    "scenario": "baton.commands.scenario:group",
    "queue": "baton.commands.queue:group",
    "account": "baton.commands.account:group",
    "kb": "baton.commands.kb:group",
    "model": "baton.commands.model:group",
    "train": "baton.commands.train:command",
    "nlu": "baton.commands.nlu:group",
    "transcripts": "baton.commands.transcripts:group",
    "bench": "baton.commands.bench:group",
    "chaos": "baton.commands.chaos:command",
    "soak": "baton.commands.soak:command",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are named, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, attribute = target.split(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 (a fault of COMMANDS, not of the user)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="baton")
def main() -> None:
    """Baton: a self-hosted support chatbot with human handoff."""
