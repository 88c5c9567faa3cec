"""What a customer gets for which search result: the whole table."""

from dataclasses import replace

import pytest

from actions.outcomes import Outcome, choose_outcome
from kb_index.confidence import Decision
from kb_index.retriever import SearchResult
from kb_index.searching import Hit

HIT = Hit(
    article_id="a", locale="en", title="A", anchor="", heading="", quote="q",
    updated="2026-01-01", url="", score=1.0, confidence=0.5, covered=0.5,
)  # fmt: skip


def result(decision, *, hits=True):
    return SearchResult("v", (HIT,) if hits else (), 0.5, Decision(decision))


@pytest.mark.parametrize("decision", ["answer", "clarify", "offer_person"])
def test_the_decision_of_the_search_holds(decision):
    assert choose_outcome(result(decision)) is Outcome(decision)


@pytest.mark.parametrize(
    ("decision", "covered", "expected"),
    [("clarify", 0.3, "offer_person"), ("clarify", 0.7, "clarify"), ("answer", 0.3, "answer")],
)
def test_what_seems_out_of_scope_is_asked_back_only_when_articles_cover_it(
    decision, covered, expected
):
    found = SearchResult("v", (replace(HIT, covered=covered),), 0.5, Decision(decision))

    chosen = choose_outcome(found, out_of_scope=True)

    assert chosen is Outcome(expected)


@pytest.mark.parametrize("decision", ["answer", "clarify", "offer_person"])
def test_without_a_hit_there_is_nothing_to_quote(decision):
    assert choose_outcome(result(decision, hits=False)) is Outcome.OFFER_PERSON
