"""What a job works with."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from handoff_service.archive.database import Database
from learning.errors import LearningError
from learning.training import Project


class JobCancelled(LearningError):
    """Somebody does not want it any more."""

    code = "cancelled"


class BadArguments(LearningError):
    """A job was asked for with arguments that it cannot use; the text says which and why."""

    code = "bad_arguments"


#: Tells step, share (0..1 or None) and line. Raises JobCancelled.
Report = Callable[[str, float | None, str], Awaitable[None]]


async def _say_nothing(_step: str, _share: float | None, _line: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The history, the project whose bot learns, and the folder of what is made."""

    database: Database
    project: Project
    data_dir: Path
    tell: Report = field(default=_say_nothing)

    async def report(self, step: str, share: float | None = None, line: str = "") -> None:
        """Tell how far it is: `share` from 0 to 1, None where nobody knows.

        Cheap: more than two a second are not written. Raises JobCancelled.
        """
        await self.tell(step, share, line)

    def now_ms(self) -> int:
        """Return the time, in milliseconds since 1970."""
        return int(time.time() * 1000)
