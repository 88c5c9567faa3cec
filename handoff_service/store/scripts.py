"""Runs the Lua transitions and turns what they answer into enums and errors."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeAlias, TypeVar

from redis.commands.core import AsyncScript
from redis.exceptions import NoScriptError

from handoff_service.domain import LEGAL_MOVES, OWNER, State
from handoff_service.errors import NoSuchAgent, NoSuchConversation, StoreUnavailable
from handoff_service.store.confirmation import Confirmation
from handoff_service.store.keys import BOT_GROUP, EVENT_FIELD
from handoff_service.store.lane import Lane
from handoff_service.store.results import Outcome
from handoff_service.store.transport import Client, translated

R = TypeVar("R", bound=StrEnum)
#: The sources: `conversation` (transitions, which share _prelude.lua) and `desk`.
LUA: Traversable = files("handoff_service.store") / "lua"
#: KEYS and ARGV of one call.
Call: TypeAlias = tuple[Sequence[str], Sequence[str | int]]
#: A script with KEYS and ARGV.
Run: TypeAlias = tuple[AsyncScript, Sequence[str], Sequence[str | int]]


class HolderMoved(Exception):
    """The agent whose keys were passed no longer holds the conversation: read again, retry."""


class Scripts:
    """Every script under lua/, by file name; loaded when first called and after a restart."""

    def __init__(
        self,
        redis: Client,
        *,
        confirmation: Confirmation | None = None,
        folder: Traversable = LUA,
    ) -> None:
        """Read the sources; nothing is sent yet. `confirmation`: what replicas must have."""
        self._redis = redis
        self._confirmation = confirmation
        self._lane: Lane[Run, list[str]] = Lane(self._run)
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
        """Run a script; return its words. Raises StoreUnavailable.

        Calls made at the same time share a round trip, and the write to disk that it waits for.
        """
        return await self._lane.call((self._scripts[name], keys, args))

    async def call_many(self, name: str, calls: Sequence[Call]) -> list[list[str] | Exception]:
        """Run a script once for each of `calls`, in one round trip; return what each answered.

        A call that failed has its error in the place of its words: StoreUnavailable, or what the
        script raised. All of them are StoreUnavailable when replicas did not confirm in time: the
        calls may have been carried out and may be repeated.
        """
        script = self._scripts[name]
        return await self._run([(script, keys, args) for keys, args in calls])

    async def _run(self, runs: Sequence[Run]) -> list[list[str] | Exception]:
        if not runs:
            return []
        try:
            with translated():
                answers = await self._send(runs)
                unknown = [n for n, a in enumerate(answers) if isinstance(a, NoScriptError)]
                if unknown:
                    for script in {runs[n][0].script for n in unknown}:
                        await self._redis.script_load(script)
                    again = await self._send([runs[n] for n in unknown])
                    for n, answer in zip(unknown, again, strict=True):
                        answers[n] = answer
        except StoreUnavailable as error:
            return [error for _ in runs]
        return [_read(answer) for answer in answers]

    async def _send(self, runs: Sequence[Run]) -> list[Any]:
        """Send all on one connection, where WAIT must stand, too. Raises StoreUnavailable."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for script, keys, args in runs:
                pipe.evalsha(script.sha, len(keys), *keys, *args)
            if self._confirmation is not None:
                self._confirmation.add(pipe)
            answers: list[Any] = await pipe.execute(raise_on_error=False)
        if self._confirmation is None:
            return answers
        self._confirmation.check(answers)
        return answers[: len(runs)]

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


def _read(answer: Any) -> list[str] | Exception:
    """Return the words of one call, or the error, ours where it is one that passes."""
    if not isinstance(answer, Exception):
        return [str(word) for word in answer]
    try:
        with translated():
            raise answer
    except Exception as error:  # noqa: BLE001 - kept for the caller, who looks at each
        return error


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
