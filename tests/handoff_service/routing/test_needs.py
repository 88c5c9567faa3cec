"""What a handoff asks of an agent, as a table."""

from dataclasses import replace

import pytest

from handoff_service.conversation import Handoff, Identity, Needs
from handoff_service.routing.needs import RoutingRules, Rule, needs_of

RULES = RoutingRules(
    default=Rule(sla_ms=600_000),
    topics={
        "refund": Rule(skill="billing", level=2, weight=2),
        "order": Rule(team="nord", priority=6),
    },
    reasons={
        "safety": Rule(priority=9, sla_ms=60_000),
        "security": Rule(skill="accounts", weight=3),
        "bored": Rule(priority=0),
    },
    flags={
        "vip": Rule(tier="VIP", priority=8, sla_ms=120_000),
        "b2b": Rule(tier="B2B", team="b2b"),
    },
)
PLAIN = {"sla_ms": 600_000}

TABLE = {
    "nothing known": ("", "asked", [], PLAIN),
    "topic": ("refund", "asked", [], {"skill": "billing", "level": 2, "weight": 2} | PLAIN),
    "reason": ("", "safety", [], {"priority": 9, "sla_ms": 60_000}),
    "a priority below the default's": ("", "bored", [], {"priority": 0} | PLAIN),
    "flag": ("", "asked", ["vip"], {"tier": "VIP", "priority": 8, "sla_ms": 120_000}),
    "a flag no rule knows": ("", "asked", ["new"], PLAIN),
    "the topic's skill before the reason's, the greater weight": (
        "refund", "security", [], {"skill": "billing", "level": 2, "weight": 3} | PLAIN),
    "a reason's skill is not taken with a topic's level": (
        "order", "security", [],
        {"skill": "accounts", "team": "nord", "priority": 6, "weight": 3} | PLAIN),
    "highest priority, shortest promise, first tier, the topic's team": (
        "order", "safety", ["vip", "b2b"],
        {"team": "nord", "priority": 9, "sla_ms": 60_000, "tier": "VIP"}),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_what_is_needed(case):
    topic, reason, flags, expected = TABLE[case]
    handoff = Handoff(reason=reason, topic=topic, language="en")

    identity = Identity("u", flags=tuple(flags)) if flags else None

    assert needs_of(RULES, handoff, identity) == Needs(**expected)


@pytest.mark.parametrize(
    ("tier", "flags", "expected"),
    [
        ("gold", (), {"tier": "Gold", "priority": 7} | PLAIN),
        ("silver", (), {"tier": "silver"} | PLAIN),  # shown as it is signed
        ("gold", ("vip",), {"tier": "Gold", "priority": 8, "sla_ms": 120_000}),
        (None, (), PLAIN),
    ],
)
def test_a_tier_that_the_site_signed_counts_before_flags(tier, flags, expected):
    rules = replace(RULES, tiers={"gold": Rule(tier="Gold", priority=7)})
    identity = Identity("u", flags=flags, tier=tier)

    assert needs_of(rules, Handoff("asked", "", "en"), identity) == Needs(**expected)


def test_without_rules_anybody_who_speaks_the_language_will_do():
    handoff = Handoff(reason="safety", topic="refund", language="en")

    assert needs_of(RoutingRules(), handoff, Identity("u", flags=("vip",))) == Needs()
