"""The `baton` command: each sub-command lives in its own module, imported when it is called."""

import click

from baton.lazy_group import LazyGroup

#: Sub-command → the module and attribute that hold it. Order is the order of `--help`.
COMMANDS = {
    "up": "baton.commands.up:command",
    "doctor": "baton.commands.doctor:command",
    "smoke": "baton.commands.smoke:command",
    "ask": "baton.commands.ask:command",
    "scenario": "baton.commands.scenario:group",
    "queue": "baton.commands.queue:group",
    "account": "baton.commands.account:group",
    "notice": "baton.commands.notice:group",
    "settings": "baton.commands.settings:group",
    "privacy": "baton.commands.privacy:group",
    "mail": "baton.commands.mail:group",
    "history": "baton.commands.history_index:group",
    "report": "baton.commands.report:group",
    "kb": "baton.commands.kb:group",
    "model": "baton.commands.model:group",
    "train": "baton.commands.train:command",
    "learn": "baton.commands.learn:group",
    "nlu": "baton.commands.nlu:group",
    "transcripts": "baton.commands.transcripts:group",
    "bench": "baton.commands.bench:group",
    "chaos": "baton.commands.chaos:command",
    "soak": "baton.commands.soak:command",
}


@click.group(
    cls=LazyGroup, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="baton")
def main() -> None:
    """Baton: a self-hosted support chatbot with human handoff."""
