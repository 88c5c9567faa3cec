"""What the vectors of all questions have in common, and what only tells their language."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

from kb_index.embedding import Embedder, FloatMatrix

#: Questions by locale, after a line "# <locale>" each. What product they are about hardly matters:
#: questions of other help centres, or an index's own headings, gave the same gain.
_FILE = Path(__file__).with_name("questions.txt")
#: The two ways of writing Chinese are one language here.
_LANGUAGE = {"zh-Hans": "zh", "zh-Hant": "zh"}
_DIGITS = 6


def questions_hash() -> str:
    """Name the questions: 16 hexadecimal digits."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()[:16]


def measure_questions(embedder: Embedder) -> tuple[list[float], list[list[float]]]:
    """Return the mean question and the axes along which questions differ by language alone.

    The mean is (dimension,); the axes are (languages - 1, dimension), orthonormal: they span the
    differences between the means of the languages.
    """
    workers = os.cpu_count() or 1
    vectors = [embedder.embed_queries(one, workers=workers) for one in _by_language().values()]
    by_language: FloatMatrix = np.stack([one.mean(axis=0) for one in vectors])
    mean = by_language.mean(axis=0)
    _, _, axes = np.linalg.svd(by_language - mean, full_matrices=False)
    rounded = axes[: len(by_language) - 1].round(_DIGITS).tolist()
    return mean.round(_DIGITS).tolist(), rounded


def _by_language() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    language = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            language = _LANGUAGE.get(line[2:], line[2:])
        else:
            found.setdefault(language, []).append(line)
    return found
