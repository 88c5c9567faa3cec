"""Chooses the questions that a maintainer should look at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb_index.evaluation import Answered

#: How many questions each list shows at most.
SHOWN = 10
#: A right article below this rank is as good as not found: nobody sees it.
_SEEN = 5


@dataclass(frozen=True, slots=True)
class Worst:
    """Lists of questions, the worst first; a question stands in one of them at most."""

    wrong: tuple[Answered, ...]  # would be answered wrongly, the surest first
    missed: tuple[Answered, ...]  # no right article among the first five, the surest first
    doubted: tuple[Answered, ...]  # right, but would not be answered, the least sure first


def find_worst(answered: Sequence[Answered]) -> Worst:
    """Choose up to SHOWN questions a list."""
    wrong = [one for one in answered if one.given and not one.right]
    unsure = [one for one in answered if one.question.gold and not one.given]
    missed = [one for one in unsure if not one.question.gold.intersection(one.ranked[:_SEEN])]
    doubted = [one for one in unsure if one.right]
    return Worst(
        wrong=tuple(sorted(wrong, key=lambda one: -one.confidence)[:SHOWN]),
        missed=tuple(sorted(missed, key=lambda one: -one.confidence)[:SHOWN]),
        doubted=tuple(sorted(doubted, key=lambda one: one.confidence)[:SHOWN]),
    )
