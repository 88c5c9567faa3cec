"""Which function does which kind of work; imported when it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, TypeAlias

from handoff_service.archive.learning.jobs import Job
from learning.errors import LearningError
from learning.jobs.tools import Tools

Work: TypeAlias = Callable[[Job, Tools], Awaitable[dict[str, Any]]]

#: Each is safe to run twice: a job whose process died is done again from its beginning.
WORK: dict[str, str] = {
    "collect": "learning.collecting.job:run",
    "group": "learning.reviewing.job:run",
    "discover": "learning.discovery.job:run",
    "suggest": "learning.suggesting.job:suggest",
    "preview": "learning.writing.preview:preview",
    "apply": "learning.writing.apply:apply",
    "split_start": "learning.splitting.jobs:start",
    "split_stop": "learning.splitting.jobs:stop",
    "unlearn": "learning.forgetting.job:run",
    "candidate": "learning.candidates.candidate:run",
    "promote": "learning.candidates.releases:promote",
    "rollback": "learning.candidates.releases:rollback",
}
#: Asked for by nobody: what says whether there is anything to do, in the order of doing.
BY_ITSELF: dict[str, str] = {
    "unlearn": "learning.forgetting.job:is_due",
    "collect": "learning.collecting.job:is_due",
    "group": "learning.reviewing.job:is_due",
}


class UnknownWork(LearningError):
    """Nobody knows how to do this."""

    code = "unknown_work"


def work_of(kind: str) -> Work:
    """Return the function that does it. Raises UnknownWork."""
    if kind not in WORK:
        raise UnknownWork(f"no such work: {kind}. There is: {', '.join(WORK)}")
    found: Work = _load(WORK[kind])
    return found


async def is_due(kind: str, tools: Tools) -> bool:
    """Whether a kind of BY_ITSELF has anything to do."""
    return bool(await _load(BY_ITSELF[kind])(tools))


def _load(place: str) -> Any:  # of the two kinds above
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
