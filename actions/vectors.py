"""Question vectors that came with a call, so that the embedding model need not run twice a turn."""

from __future__ import annotations

import base64
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kb_index.embedding import Embedder
from kb_index.model_settings import read_settings

logger = logging.getLogger(__name__)

#: Questions whose vectors are kept; a customer may click an article some turns after asking.
_KEPT = 1024


class QuestionVectors:
    """An embedder for the retriever: vectors it was offered first, its own model only if needed.

    Rasa has embedded the same text with the same model to find the intent. Loading the model here
    (0.4 GB) is left until a text comes without a vector.
    """

    def __init__(self, model_dir: Path) -> None:
        """Read the model's settings; raises as `kb_index.model_settings.read_settings`."""
        self._model_dir = model_dir.resolve()  # the link may lead to another model later
        self.settings = read_settings(self._model_dir)
        self._kept: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
        self._embedder: Embedder | None = None
        self._lock = threading.Lock()

    def offer(self, vectors: Mapping[str, Any]) -> None:
        """Keep vectors of another process: {"fingerprint", "texts": {text: base64 of float32}}.

        Those of another model, or of another length, are left aside.
        """
        if vectors.get("fingerprint") != self.settings.fingerprint:
            return
        for text, encoded in vectors["texts"].items():
            vector = np.frombuffer(base64.b64decode(encoded), "<f4")
            if len(vector) == self.settings.dimension:
                self._keep(text.strip(), vector)

    def embed_queries(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors, float32 of shape (len(texts), dimension)."""
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        with self._lock:
            known = self._kept.get(text)
        if known is None:
            known = self._loaded().embed_queries([text])[0]
            self._keep(text, known)
        return known

    def _loaded(self) -> Embedder:
        with self._lock:
            if self._embedder is None:
                started = time.monotonic()
                self._embedder = Embedder.load(self._model_dir)
                logger.info("embedding model loaded in %.1f s", time.monotonic() - started)
            return self._embedder

    def _keep(self, text: str, vector: npt.NDArray[np.float32]) -> None:
        with self._lock:
            self._kept[text] = vector
            self._kept.move_to_end(text)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
