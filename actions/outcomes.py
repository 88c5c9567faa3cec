"""What to do with a search's result: pure rules, no I/O."""

from __future__ import annotations

from enum import Enum

from kb_index.retriever import SearchResult

#: Unsure questions in a row after which a person is offered instead of asking back again.
PATIENCE = 1


class Outcome(str, Enum):
    """What the customer gets."""

    ANSWER = "answer"  #: the passage, with its source
    CLARIFY = "clarify"  #: up to three articles to choose from
    OFFER_PERSON = "offer_person"  #: no article fits well enough
    TRIAGE = "triage"  #: too complex for an article: questions for the agent, then the handoff


#: How sure the search must be that articles cover what the intents call out of scope.
COVERED = 0.5


def choose_outcome(
    result: SearchResult,
    *,
    unsure_turns: int,
    is_complex: bool,
    error_known: bool | None,
    out_of_scope: bool = False,
) -> Outcome:
    """Choose what the customer gets.

    Args:
        result: What the knowledge base found.
        unsure_turns: Questions just before this one that had no sure answer.
        is_complex: The customer describes a fault that outlives the usual steps.
        error_known: Whether the articles know the error code in the message; None without a code.
        out_of_scope: The intent says that the question is about something else.
    """
    if is_complex or error_known is False:
        return Outcome.TRIAGE
    if result.decision.value == "answer" and result.hits:
        return Outcome.ANSWER
    if result.decision.value == "clarify" and result.hits and unsure_turns < PATIENCE:
        doubtful = out_of_scope and result.hits[0].covered < COVERED
        return Outcome.OFFER_PERSON if doubtful else Outcome.CLARIFY
    return Outcome.OFFER_PERSON
