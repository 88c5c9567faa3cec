"""Remembers which versions of the index went live, were refused or were taken back.

<kb>/history.jsonl holds one event a line, oldest first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

HISTORY_FILE = "history.jsonl"
#: Events kept; with five versions on disk older ones name nothing that is still there.
_KEPT = 200


class Kind(str, Enum):
    """What happened to a version."""

    LIVE = "live"  #: a build made it live
    REFUSED = "refused"  #: it answered worse than the live one, which stayed
    ROLLED_BACK = "rolled_back"  #: it is live again, in place of `before`


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to `version` at `at_ms` (Unix time); `before` was live until then ("": none).

    `reasons` say why a version was refused, or which reasons were overruled.
    """

    at_ms: int
    kind: Kind
    version: str
    before: str
    reasons: tuple[str, ...] = ()


def read_history(kb_dir: Path) -> list[Event]:
    """Read the events, oldest first; a line that cannot be read is passed over."""
    try:
        lines = (kb_dir / HISTORY_FILE).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [event for event in map(_parse, lines) if event is not None]


def record(kb_dir: Path, event: Event) -> None:
    """Add an event; the file is replaced in one step."""
    kept = [*read_history(kb_dir), event][-_KEPT:]
    beside = kb_dir / f".{HISTORY_FILE}"
    beside.write_text(
        "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in kept),
        encoding="utf-8",
    )
    beside.replace(kb_dir / HISTORY_FILE)


def formerly_live(events: Iterable[Event]) -> list[str]:
    """Return the versions to go back to, the last one the nearest; the live one is left out.

    A version that was taken back is not among them: going back twice leads two versions back.
    """
    stack: list[str] = []
    for event in events:
        if event.kind is Kind.LIVE:
            stack = [one for one in stack if one not in (event.version, event.before)]
            stack += [event.before] if event.before not in ("", event.version) else []
        elif event.kind is Kind.ROLLED_BACK and event.version in stack:
            stack = stack[: stack.index(event.version)]
    return stack


def taken_back(events: Iterable[Event], version: str) -> Event | None:
    """Return the event that took a version back, None if it was not or went live again since."""
    found: Event | None = None
    for event in events:
        if event.kind is Kind.ROLLED_BACK and event.before == version:
            found = event
        elif event.kind is not Kind.REFUSED and event.version == version:
            found = None
    return found


def _parse(line: str) -> Event | None:
    try:
        raw = json.loads(line)
        return Event(
            at_ms=int(raw["at_ms"]),
            kind=Kind(raw["kind"]),
            version=str(raw["version"]),
            before=str(raw["before"]),
            reasons=tuple(map(str, raw["reasons"])),
        )
    except (ValueError, TypeError, KeyError):
        return None
