"""Which rule applies to which situation: the project's own rules, one condition at a time."""

import pytest

from handoff_rules.reading import read_rules
from handoff_rules.rules import Situation

RULES = read_rules()
VIP = frozenset({"vip"})


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (Situation(said="safety", intent="ask_device"), ("safety", "connect")),
        (Situation(intent="request_person"), ("asked", "connect")),
        (Situation(intent="none_of_these"), ("none_of_these", "connect")),
        (Situation(intent="complaint"), ("displeasure", "offer")),
        (
            Situation(intent="complaint", probability=0.9, offered=True),
            ("displeasure", "connect"),
        ),
        (Situation(intent="complaint", probability=0.8, offered=True), ("displeasure", "offer")),
        (Situation(intent="not_helped"), ("disliked_answer", "offer")),
        (Situation(intent="ask_order", disliked=True), ("disliked_answer", "offer")),
        (Situation(unsure_in_a_row=2), ("low_confidence", "offer")),
        (Situation(unsure_in_a_row=3), ("low_confidence", "offer")),
        (Situation(times_asked=3), ("repeated_question", "connect")),
        (Situation(times_asked=4, unsure_in_a_row=4), ("repeated_question", "connect")),
        (Situation(unknown_error_code=True), ("unknown_error_code", "triage")),
        (Situation(stubborn_fault=True), ("technical_issue", "triage")),
        (Situation(unsure_in_a_row=1, flags=VIP), ("vip", "connect")),
        (Situation(disliked=True, flags=VIP), ("vip", "connect")),
        (Situation(unsure_in_a_row=1, flags=VIP, stubborn_fault=True),
         ("technical_issue", "triage")),
    ],
)  # fmt: skip
def test_a_situation_and_its_rule(now, expected):
    rule = RULES.decide(now)

    assert rule is not None
    assert (rule.reason, rule.do.value) == expected


@pytest.mark.parametrize(
    "now",
    [
        Situation(),
        Situation(intent="ask_order"),
        Situation(intent="ask_order", offered=True),
        Situation(unsure_in_a_row=1),
        Situation(times_asked=2),
        Situation(flags=VIP),
        Situation(unsure_in_a_row=1, flags=frozenset({"beta"})),
        Situation(said="gone"),
    ],
)
def test_near_misses_call_nobody(now):
    assert RULES.decide(now) is None
