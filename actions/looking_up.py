"""Find what the knowledge base says to a question, with the one before it if it goes on."""

from __future__ import annotations

from actions import follow_up
from actions.findings import Finding
from actions.follow_up import Question
from actions.knowledge import Knowledge
from actions.outcomes import Outcome, choose_outcome
from actions.repeated import Asked
from kb_index.retriever import SearchResult


async def look_up(
    knowledge: Knowledge, question: Question, *, locale: str, before: Asked | None = None
) -> Finding:
    """Search for a question; a second time, together with `before`, only where that may help.

    Raises:
        KnowledgeMissing: there is no index or model.
    """
    text = _calm(question.text)
    own = await knowledge.search(text, locale=locale)
    if before and follow_up.may_follow(question, own, article_before=before["article_id"]):
        both = follow_up.join(before["text"], text)
        joined = await knowledge.search(both, locale=locale)
        if follow_up.is_better(joined, own, question):
            return _finding(joined, query=both, goes_on=True)
    outside = question.intent == "out_of_scope"
    return _finding(own, query=text, out_of_scope=outside)


async def look_up_article(
    knowledge: Knowledge, question: str, article_id: str, *, locale: str
) -> Finding:
    """Find what an article that the customer chose says to a question: nothing is guessed.

    Raises:
        KnowledgeMissing: there is no index or model.
    """
    hit, version = await knowledge.find_in_article(question, article_id, locale=locale)
    outcome = Outcome.OFFER_PERSON if hit is None else Outcome.ANSWER
    hits = () if hit is None else (hit,)
    return Finding(outcome, hits, None, query=question, index_version=version)


def _calm(text: str) -> str:
    """Return a question put in capitals as it would be put calmly: its vector is another one."""
    return text.lower() if text.isupper() and len(text.split()) > 1 else text


def _finding(
    result: SearchResult, *, query: str, out_of_scope: bool = False, goes_on: bool = False
) -> Finding:
    return Finding(
        choose_outcome(result, out_of_scope=out_of_scope),
        result.hits,
        result.confidence,
        query=query,
        index_version=result.version,
        goes_on=goes_on,
    )
