"""Checks that the log tells of each conversation what its own stream does, in order. Pure."""

import json
from collections.abc import Iterator

from handoff_service.audit.findings import Fault, Finding
from handoff_service.store.audit import Logged


class LogOrder:
    """Takes the log entry by entry, oldest first."""

    def __init__(self) -> None:
        """Begin wherever the log begins: what is archived may be trimmed."""
        self._last: dict[str, int] = {}

    def take(self, entry: Logged) -> Iterator[Finding]:
        """Yield what is wrong with the next entry."""
        before = self._last.get(entry.conversation_id)
        if before is not None and entry.seq != before + 1:
            yield self._of(entry, f"the log has event {entry.seq} after {before}")
        if entry.stored is not None and not _same(entry.stored, entry.text):
            yield self._of(entry, f"the log and the conversation have another event {entry.seq}")
        self._last[entry.conversation_id] = entry.seq

    def _of(self, entry: Logged, wrong: str) -> Finding:
        return Finding(Fault.LOG_DIFFERS, wrong, entry.conversation_id)


def _same(one: str, other: str) -> bool:
    """Whether two texts say the same: JSONB, which what is restored has been through, reorders."""
    if one == other:
        return True
    try:
        same: bool = json.loads(one) == json.loads(other)
    except ValueError:
        return False
    return same
