"""What several reviewers' decisions come to, and how far they agree."""

import pytest

from handoff_service.archive.learning.verdicts import (
    Decision,
    GroupState,
    Verdict,
    agreement,
    outcome,
)


def said(reviewer, verdict, group=1, at=None, **more):
    said.count += 1
    return Decision(
        decision_id=f"d_{said.count:04}", group_id=group, reviewer=reviewer,
        at_ms=said.count if at is None else at, verdict=Verdict(verdict), **more,
    )  # fmt: skip


said.count = 0


def intent(reviewer, name, **more):
    return said(reviewer, "intent", intent=name, **more)


@pytest.mark.parametrize(
    ("decisions", "state", "carrying"),
    [
        ([], GroupState.OPEN, 0),
        ([said("a", "ignore")], GroupState.IGNORED, 1),
        ([said("a", "spam")], GroupState.SPAM, 1),
        ([intent("a", "x")], GroupState.DECIDED, 1),
        ([intent("a", "x"), intent("b", "x")], GroupState.DECIDED, 2),
        ([intent("a", "x"), intent("b", "y")], GroupState.DISPUTED, 0),
        ([intent("a", "x"), intent("b", "y"), intent("c", "y")], GroupState.DECIDED, 2),
        ([intent("a", "x"), said("b", "right", intent="x")], GroupState.DECIDED, 2),
        ([intent("a", "x"), intent("a", "y")], GroupState.DECIDED, 1),
        ([intent("a", "x", withdrawn_ms=10**6)], GroupState.OPEN, 0),
        ([intent("a", "x"), intent("b", "y", withdrawn_ms=10**6)], GroupState.DECIDED, 1),
    ],
)
def test_more_than_half_must_say_the_same(decisions, state, carrying):
    found, those = outcome(decisions)

    assert (found, len(those)) == (state, carrying)


def test_kappa_of_two_reviewers_by_hand():
    # 20 + 15 of 50 alike; a says x 25 times, b 30 times: (0.7 - 0.5) / (1 - 0.5) = 0.4.
    counts = {("x", "x"): 20, ("x", "y"): 5, ("y", "x"): 10, ("y", "y"): 15}
    decisions, group = [], 0
    for (left, right), times in counts.items():
        for _ in range(times):
            group += 1
            decisions += [intent("a", left, group=group), intent("b", right, group=group)]

    found = agreement(decisions)

    assert (found.pairs, found.agreed) == (50, 35)
    assert found.kappa == pytest.approx(0.4)


def test_who_gives_in_afterwards_does_not_make_it_better():
    differ = [
        intent("a", "x", at=1, withdrawn_ms=3),
        intent("b", "y", at=2),
        intent("a", "y", at=3),
    ]
    slip = [said("a", "spam", at=1, withdrawn_ms=2), intent("a", "x", at=2), intent("b", "x", at=3)]

    assert (agreement(differ).pairs, agreement(differ).agreed) == (1, 0)
    assert (agreement(slip).pairs, agreement(slip).agreed) == (1, 1), "corrected in time"
    assert agreement([intent("a", "x")]).kappa is None
