"""What a run of checks found, step by step."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from baton.client.errors import ClientError


class Failed(Exception):
    """A check did not hold; the message says what was there instead."""


def expect(holds: object, detail: str) -> None:
    """Raise Failed with the detail unless it holds."""
    if not holds:
        raise Failed(detail)


@dataclass(slots=True)
class Step:
    """One check; `ms` is how long it took, `detail` what it saw or why it failed."""

    name: str
    locale: str
    ok: bool = True
    ms: int = 0
    detail: str = ""


@dataclass(slots=True)
class Report:
    """All steps of a run, in order; each is told to `on_step` when it ends."""

    on_step: Callable[[Step], None]
    steps: list[Step] = field(default_factory=list)

    @asynccontextmanager
    async def step(self, name: str, locale: str) -> AsyncIterator[Step]:
        """Time a block and note how it went.

        Raises:
            Failed: the block failed; what comes after it in the same journey makes no sense.
        """
        step, begun = Step(name, locale), time.perf_counter()
        try:
            yield step
        except (ClientError, Failed) as error:
            step.ok, step.detail = False, str(error)
            raise Failed(f"{name}: {error}") from None
        finally:
            step.ms = round((time.perf_counter() - begun) * 1000)
            self.steps.append(step)
            self.on_step(step)

    def to_json(self) -> dict[str, Any]:
        """Return {"passed","failed","steps":[{"name","locale","ok","ms","detail"}]}."""
        passed = sum(step.ok for step in self.steps)
        return {
            "passed": passed,
            "failed": len(self.steps) - passed,
            "steps": [asdict(step) for step in self.steps],
        }
