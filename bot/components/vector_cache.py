"""Keep the vectors of training phrases between trainings: only new phrases are embedded again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

#: Rasa's own setting for the folder of its training cache; ours lies in it.
FOLDER_ENV = "RASA_CACHE_DIRECTORY"


def embed_with_cache(
    texts: list[str], embed: Callable[[list[str]], Vectors], *, fingerprint: str
) -> Vectors:
    """Return the vectors of `texts`, float32 of shape (n, dimension), embedding only unknown ones.

    Without a cache folder in the environment everything is embedded. The file holds the vectors of
    the last training only, so it cannot grow without end.
    """
    folder = os.environ.get(FOLDER_ENV)
    if not folder:
        return embed(texts)
    file = Path(folder) / f"vectors-{fingerprint[:16]}.npz"
    known = _read(file)
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    known.update(zip(missing, embed(missing), strict=True))
    if missing:
        _write(file, {text: known[text] for text in dict.fromkeys(texts)})
    return np.stack([known[text] for text in texts])


def _read(file: Path) -> dict[str, Vectors]:
    try:
        with np.load(file) as stored:
            return dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError):  # none yet, or half written by something else
        return {}


def _write(file: Path, vectors: dict[str, Vectors]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(f".{os.getpid()}.npz")
    np.savez(beside, texts=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
    os.replace(beside, file)
