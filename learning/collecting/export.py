"""Writes collected turns as JSON lines, for any other tool."""

from __future__ import annotations

import json
from typing import TextIO

from handoff_service.archive.database import Database
from handoff_service.archive.learning.turns import turns_between
from handoff_service.archive.tables.learn_turns import LearnTurnRow

_COLUMNS = tuple(column.name for column in LearnTurnRow.__table__.c)


async def write_lines(
    database: Database, out: TextIO, *, since_ms: int = 0, until_ms: int | None = None
) -> int:
    """Write the turns of a time, oldest first; return how many.

    Each line is a row of `learn_turns`: what its fields mean stands there. Raises
    ArchiveUnavailable.
    """
    count = 0
    async for turn in turns_between(database, since_ms=since_ms, until_ms=until_ms):
        line = {name: getattr(turn, name) for name in _COLUMNS}
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
        count += 1
    return count
