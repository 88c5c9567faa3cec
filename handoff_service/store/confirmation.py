"""Asks replicas to confirm a write before anybody is told that it is safe (WAIT)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handoff_service.errors import Fault, StoreUnavailable
from handoff_service.store.transport import Client, translated


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How many replicas must have what was written, and how long they may take."""

    replicas: int
    timeout_ms: int
    #: A key to write to. Some servers wait only for what the same connection wrote before, so that
    #: a repeated step, which writes nothing, would not wait for what the first attempt wrote.
    fence: str

    async def probe(self, redis: Client) -> None:
        """Find out whether a write is taken and confirmed now. Raises StoreUnavailable."""
        with translated():
            async with redis.pipeline(transaction=False) as pipe:
                self.add(pipe)
                self.check(await pipe.execute(raise_on_error=False))

    def add(self, pipe: Client) -> None:
        """End a pipeline with the question."""
        pipe.set(self.fence, 1)
        pipe.execute_command("WAIT", self.replicas, self.timeout_ms)

    def check(self, answers: Sequence[Any]) -> None:
        """Look at what such a pipeline answered. Raises StoreUnavailable, an error of WAIT."""
        for answer in answers[-2:]:
            if isinstance(answer, Exception):
                raise answer
        if answers[-1] < self.replicas:
            raise StoreUnavailable(
                f"{answers[-1]} of {self.replicas} replicas confirmed within {self.timeout_ms} ms",
                Fault.REPLICAS,
            )
