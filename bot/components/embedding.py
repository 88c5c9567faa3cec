"""One embedding model per process, and the vectors of the texts it saw last."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from kb_index.embedding import Embedder
from kb_index.model_settings import read_settings

logger = logging.getLogger(__name__)

#: Folder of the exported model, as `baton model export` writes it.
MODEL_DIR_ENV = "BATON_MODEL_DIR"
#: Texts whose vectors are kept: smalltalk and clicked questions repeat a lot. 1.5 KB each.
KEPT = 2048
#: Texts handed to a thread at a time when many are embedded.
_BATCH = 32


class VectorSource:
    """Embeds texts, remembering the last few; safe to share between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._kept: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    @property
    def fingerprint(self) -> str:
        """Name the model: equal fingerprints give equal vectors."""
        return self._embedder.fingerprint

    def vector(self, text: str) -> npt.NDArray[np.float32]:
        """Return the unit vector of one text, float32 of shape (dimension,)."""
        with self._lock:
            known = self._kept.get(text)
            if known is not None:
                self._kept.move_to_end(text)
                return known
        new: npt.NDArray[np.float32] = self._embedder.embed_queries([text])[0]
        with self._lock:
            self._kept[text] = new
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return new

    def known(self, texts: list[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Return the vectors of those texts that were embedded lately."""
        with self._lock:
            return {text: self._kept[text] for text in texts if text in self._kept}

    def vectors(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors, float32 of shape (len(texts), dimension), on all cores."""
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            rows = list(pool.map(self._embedder.embed_queries, batches))
        return np.concatenate(rows) if rows else np.zeros((0, self._embedder.dimension), np.float32)


def model_dir() -> Path:
    """Return the folder of the exported model that the environment names."""
    return Path(os.environ.get(MODEL_DIR_ENV) or "var/models/current")


def model_fingerprint() -> str:
    """Read the fingerprint without loading the model."""
    return read_settings(model_dir()).fingerprint


_sources: dict[Path, VectorSource] = {}
_sources_lock = Lock()
#: The source asked for last: that of the pipeline that serves.
_serving: VectorSource | None = None


def vector_source() -> VectorSource:
    """Return this process's vector source, loading the model on first use (about 0.5 s).

    Raises:
        kb_index.errors.ModelMissing, kb_index.errors.ModelBroken: with the remedy in the message.
    """
    global _serving  # noqa: PLW0603 (one embedding model per process)
    folder = model_dir().resolve()
    with _sources_lock:
        if folder not in _sources:
            started = time.monotonic()
            _sources[folder] = VectorSource(Embedder.load(folder))
            took = time.monotonic() - started
            logger.info("embedding model %s loaded in %.1f s", folder.name, took)
        _serving = _sources[folder]
        return _serving


def serving_source() -> VectorSource:
    """Return what the pipeline in use embeds with: `vector_source` without a look at the disk."""
    return _serving or vector_source()


async def embed_ahead(texts: list[str]) -> None:
    """Embed texts in threads; the pipeline, which holds up every turn, then finds their vectors."""
    source, loop = serving_source(), asyncio.get_running_loop()
    new = set(texts) - source.known(texts).keys()
    await asyncio.gather(*(loop.run_in_executor(None, source.vector, text) for text in new))
