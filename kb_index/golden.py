"""Reads the golden questions: <folder>/<locale>.jsonl, one {"id", "question", "gold"} a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb_index.errors import EvaluationInputBroken
from kb_index.locales import LOCALES

_FIELDS = ("id", "question", "gold")


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question as a customer asks it in `locale`; no `gold` article: it must not be answered."""

    id: str
    text: str
    locale: str
    gold: frozenset[str]


def read_golden(folder: Path) -> list[GoldenQuestion]:
    """Read the questions of every locale; none when there is no such folder or file.

    Raises:
        EvaluationInputBroken: a line or a field is missing or wrong.
    """
    files = [folder / f"{locale}.jsonl" for locale in LOCALES]
    return [one for path in files if path.is_file() for one in _read_file(path)]


def _read_file(path: Path) -> Iterator[GoldenQuestion]:
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if line.strip():
            yield _parse(line, where=f"{path}, line {number}", locale=path.stem)


def _parse(line: str, *, where: str, locale: str) -> GoldenQuestion:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise EvaluationInputBroken(f"{where}: not JSON ({error})") from error
    missing = [name for name in _FIELDS if not isinstance(row, dict) or name not in row]
    if missing:
        raise EvaluationInputBroken(f"{where}: no {', '.join(missing)}")
    if not isinstance(row["gold"], list):
        raise EvaluationInputBroken(f"{where}: gold is no list of article ids")
    if row.get("locale", locale) != locale:
        raise EvaluationInputBroken(f"{where}: locale {row['locale']} in the file of {locale}")
    gold = frozenset(str(one) for one in row["gold"])
    return GoldenQuestion(str(row["id"]), str(row["question"]).strip(), locale, gold)
