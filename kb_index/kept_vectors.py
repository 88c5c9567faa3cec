"""Keeps the vectors of golden questions, so that a check need not load the embedding model."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from kb_index.embedding import Embedder, FloatMatrix, FloatVector
from kb_index.model_settings import ModelSettings


class KeptVectors:
    """Vectors of questions by text, in a file of one model; the model embeds only new texts.

    Serves a retriever in place of an embedder: `settings` and `embed_queries`.
    """

    def __init__(
        self, folder: Path, settings: ModelSettings, *, load_embedder: Callable[[], Embedder]
    ) -> None:
        """`folder` is where the file is, or will be."""
        self.settings = settings
        self._file = folder / f"golden-{settings.fingerprint[:16]}.npz"
        self._load_embedder = load_embedder
        self._vectors = self._read()

    def embed_queries(self, texts: list[str]) -> FloatMatrix:
        """Return unit vectors, float32 of shape (len(texts), dimension)."""
        new = [text for text in dict.fromkeys(texts) if _key(text) not in self._vectors]
        if new:
            made = self._load_embedder().embed_queries(new, workers=os.cpu_count() or 1)
            self._vectors |= {_key(text): row for text, row in zip(new, made, strict=True)}
        return np.stack([self._vectors[_key(text)] for text in texts])

    def prepare(self, texts: Sequence[str]) -> None:
        """Have the vectors of all `texts`, and keep these and no others on disk."""
        known = len(self._vectors)
        self.embed_queries(list(texts))
        keys = [_key(text) for text in dict.fromkeys(texts)]
        if len(self._vectors) == known == len(keys):
            return
        beside = self._file.with_name(f".{self._file.name}-{os.getpid()}")
        with beside.open("wb") as stream:
            matrix = np.stack([self._vectors[key] for key in keys])
            np.savez(stream, keys=np.array(keys), vectors=matrix)
        beside.replace(self._file)

    def _read(self) -> dict[str, FloatVector]:
        try:
            with self._file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
                keys, vectors = kept["keys"].tolist(), kept["vectors"].astype(np.float32)
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return {}  # not there or damaged: embedded again
        if vectors.shape != (len(keys), self.settings.dimension):
            return {}
        return dict(zip(keys, vectors, strict=True))


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
