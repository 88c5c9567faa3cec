"""Makes a built version live, if it may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path

from kb_index import versions
from kb_index.embedding import Embedder
from kb_index.errors import IndexBroken, IndexMismatch, IndexMissing
from kb_index.gate import Verdict, compare
from kb_index.golden import GoldenQuestion
from kb_index.history import read_history, taken_back
from kb_index.manifest import read_manifest
from kb_index.model_settings import ModelSettings
from kb_index.searching import IndexVersion


class Check(Enum):
    """How a version is checked before it goes live."""

    REQUIRED = "required"  #: it goes live only if it is not worse
    OVERRULED = "overruled"  #: it is compared, and goes live in any case
    SKIPPED = "skipped"  #: it goes live without


@dataclass(frozen=True, slots=True)
class Release:
    """What became of a version.

    `reasons` spoke against it; `verdict` is None where it was not compared, and `unchecked` says
    why.
    """

    version: str
    is_live: bool
    reasons: tuple[str, ...]
    verdict: Verdict | None
    unchecked: str


def release(
    kb_dir: Path,
    version: str,
    questions: Sequence[GoldenQuestion],
    *,
    check: Check,
    model: ModelSettings,
    load_embedder: Callable[[], Embedder],
    now_ms: int,
) -> Release:
    """Make a version live unless it answers the golden questions worse than the live one.

    A version that was taken back is refused like a worse one. A refused version stays on disk, and
    the live one live.

    Raises:
        IndexMismatch, IndexBroken: the version itself cannot be used.
        ModelMissing, ModelBroken: the model is needed and cannot be loaded.
    """
    verdict, unchecked = None, "the check was left out"
    reasons: tuple[str, ...] = ()
    if check is not Check.SKIPPED:
        reasons = _why_taken_back(kb_dir, version)
        verdict, unchecked = _compare(
            kb_dir, version, questions, model=model, load_embedder=load_embedder
        )
        reasons += verdict.reasons if verdict else ()
    is_live = not reasons or check is Check.OVERRULED
    if is_live:
        versions.go_live(kb_dir, version, now_ms=now_ms, reasons=reasons)
    else:
        versions.refuse(kb_dir, version, now_ms=now_ms, reasons=reasons)
    return Release(version, is_live, reasons, verdict, unchecked)


def _compare(
    kb_dir: Path,
    version: str,
    questions: Sequence[GoldenQuestion],
    *,
    model: ModelSettings,
    load_embedder: Callable[[], Embedder],
) -> tuple[Verdict | None, str]:
    """Compare with the live version, or say why that is impossible."""
    try:
        live = versions.live_version(kb_dir)
        folder = versions.version_folder(kb_dir, live)
        read_manifest(folder).require_fit(folder, model=model)
    except IndexMissing:
        return None, "there is no live index to compare with"
    except (IndexMismatch, IndexBroken) as error:
        return None, f"the live index cannot be searched: {error}"
    if live == version:
        return None, "it is the live one"
    if not questions:
        return None, "there are no golden questions"
    try:
        return compare(
            kb_dir, version, live, questions, model=model, load_embedder=load_embedder
        ), ""
    except IndexBroken as error:
        IndexVersion.open(kb_dir, version, model=model)  # raises if it is the new one
        return None, f"the live index cannot be searched: {error}"


def _why_taken_back(kb_dir: Path, version: str) -> tuple[str, ...]:
    event = taken_back(read_history(kb_dir), version)
    if event is None:
        return ()
    day = datetime.fromtimestamp(event.at_ms / 1000, tz=timezone.utc)
    return (f"it was taken back on {day:%Y-%m-%d %H:%M} UTC, and the articles are the same",)
