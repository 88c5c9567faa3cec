"""Takes away from a question's vector what says nothing about its subject.

What all questions have in common, and what only tells the language, make a short casual question
near to whatever is written like one. Taking half of the mean question away is the largest single
gain found (customers' own words, dense alone, MRR 0.60 → 0.75); taking the language away as well
lets a question find articles that were never translated (the same, all languages, 0.55 → 0.59).
Only the question changes, not the index.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb_index.model_settings import ModelSettings

FloatVector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class QuestionSpace:
    """What an embedding model's questions share: the mean (d,), the axes of language (n, d)."""

    mean: FloatVector
    axes: npt.NDArray[np.float32]

    def centre(self, vector: FloatVector, *, share: float) -> FloatVector:
        """Return the question less `share` of the mean and all of the language, (d,).

        The result is not of length 1. Share 0 leaves the vector as it is.
        """
        if not share:
            return vector
        centred = vector - share * self.mean
        subject: FloatVector = (centred - (centred @ self.axes.T) @ self.axes).astype(np.float32)
        return subject


def question_space(model: ModelSettings) -> QuestionSpace:
    """Return the space of a model's questions."""
    axes = np.array(model.language_axes, dtype=np.float32).reshape(-1, model.dimension)
    return QuestionSpace(np.array(model.question_mean, dtype=np.float32), axes)
