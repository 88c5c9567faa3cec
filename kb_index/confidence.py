"""Says how likely a hit answers the question, and what to do about it.

confidence = P(some article covers the subject) · P(this one is right, if one does), each a logistic
function. One of all features together is worse, since the two fail for different reasons. Fitted on
help centres (headings, summaries and customers' own words as questions, with other products'
questions, small talk and near misses as unanswerable ones), every product checked with a fit on the
others, before the last change of the weights of fusion: docs/benchmarks.md. The numbers belong to
the bundled embedding model; for another one `baton kb calibrate` finds cut-offs that suit it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from kb_index.cutoffs import Cutoffs


class Decision(str, Enum):
    """What the bot should do with the best hit."""

    ANSWER = "answer"  # quote it
    CLARIFY = "clarify"  # offer the best articles to choose from
    OFFER_PERSON = "offer_person"  # nothing fits


@dataclass(frozen=True, slots=True)
class Features:
    """What the formula looks at, for one hit. Without another article there are no comparisons."""

    meaning: float  # inner product of the centred question with the article's best chunk
    length: float  # of the centred question
    unknown: float  # share of the question's words that no article has, rare words counting more
    margin: float | None  # score less the best other article's
    lead: float | None  # score less the mean of the five best others'


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities, 0 to 1: that some article covers the subject, and that this one answers."""

    covered: float
    right: float


#: Raise it when the formula changes: what was measured with another one is not used.
FORMULA = 1
#: Weights of length and unknown words in what is left of the meaning.
_LENGTH, _UNKNOWN = 0.2, 0.04
#: Is the subject covered? Constant, and weight of what is left of the meaning.
_COVERED = (-20.38, 66.33)
#: Is this one right? Constant, weights of margin and lead.
_RIGHT = (-1.222, 41.01, 23.01)
#: Stand in where an article has no rival: about what right hits have.
_USUAL_MARGIN = 0.05
_USUAL_LEAD = 0.1


def assess(features: Features) -> Confidence:
    """Return how sure a hit is."""
    left = features.meaning - _LENGTH * features.length - _UNKNOWN * features.unknown
    margin = _USUAL_MARGIN if features.margin is None else features.margin
    lead = _USUAL_LEAD if features.lead is None else features.lead
    covered = _logistic(_COVERED[0] + _COVERED[1] * left)
    right = _logistic(_RIGHT[0] + _RIGHT[1] * margin + _RIGHT[2] * lead)
    return Confidence(covered, covered * right)


def decide(confidence: Confidence, cutoffs: Cutoffs) -> Decision:
    """Choose what to do from the best hit's confidence.

    Asking back is worth it when the subject is covered, whichever of the articles is right.
    """
    if confidence.right >= cutoffs.answer:
        return Decision.ANSWER
    return Decision.CLARIFY if confidence.covered >= cutoffs.clarify else Decision.OFFER_PERSON


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
