"""Reads a file of utterances, a JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learning.errors import InputBroken

#: Problems that are told at once.
MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing that somebody said."""

    id: str | int
    text: str
    #: A locale; "": not known.
    language: str = ""


class _BadLine(Exception):
    """What is wrong with a line."""


def read_utterances(path: Path) -> list[Utterance]:
    """Return the utterances of `path` in their order; empty lines are passed over.

    A line is `{"id", "text"}`, perhaps with `language`; other fields are left alone.

    Raises:
        InputBroken: the file cannot be read, or lines of it cannot; it names each with its number.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise InputBroken(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputBroken(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    found: list[Utterance] = []
    problems: list[str] = []
    seen: dict[str | int, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            utterance = _read(line)
            if (first := seen.setdefault(utterance.id, number)) != number:
                raise _BadLine(f"id {utterance.id!r} is that of line {first} already")
        except _BadLine as error:
            problems.append(f"{path}:{number}: {error}")
        else:
            found.append(utterance)
    if problems:
        more = len(problems) - MOST_TOLD
        told = problems[:MOST_TOLD] + ([f"and {more} more"] if more > 0 else [])
        raise InputBroken("\n".join(told))
    return found


def _read(line: str) -> Utterance:
    try:
        value: Any = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise _BadLine('not JSON; write {"id": …, "text": "…"}') from error
    if not isinstance(value, dict):
        raise _BadLine('not an object; write {"id": …, "text": "…"}')
    name, text, language = value.get("id"), value.get("text"), value.get("language") or ""
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise _BadLine("id must be a text or a whole number")
    if not isinstance(text, str):
        raise _BadLine("text must be a text")
    if not isinstance(language, str):
        raise _BadLine("language must be a text")
    return Utterance(name, text.encode("utf-8", "replace").decode(), language)
