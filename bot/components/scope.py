"""Tells messages about one of our intents from all others, by a measured cut-off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.components.vectors import Vectors

Flags = npt.NDArray[np.bool_]

#: As if so many messages that fit no intent had come with the training phrases: with few phrases
#: an unknown message is likely, with many it is not (the prior of a Dirichlet process; Ferguson
#: 1973). Less lets more unknown messages pass in HINT3, more refuses known ones in banking77.
UNKNOWN_BESIDE = 50
#: So many out-of-scope phrases say more of what is unknown than left-out intents do.
ENOUGH_OUTSIDE = 30
#: Times that the cut-off is chosen anew, from phrases drawn with replacement.
RESAMPLES = 50


@dataclass(frozen=True)
class Scope:
    """`sigmoid(slope · height + offset)` is how sure it is that a message is in scope, 0..1.

    The height of a message is `heights`; `threshold` is the least certainty that is believed.
    """

    slope: float = 1.0
    offset: float = 0.0
    threshold: float = 0.0

    def certainty(self, heights: Vectors) -> Vectors:
        """Return how sure it is that each message is in scope, 0..1, shape (n,)."""
        result: Vectors = 1 / (1 + np.exp(-(self.slope * heights + self.offset)))
        return result


#: Refuses nothing: there was too little to measure a cut-off.
BELIEVES_ALL = Scope()


@dataclass(frozen=True)
class Trial:
    """What was measured on held-out phrases, each array of shape (n,).

    `right`: the best intent was the right one. `known`: the model was trained on the phrase's
    intent. `outside`: the phrase is an example of what is out of scope.
    """

    heights: Vectors
    right: Flags
    known: Flags
    outside: Flags


def heights(scores: Vectors, outside: int | None) -> tuple[npt.NDArray[np.intp], Vectors]:
    """Return the best in-scope intent (its column) and how far it stands out, per message.

    Scores are better than probabilities here: a probability is high as well where all intents are
    far away and one a little less so (HINT3: area under the ROC curve 86.4 instead of 79.4).

    Args:
        scores: Of shape (n, intents), each row of mean 0.
        outside: The column of the out-of-scope intent: what it has, the message lacks.
    """
    inside = scores.copy()
    if outside is not None:
        inside[:, outside] = -np.inf
    best = inside.argmax(axis=1)
    top = inside[np.arange(len(inside)), best]
    return best, top if outside is None else 2 * top - scores[:, outside]


def measure_scope(trial: Trial, *, n_phrases: int, n_outside: int) -> Scope:
    """Fit certainty and cut-off to phrases that the model was not trained on.

    The cut-off treats most messages rightly if the share of unknown ones is that of
    `UNKNOWN_BESIDE`. Enough examples of what is out of scope stand for the unknown, else the
    phrases of intents that were left out in turn.
    """
    given = trial.outside if trial.outside.sum() >= ENOUGH_OUTSIDE else trial.outside | ~trial.known
    inside = trial.known & ~trial.outside
    if not inside.any() or not given.any():
        return BELIEVES_ALL
    slope, offset = _fit_certainty(trial.heights[inside], trial.heights[given])
    fitted = Scope(slope, offset)
    share = (UNKNOWN_BESIDE + n_outside) / (UNKNOWN_BESIDE + n_phrases)
    threshold = choose_threshold(
        fitted.certainty(trial.heights[inside]),
        trial.right[inside],
        fitted.certainty(trial.heights[given]),
        unknown_share=share,
    )
    return Scope(slope, offset, threshold)


def choose_threshold(
    inside: Vectors, right: Flags, outside: Vectors, *, unknown_share: float
) -> float:
    """Return the cut-off that treats the largest share of messages rightly, over resamples.

    The mean over resamples (bagging; Breiman 1996): the single best cut-off jumps from phrase to
    phrase where there are few.

    Rightly: a known one is believed and its best intent is right, an unknown one is refused.

    Args:
        inside: Certainties of known messages, shape (n,).
        right: Whether the best intent was right, shape (n,).
        outside: Certainties of unknown messages, shape (m,).
        unknown_share: The share of unknown messages to reckon with, 0..1.
    """
    cuts = np.linspace(0.0, 0.99, 100)
    # Floats, of shape (cuts, phrases): what each cut treats rightly.
    kept = ((inside >= cuts[:, None]) & right).astype(np.float32)
    refused = (outside < cuts[:, None]).astype(np.float32)
    random, best = np.random.default_rng(0), []
    for _ in range(RESAMPLES):
        known = random.multinomial(len(inside), np.full(len(inside), 1 / len(inside)))
        unknown = random.multinomial(len(outside), np.full(len(outside), 1 / len(outside)))
        gains = (1 - unknown_share) * (kept @ known) / len(inside)
        gains += unknown_share * (refused @ unknown) / len(outside)
        best.append(cuts[int(np.argmax(gains))])
    return float(np.mean(best))


def _fit_certainty(inside: Vectors, outside: Vectors) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression  # only training needs it

    regression = LogisticRegression(class_weight="balanced")
    labels = np.repeat([1, 0], [len(inside), len(outside)])
    regression.fit(np.concatenate([inside, outside])[:, None], labels)
    return float(regression.coef_[0, 0]), float(regression.intercept_[0])
