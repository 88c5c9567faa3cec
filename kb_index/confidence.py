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

    cosine: float  # best chunk of the article against the question
    lift: float  # cosine less the mean of the candidates' cosines
    margin: float  # cosine less the best other article's; negative unless it is first
    coverage: float  # share of the question's words found in the article, rare words counting more
    lexical_share: float  # article's BM25 score / the best article's
    agreement: float  # 1.0 when meaning and words rank this article first


#: Weights of the standardised formula, in the order of Features.
WEIGHTS = (20.0, 20.0, 10.0, 2.0, 1.0, 1.0)
BIAS = -20.0
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
