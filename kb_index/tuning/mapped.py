"""Embedders that try a layer out on vectors made before, without exporting a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import numpy as np

from kb_index.embedding import Embedder, FloatMatrix, FloatVector
from kb_index.export.generic_questions import measure_questions
from kb_index.model_settings import ModelSettings
from kb_index.tuning.head import Head


class Remembering:
    """An embedder that makes each vector once."""

    def __init__(self, embedder: Embedder) -> None:
        self.settings: ModelSettings = embedder.settings
        self._embedder = embedder
        self._queries: dict[str, FloatVector] = {}
        self._passages: dict[str, FloatVector] = {}

    @property
    def fingerprint(self) -> str:
        """Names what gives the vectors."""
        return self.settings.fingerprint

    def embed_queries(self, texts: list[str], *, workers: int = 1) -> FloatMatrix:
        """Return the vectors of questions, (texts, d)."""
        return _remembered(self._queries, texts, self._embedder.embed_queries, workers=workers)

    def embed_passages(self, texts: list[str], *, workers: int = 1) -> FloatMatrix:
        """Return the vectors of passages, (texts, d)."""
        return _remembered(self._passages, texts, self._embedder.embed_passages, workers=workers)


class Mapped:
    """An embedder with a layer on top, and with what its questions have in common."""

    def __init__(self, below: Embedder, head: Head) -> None:
        self._below, self._head = below, head
        mean, axes = measure_questions(cast("Embedder", self))
        self.settings: ModelSettings = replace(
            below.settings,
            fingerprint=f"{below.settings.fingerprint}-mapped",
            question_mean=tuple(mean),
            language_axes=tuple(map(tuple, axes)),
        )

    @property
    def fingerprint(self) -> str:
        """Names what gives the vectors."""
        return self.settings.fingerprint

    def embed_queries(self, texts: list[str], *, workers: int = 1) -> FloatMatrix:
        """Return the vectors of questions, (texts, d)."""
        return self._head.apply(self._below.embed_queries(texts, workers=workers))

    def embed_passages(self, texts: list[str], *, workers: int = 1) -> FloatMatrix:
        """Return the vectors of passages, (texts, d)."""
        return self._head.apply(self._below.embed_passages(texts, workers=workers))


def _remembered(
    known: dict[str, FloatVector],
    texts: list[str],
    embed: Callable[..., FloatMatrix],
    *,
    workers: int,
) -> FloatMatrix:
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        known.update(zip(new, embed(new, workers=workers), strict=True))
    return np.stack([known[text] for text in texts])
