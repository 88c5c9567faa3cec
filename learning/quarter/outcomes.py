"""What comes of a turn in a simulated quarter: what bot and customer do. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass

from learning.metrics import OOS
from learning.quarter.bot import Understood, intent_name

#: How often customers vote after a right answer and after a wrong one, and how often they ask for
#: a person after a wrong one. Of the order of what help centres report: most say nothing.
VOTES_RIGHT, VOTES_WRONG, ASKS_PERSON = 0.10, 0.25, 0.50


@dataclass(frozen=True, slots=True)
class Outcome:
    """One turn as the history tells it."""

    did: str
    right: bool  #: what nobody but the simulation knows: it was understood
    contained: bool  #: no person was asked for
    vote: int | None = None
    handoff_reason: str | None = None
    helped: bool | None = None


def outcome_of(label: str, understood: Understood, draw: random.Random) -> Outcome:
    """Return what happens when a customer who means `label` was understood so."""
    right = understood.intent == (OOS if label == OOS else intent_name(label))
    if understood.intent == OOS:
        # What is not ours is turned away rightly; everybody else is handed over.
        return Outcome("offer_person", right, label == OOS, None, None if right else "unsure")
    if right:
        voted = draw.random() < VOTES_RIGHT
        return Outcome("answer", True, True, 1 if voted else None, None, True if voted else None)
    voted, asks = draw.random() < VOTES_WRONG, draw.random() < ASKS_PERSON
    return Outcome(
        "answer",
        False,
        not asks,
        -1 if voted else None,
        "request_person" if asks else None,
        False if voted or asks else None,
    )
