"""What to do with a search's result: pure rules, no I/O."""

from __future__ import annotations

from enum import Enum

from kb_index.retriever import SearchResult

#: How sure the search must be that articles cover what the intents call out of scope.
COVERED = 0.5


class Outcome(str, Enum):
    """What the customer gets."""

    ANSWER = "answer"  #: the passage, with its source
    CLARIFY = "clarify"  #: up to three articles to choose from
    OFFER_PERSON = "offer_person"  #: no article fits well enough


def choose_outcome(result: SearchResult, *, out_of_scope: bool = False) -> Outcome:
    """Choose what the customer gets.

    Args:
        result: What the knowledge base found.
        out_of_scope: The intent says that the question is about something else.
    """
    if result.decision.value == "answer" and result.hits:
        return Outcome.ANSWER
    if result.decision.value == "clarify" and result.hits:
        doubtful = out_of_scope and result.hits[0].covered < COVERED
        return Outcome.OFFER_PERSON if doubtful else Outcome.CLARIFY
    return Outcome.OFFER_PERSON
