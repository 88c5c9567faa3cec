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


@pytest.mark.parametrize(
    ("decision", "unsure", "is_complex", "error_known", "expected"),
    [
        ("answer", 0, False, None, "answer"),
        ("answer", 5, False, None, "answer"),
        ("answer", 0, False, True, "answer"),
        ("clarify", 0, False, None, "clarify"),
        ("clarify", 1, False, None, "offer_person"),  # unsure twice running
        ("clarify", 2, False, None, "offer_person"),
        ("offer_person", 0, False, None, "offer_person"),
        ("answer", 0, False, False, "triage"),  # a code no article knows
        ("answer", 0, True, None, "triage"),
        ("answer", 0, True, True, "triage"),
        ("offer_person", 0, True, None, "triage"),
    ],
)
def test_the_table(decision, unsure, is_complex, error_known, expected):
    chosen = choose_outcome(
        result(decision), unsure_turns=unsure, is_complex=is_complex, error_known=error_known
    )

    assert chosen is Outcome(expected)


@pytest.mark.parametrize(
    ("decision", "covered", "expected"),
    [("clarify", 0.3, "offer_person"), ("clarify", 0.7, "clarify"), ("answer", 0.3, "answer")],
)
def test_what_seems_out_of_scope_is_asked_back_only_when_articles_cover_it(
    decision, covered, expected
):
    found = SearchResult("v", (replace(HIT, covered=covered),), 0.5, Decision(decision))

    chosen = choose_outcome(
        found, unsure_turns=0, is_complex=False, error_known=None, out_of_scope=True
    )

    assert chosen is Outcome(expected)


@pytest.mark.parametrize("decision", ["answer", "clarify", "offer_person"])
def test_without_a_hit_there_is_nothing_to_quote(decision):
    chosen = choose_outcome(
        result(decision, hits=False), unsure_turns=0, is_complex=False, error_known=None
    )

    assert chosen is Outcome.OFFER_PERSON
