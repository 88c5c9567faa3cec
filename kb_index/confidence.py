"""Says how likely a hit answers the question, and what to do about it."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from enum import Enum


class Decision(str, Enum):
    """What the bot should do with the best hit."""

    ANSWER = "answer"  # quote it
    CLARIFY = "clarify"  # offer the best articles to choose from
    OFFER_PERSON = "offer_person"  # nothing fits


@dataclass(frozen=True, slots=True)
class Features:
    """What the formula looks at, for one hit; all numbers, most of them between 0 and 1."""

    meaning: float  # cosine of the article's best chunk with the question
    lift: float  # the same less the mean of the other candidates'
    heading: float  # cosine of its best heading with the question
    margin: float  # fused score less the best other article's; negative unless it is first
    coverage: float  # share of the question's words in the passage, rare words counting more
    words: float  # BM25 score / the best article's


#: Weights of the formula, in the order of Features.
WEIGHTS = (20.0, 20.0, 10.0, 1.0, 3.0, 1.0)
BIAS = -30.0
#: From here on the best hit is quoted, or else offered as one of several.
ANSWER_FROM = 0.6
CLARIFY_FROM = 0.25


def probability(features: Features) -> float:
    """Return the probability, 0 to 1, that the hit answers the question: 1 / (1 + exp(-(w·x + b)))."""
    score = BIAS + sum(w * x for w, x in zip(WEIGHTS, astuple(features), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def decide(confidence: float) -> Decision:
    """Choose what to do from the best hit's confidence."""
    if confidence >= ANSWER_FROM:
        return Decision.ANSWER
    return Decision.CLARIFY if confidence >= CLARIFY_FROM else Decision.OFFER_PERSON
