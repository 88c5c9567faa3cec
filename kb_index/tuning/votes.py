"""Reads customers' votes on answers from a JSON Lines file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kb_index.errors import TuningInputBroken


@dataclass(frozen=True, slots=True)
class Vote:
    """A question as it was searched, the article that was quoted, and whether it helped."""

    query: str
    article_id: str
    locale: str
    helpful: bool


def read_votes(path: Path) -> list[Vote]:
    """Read votes: one {"query", "article_id", "locale"} a line; "helpful": false is no example.

    Raises:
        TuningInputBroken: the file, a line or a field is missing or wrong.
    """
    if not path.is_file():
        raise TuningInputBroken(f"{path}: no such file of votes")
    votes = []
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise TuningInputBroken(f"{path}: not UTF-8 at byte {error.start}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            votes.append(_read_vote(line, where=f"{path}, line {number}"))
    return votes


def _read_vote(line: str, *, where: str) -> Vote:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise TuningInputBroken(f"{where}: not JSON ({error})") from error
    wanted = ("query", "article_id", "locale")
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in wanted):
        raise TuningInputBroken(f'{where}: expected {{"query", "article_id", "locale"}}, all text')
    return Vote(
        query=row["query"].strip(),
        article_id=row["article_id"],
        locale=row["locale"],
        helpful=row.get("helpful", True) is True,
    )
