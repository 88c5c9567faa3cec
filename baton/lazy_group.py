"""A group whose commands are imported when they are named, so that each starts fast."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Made with `places`: command → "module:attribute", in the order of `--help`."""

    def __init__(self, *args: Any, places: Mapping[str, str], **more: Any) -> None:
        """Take what click gives a group, and where its commands are."""
        super().__init__(*args, **more)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        target = self._places.get(cmd_name)
        if target is None:
            return None
        module, attribute = target.split(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 (a fault of the places, not of the user)
        return command
