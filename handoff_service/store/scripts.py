"""Runs the Lua transitions and turns what they answer into enums and errors."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from redis.commands.core import AsyncScript

from handoff_service.domain import LEGAL_MOVES, OWNER, State
from handoff_service.errors import NoSuchAgent, NoSuchConversation
from handoff_service.store.keys import BOT_GROUP, EVENT_FIELD
from handoff_service.store.results import Outcome
from handoff_service.store.transport import Client, translated

R = TypeVar("R", bound=StrEnum)


class HolderMoved(Exception):
    """The agent whose keys were passed no longer holds the conversation: read again, retry."""


class Scripts:
    """Every script under lua/, by file name; loaded when first called and after a restart."""

    def __init__(self, redis: Client) -> None:
        """Read the sources; nothing is sent yet."""
        folder = files("handoff_service.store") / "lua"
        prelude = _tables() + (folder / "_prelude.lua").read_text("utf-8")
        self._scripts: dict[str, AsyncScript] = {
            name: redis.register_script(prelude + text)
            for name, text in _sources(folder / "conversation").items()
        } | {name: redis.register_script(text) for name, text in _sources(folder / "desk").items()}

    @property
    def names(self) -> frozenset[str]:
        """Return the name of every script."""
        return frozenset(self._scripts)

    async def call(self, name: str, keys: Sequence[str], *, args: Sequence[str | int]) -> list[str]:
        """Run a script; return its words. Raises StoreUnavailable."""
        with translated():
            answer: Any = await self._scripts[name](keys=list(keys), args=list(args))
        return [str(word) for word in answer]

    async def move(
        self, name: str, keys: Sequence[str], *, args: Sequence[str | int], result: type[R]
    ) -> Outcome[R]:
        """Run a transition of the conversation in args[0].

        Raises NoSuchConversation, HolderMoved, StoreUnavailable.
        """
        word, *rest = await self.call(name, keys, args=args)
        if word == "NO_SUCH":
            raise NoSuchConversation(str(args[0]))
        if word == "MOVED":
            raise HolderMoved
        seq, epoch = rest
        return Outcome(result(word), int(seq), int(epoch))

    async def change_agent(
        self, name: str, keys: Sequence[str], *, args: Sequence[str | int]
    ) -> str:
        """Run a script about the agent in args[0]; return its word. Raises NoSuchAgent."""
        word = (await self.call(name, keys, args=args))[0]
        if word == "NO_AGENT":
            raise NoSuchAgent(str(args[0]))
        return word


def _sources(folder: Traversable) -> Mapping[str, str]:
    return {
        file.name.removesuffix(".lua"): file.read_text("utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".lua")
    }


def _tables() -> str:
    """Write domain.py's tables as Lua, so that the legal moves stand in one place."""
    moves = ", ".join(
        f"{source} = {{ {', '.join(f'{target} = true' for target in sorted(targets))} }}"
        for source, targets in LEGAL_MOVES.items()
    )
    owners = ", ".join(f"{state} = '{OWNER[state]}'" for state in State)
    return (
        f"local MOVES = {{ {moves} }}\nlocal OWNER = {{ {owners} }}\n"
        f"local BOT_GROUP, EVENT_FIELD = '{BOT_GROUP}', '{EVENT_FIELD}'\n"
    )
