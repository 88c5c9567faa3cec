"""Vectors that tell sentences apart: unit vectors around the middle of all questions."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb_index.embedding import Embedder, FloatMatrix, FloatVector

#: Vectors kept on disk, those used last; 384 numbers of 4 bytes each make 45 MB of them.
MOST_KEPT = 30_000


class Vectors:
    """Embeds texts once; the embedding model is loaded when there is something new.

    The model puts all texts into a narrow cone. Without its middle, cosines tell how near two
    texts are: under 0.5 they are about different things, over 0.8 they say nearly the same.
    """

    def __init__(self, model_dir: Path, folder: Path | None = None) -> None:
        """Use the model in `model_dir`; `folder` is where vectors are kept, None: nowhere."""
        self._model_dir = model_dir
        self._folder = folder
        self._embedder: Embedder | None = None
        self._known: dict[str, FloatVector] = {}
        self._read_kept = folder is None

    def of(self, texts: Sequence[str]) -> FloatMatrix:
        """Return float32 of shape (len(texts), dimension), each row of length 1."""
        embedder = self.embedder()
        keys = [_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            made = embedder.embed_queries([*new.values()], workers=os.cpu_count() or 1)
            self._known |= dict(zip(new, _centred(made, embedder), strict=True))
        if not keys:
            return np.zeros((0, embedder.dimension), dtype=np.float32)
        return np.stack([self._known[key] for key in keys])

    def save(self) -> None:
        """Keep vectors for the next time, if a folder was named."""
        if self._folder is None or self._embedder is None or not self._known:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        keys = [*self._known][-MOST_KEPT:]
        file = self._file(self._embedder)
        beside = file.with_name(f".{file.name}-{os.getpid()}")
        with beside.open("wb") as stream:
            matrix = np.stack([self._known[key] for key in keys]).astype(np.float16)
            np.savez(stream, keys=np.array(keys), vectors=matrix)
        beside.replace(file)

    def embedder(self) -> Embedder:
        """Return the model. Raises kb_index.errors.ModelMissing, ModelBroken."""
        if self._embedder is None:
            self._embedder = Embedder.load(self._model_dir)
        if not self._read_kept:
            self._read_kept = True
            self._known |= self._kept(self._embedder)
        return self._embedder

    def _kept(self, embedder: Embedder) -> dict[str, FloatVector]:
        try:
            with self._file(embedder).open("rb") as stream, np.load(stream) as kept:
                keys, vectors = kept["keys"].tolist(), kept["vectors"].astype(np.float32)
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return {}  # not there or damaged: embedded again
        if vectors.shape != (len(keys), embedder.dimension):
            return {}
        return dict(zip(keys, vectors, strict=True))

    def _file(self, embedder: Embedder) -> Path:
        assert self._folder is not None  # noqa: S101 (asked by whoever calls)
        return self._folder / f"answers-{embedder.fingerprint[:16]}.npz"


def _centred(vectors: FloatMatrix, embedder: Embedder) -> FloatMatrix:
    mean = np.asarray(embedder.settings.question_mean, dtype=np.float32)
    moved: npt.NDArray[np.float32] = vectors - mean
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    unit: npt.NDArray[np.float32] = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
