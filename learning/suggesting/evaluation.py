"""Measures contradictions on labelled pairs of an article's words and an agent's."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from learning.errors import InputBroken
from learning.suggesting.contradictions import Embed, find_differences


def evaluate_contradictions(file: Path, embed: Embed) -> dict[str, Any]:
    """Return precision, recall and counts: of all, by half and by language; mistakes by id.

    The thresholds were chosen on the odd lines; the even ones had no part in it.

    Raises:
        InputBroken: a line lacks a field or is no JSON.
    """
    counts: dict[str, Counter[str]] = {}
    mistakes: list[dict[str, Any]] = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        try:
            pair = json.loads(line)
            expected = bool(pair["contradicts"])
            found = find_differences(
                pair["answer"],
                pair["article"],
                language=pair["language"],
                locale=pair["article_locale"],
                question=pair.get("question", ""),
                embed=embed,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InputBroken(f"{file}:{number}: {error!r}; see data/eval/README.md") from error
        outcome = ("hit" if found else "missed") if expected else ("false" if found else "right")
        for group in ("all", "tuned" if number % 2 else "unseen", pair["language"]):
            counts.setdefault(group, Counter())[outcome] += 1
        if outcome in {"missed", "false"}:
            mistakes.append({"id": pair["id"], "outcome": outcome, "kind": pair["kind"]})
    return {
        "groups": {group: _rates(counted) for group, counted in counts.items()},
        "mistakes": mistakes,
    }


def _rates(counted: Counter[str]) -> dict[str, Any]:
    hit, missed, false = counted["hit"], counted["missed"], counted["false"]
    return {
        "pairs": counted.total(),
        "contradictions": hit + missed,
        "precision": round(hit / (hit + false), 3) if hit + false else None,
        "recall": round(hit / (hit + missed), 3) if hit + missed else None,
    }
