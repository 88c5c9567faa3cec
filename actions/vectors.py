"""Question vectors that came with a call, so that the embedding model need not run twice a turn."""

from __future__ import annotations

import base64
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from actions.rasa_vectors import RasaVectors
from kb_index.embedding import Embedder
from kb_index.model_settings import read_settings
from kb_index.question_space import question_space

logger = logging.getLogger(__name__)

#: Questions whose vectors are kept; a customer may click an article some turns after asking.
_KEPT = 1024
#: Texts that Rasa is asked about at a time: as many as it takes (bot/channels/requests.py).
_FETCHED = 16
#: Share of the mean question taken away before two questions are compared: with less, questions
#: about different things look alike; with all, the same in other words does not.
_COMMON = 0.8


class QuestionVectors:
    """An embedder for the retriever: vectors it was offered, then Rasa's, last its own model's.

    Rasa has embedded the same text with the same model to find the intent, and embeds rewritten
    questions when asked. Loading the model here, too (0.4 GB, 2 s), is left until it does not.
    """

    def __init__(self, model_dir: Path, rasa: RasaVectors | None = None) -> None:
        """Read the model's settings; raises as `kb_index.model_settings.read_settings`."""
        self._rasa = rasa
        self._model_dir = model_dir.resolve()  # the link may lead to another model later
        self.settings = read_settings(self._model_dir)
        self._space = question_space(self.settings)
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

    def likeness(self, text: str, others: Sequence[str]) -> list[float | None]:
        """Return how alike each of `others` is to `text`, -1 to 1, None without a known vector.

        The cosine of their vectors less most of what all questions have in common; the model is
        never run for it.
        """
        one = self._known(text)
        return [None if one is None else _cosine(one, self._known(other)) for other in others]

    def embed_subjects(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return what each text is about: unit vectors less most of what all questions share.

        float32 of shape (len(texts), dimension). Rasa or the model is asked for those not at hand.
        """
        self._fetch([text for text in texts if self._at_hand(text.strip()) is None])
        vectors = [self._space.centre(self._vector(text.strip()), share=_COMMON) for text in texts]
        return np.stack([vector / np.linalg.norm(vector) for vector in vectors])

    def _fetch(self, texts: Sequence[str]) -> None:
        """Take over the vectors that Rasa has or makes."""
        if self._rasa is not None:
            for start in range(0, len(texts), _FETCHED):
                self.offer(self._rasa.fetch([*texts[start : start + _FETCHED]]))

    def _known(self, text: str) -> npt.NDArray[np.float32] | None:
        """Return the vector of what a question is about, None when it is not at hand."""
        vector = self._at_hand(text.strip())
        return None if vector is None else self._space.centre(vector, share=_COMMON)

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        known = self._at_hand(text)
        if known is None:
            self._fetch([text])
            known = self._at_hand(text)
        if known is None:
            known = self._loaded().embed_queries([text])[0]
            self._keep(text, known)
        return known

    def _at_hand(self, text: str) -> npt.NDArray[np.float32] | None:
        with self._lock:
            return self._kept.get(text)

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


def _cosine(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32] | None) -> float | None:
    if other is None:
        return None
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))
