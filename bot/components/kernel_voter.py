"""Votes for intents by likeness to training phrases: kernel ridge regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.components.vectors import Vectors

#: Steepness of the likeness exp(STEEPNESS · (cosine - 1)), and the ridge: best of 1, 1.5, 2, 3, 4
#: and of .03, .1, .3 on banking77 and hwu64, whole and with 10 phrases per intent.
STEEPNESS = 1.5
RIDGE = 0.1
#: Phrases that all others are compared with, at most; beyond, a sample stands for all (the method
#: of Nyström: Williams and Seeger 2001). 1.5 KB and a microsecond each.
LANDMARKS = 2000
_SEED = 0


@dataclass(frozen=True)
class KernelVoter:
    """`landmarks` of shape (m, dimension), unit length; `weights` (m, intents)."""

    landmarks: Vectors
    weights: Vectors

    @classmethod
    def fit(cls, vectors: Vectors, intents: npt.NDArray[np.intp]) -> KernelVoter:
        """Fit to unit vectors (n, dimension) and the number of each one's intent (n,)."""
        wanted = np.eye(int(intents.max()) + 1)[intents]
        wanted -= wanted.mean(axis=0)
        if len(vectors) <= LANDMARKS:
            like = likeness(vectors, vectors).astype(np.float64)
            like[np.diag_indices(len(like))] += RIDGE
            return cls(vectors, np.linalg.solve(like, wanted).astype(np.float32))
        chosen = np.random.default_rng(_SEED).choice(len(vectors), LANDMARKS, replace=False)
        landmarks = vectors[np.sort(chosen)]
        values, axes = np.linalg.eigh(likeness(landmarks, landmarks).astype(np.float64))
        whitening = (axes / np.sqrt(np.maximum(values, 1e-5))).astype(np.float32)
        features = likeness(vectors, landmarks) @ whitening
        square = (features.T @ features).astype(np.float64)
        square[np.diag_indices(len(square))] += RIDGE
        solved = np.linalg.solve(square, features.T @ wanted.astype(np.float32))
        return cls(landmarks, (whitening @ solved).astype(np.float32))

    def scores(self, vectors: Vectors) -> Vectors:
        """Return a score for each intent, shape (n, intents)."""
        result: Vectors = likeness(vectors, self.landmarks) @ self.weights
        return result


def likeness(left: Vectors, right: Vectors) -> Vectors:
    """Return exp(STEEPNESS · (cosine - 1)) of each pair of unit vectors, shape (n, m)."""
    result: Vectors = np.exp(STEEPNESS * (left @ right.T - 1.0))
    return result
