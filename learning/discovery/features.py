"""Puts utterances where those that ask the same are near: their meaning and their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kb_index.analyzers import analyze

Matrix = npt.NDArray[np.float32]

#: Directions kept of the words.
WORDS = 100
#: A word in more than this share of the utterances tells nothing ("hi", "I'm calling to").
TOO_COMMON = 0.3
#: Han and Hangul are taken apart into characters and pairs. The demo's phrases, a thousand in each
#: language, have 1,320 to 1,520 of them where they have 480 to 490 English or Russian words.
OF_A_PAIR = 0.35
#: Neighbours that an utterance is moved towards, how far, how often: what is said in passing
#: differs between neighbours and goes, what they ask stays.
NEIGHBOURS, STEP, STEPS = 8, 0.5, 4


@dataclass(frozen=True, slots=True)
class Space:
    """Learned of some utterances; places any."""

    mean: Matrix
    words: Any  # TfidfVectorizer, TruncatedSVD; None where no word comes twice

    @classmethod
    def of(cls, vectors: Matrix, texts: list[str]) -> Space:
        """Learn of vectors of shape (n, d), n > 2, and their texts."""
        return cls(vectors.mean(axis=0), _learn_words(texts))

    @property
    def vocabulary(self) -> float:
        """About how many words come more than once, those in too many utterances left out."""
        if self.words is None:
            return 0.0
        words: list[str] = list(self.words[0].vocabulary_)
        return sum(OF_A_PAIR if word[0] >= "\u1100" else 1.0 for word in words)

    def place(self, vectors: Matrix, texts: list[str]) -> Matrix:
        """Return unit vectors of shape (n, anything); the cosine tells how alike two are."""
        meaning = unit(vectors - self.mean)
        if self.words is None:
            return meaning
        counter, svd = self.words
        return unit(np.hstack([meaning, unit(svd.transform(counter.transform(texts)))]))


def unit(rows: npt.NDArray[Any]) -> Matrix:
    """Return the rows with length 1; those of length 0 stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    result: Matrix = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return result


def neighbours(places: Matrix, count: int) -> npt.NDArray[np.int64]:
    """Return the `count` nearest others of each row, nearest first; fewer where there are fewer."""
    import faiss

    count = min(count, len(places) - 1)
    index = faiss.IndexFlatIP(places.shape[1])
    index.add(places)
    found = index.search(places, count + 1)[1]
    own = found == np.arange(len(places))[:, None]
    own[~own.any(axis=1), -1] = True  # among many equal ones it may not have found itself
    others: npt.NDArray[np.int64] = found[~own].reshape(len(places), count).astype(np.int64)
    return others


def graph(places: Matrix, count: int) -> Any:
    """Return who is near whom, weighted by the cosine: symmetric, scipy.sparse of shape (n, n)."""
    from scipy.sparse import csr_array

    near = neighbours(places, count)
    rows = np.repeat(np.arange(len(places)), near.shape[1])
    columns = near.ravel()
    weights = np.maximum(np.einsum("ij,ij->i", places[rows], places[columns]), 0.0)
    one_way = csr_array((weights, (rows, columns)), shape=(len(places), len(places)))
    return (one_way + one_way.T) / 2


def smooth(places: Matrix, steps: int = STEPS) -> Matrix:
    """Move each towards its neighbours, `steps` times; who is whose neighbour stays."""
    near = graph(places, NEIGHBOURS)
    shares = near.multiply(1 / np.maximum(near.sum(axis=1), 1e-9)[:, None]).tocsr()
    for _ in range(steps):
        places = unit((1 - STEP) * places + STEP * (shares @ places))
    return places


def _learn_words(texts: list[str]) -> tuple[Any, Any] | None:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    counter = TfidfVectorizer(
        analyzer=analyze, min_df=2, max_df=max(TOO_COMMON, 3 / len(texts)), sublinear_tf=True
    )
    try:
        table = counter.fit_transform(texts)
    except ValueError:  # no word is left
        return None
    kept = min(WORDS, table.shape[1] - 1, len(texts) - 1)
    if kept < 1:
        return None
    return counter, TruncatedSVD(kept, random_state=0).fit(table)
