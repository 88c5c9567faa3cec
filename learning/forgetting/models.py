"""Knows which models were trained with what is taken out; removes them when they are replaced."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from learning.candidates.phrases import phrases_of
from learning.training import Project, phrases_file


def models_with(project: Project, texts: Collection[str], *, day: str) -> list[str]:
    """Return the models that were trained with one of these phrases.

    Of a model that does not say what it was trained on: if it was made on `day` (YYYY-MM-DD, when
    the first of them was written) or later. A day before is taken, too: the day was somebody's, the
    time of a file is the machine's.
    """
    if not texts:
        return []
    begun = datetime.strptime(day[:10], "%Y-%m-%d").replace(tzinfo=UTC) - timedelta(days=1)
    return sorted(
        model.name
        for model in project.models.glob("*.tar.gz")
        if _knows(model, texts, since_s=begun.timestamp())
    )


def _knows(model: Path, texts: Collection[str], *, since_s: float) -> bool:
    phrases = phrases_of(model)
    if phrases is None:
        return model.stat().st_mtime >= since_s
    return any(phrase.text in texts for phrase in phrases)


def forget_in_models(project: Project, texts: Collection[str]) -> None:
    """Take phrases out of what stands beside models and of what training keeps to be faster."""
    for file in project.models.glob("*.phrases.json"):
        rows = json.loads(file.read_text(encoding="utf-8"))
        kept = [row for row in rows if row[0] not in texts]
        if len(kept) < len(rows):
            beside = file.with_name(f".{file.name}.{os.getpid()}")
            beside.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
            beside.replace(file)
    if texts:
        shutil.rmtree(project.models.parent / "cache", ignore_errors=True)


def is_replaced(project: Project, names: Collection[str]) -> bool:
    """Whether the model that serves is none of these."""
    current = project.current()
    return current is None or current.name not in names


def remove_models(project: Project, names: Collection[str]) -> int:
    """Delete models; return how many there were."""
    found = [path for name in names if (path := project.models / name).is_file()]
    for path in found:
        phrases_file(path).unlink(missing_ok=True)
        path.unlink()
    return len(found)
