"""Keeps the vectors of golden questions, so that a check need not load the embedding model."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kb_index.embedding import Embedder, FloatMatrix, FloatVector
from kb_index.model_settings import ModelSettings

#: Vectors kept; 384 numbers of 4 bytes each make 15 MB of them.
_MOST = 10_000


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
        self._on_disk = set(self._vectors)
        self._used: set[str] = set()

    def embed_queries(self, texts: list[str]) -> FloatMatrix:
        """Return unit vectors, float32 of shape (len(texts), dimension)."""
        keys = [_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if new:
            made = self._load_embedder().embed_queries([*new.values()], workers=os.cpu_count() or 1)
            self._vectors |= dict(zip(new, made, strict=True))
        self._used.update(keys)
        return np.stack([self._vectors[key] for key in keys])

    def save(self) -> None:
        """Keep all vectors on disk; only those used by now when there are very many."""
        keys = [*self._vectors] if len(self._vectors) <= _MOST else [*self._used]
        if not keys or set(keys) == self._on_disk:
            return
        beside = self._file.with_name(f".{self._file.name}-{os.getpid()}")
        with beside.open("wb") as stream:
            matrix = np.stack([self._vectors[key] for key in keys])
            np.savez(stream, keys=np.array(keys), vectors=matrix)
        beside.replace(self._file)
        self._on_disk = set(keys)

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
