"""Vectors of many short texts: each wording once, on all cores."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from learning.discovery.features import Matrix

if TYPE_CHECKING:
    from kb_index.embedding import Embedder

#: Texts embedded between two words on how far it is.
BATCH = 2000
#: Characters of a text that are read; what is asked is said by then.
LONGEST = 1000


def embed(
    embedder: Embedder, texts: Sequence[str], *, said: Callable[[float], None] | None = None
) -> Matrix:
    """Return float32 of shape (len(texts), dimension), each row of length 1.

    Case, width and spaces make no other text of one. `said` is told the share that is done.
    """
    places: dict[str, int] = {}
    distinct: list[str] = []
    for text in texts:
        if places.setdefault(_plain(text), len(distinct)) == len(distinct):
            distinct.append(text[:LONGEST])
    rows = [places[_plain(text)] for text in texts]
    made: list[Matrix] = []
    for start in range(0, len(distinct), BATCH):
        batch = distinct[start : start + BATCH]
        made.append(embedder.embed_queries(batch, workers=os.cpu_count() or 1))
        if said is not None:
            said(min(1.0, (start + BATCH) / len(distinct)))
    if not made:
        return np.zeros((0, embedder.dimension), dtype=np.float32)
    result: Matrix = np.concatenate(made)[rows]
    return result


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())[:LONGEST]
