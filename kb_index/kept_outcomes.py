"""Keeps what a version answered to golden questions, so that it is asked each only once.

versions/<version>/golden.json. What was answered by other code than today's, or with other
cut-offs, is asked again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kb_index.code_stamp import code_stamp
from kb_index.golden import GoldenQuestion

_FILE = "golden.json"


def read_outcomes(
    folder: Path, questions: list[GoldenQuestion], *, site: str
) -> dict[GoldenQuestion, Any]:
    """Return what is known of these questions, as it was given to `write_outcomes`.

    `site` names what answers depend on besides index and code.
    """
    try:
        raw = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        kept = raw["outcomes"] if raw["by"] == [code_stamp(), site] else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}  # not there or damaged: asked again
    return {one: kept[_key(one)] for one in questions if _key(one) in kept}


def write_outcomes(folder: Path, outcomes: Mapping[GoldenQuestion, Any], *, site: str) -> None:
    """Keep JSON values by question in a version's folder; the file is replaced in one step."""
    beside = folder / f".{_FILE}-{os.getpid()}"
    kept = {_key(question): value for question, value in outcomes.items()}
    beside.write_text(json.dumps({"by": [code_stamp(), site], "outcomes": kept}), encoding="utf-8")
    beside.replace(folder / _FILE)


def _key(question: GoldenQuestion) -> str:
    parts = [question.text, question.locale, sorted(question.gold)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:20]
