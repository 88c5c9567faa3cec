"""Says what a handoff asks of an agent, and how urgent it is. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from handoff_service.conversation import Handoff, Identity, Needs
from handoff_service.routing.policy import Widening

DEFAULT_PRIORITY = Needs().priority


@dataclass(frozen=True, slots=True)
class Rule:
    """What one topic, reason, tier or flag asks for; what is None, it leaves open."""

    skill: str | None = None
    level: int | None = None
    team: str | None = None
    priority: int | None = None
    tier: str | None = None
    sla_ms: int | None = None
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """The whole of data/routing.yml."""

    default: Rule = field(default_factory=Rule)
    topics: Mapping[str, Rule] = field(default_factory=dict)
    reasons: Mapping[str, Rule] = field(default_factory=dict)
    flags: Mapping[str, Rule] = field(default_factory=dict)
    tiers: Mapping[str, Rule] = field(default_factory=dict)
    widening: Widening = field(default_factory=Widening)


def needs_of(rules: RoutingRules, handoff: Handoff, identity: Identity | None) -> Needs:
    """Gather what the rules of topic, reason, the customer's tier and flags ask for.

    Skill (with its level), team and tier are those of the first rule that names one: topic, then
    reason, then tier and flags as the site signed them; a tier that no rule renames is shown as it
    is. Of several priorities the highest holds, of several
    promises the shortest, of several weights the greatest. What no rule names is the default's.
    """
    fitting = list(_fitting(handoff, identity, rules))
    signed_tier = identity.tier if identity else None
    by_skill = [rule for rule in (*fitting, rules.default) if rule.skill is not None]
    default = rules.default
    return Needs(
        skill=by_skill[0].skill if by_skill else None,
        level=(by_skill[0].level or 1) if by_skill else 1,
        team=next((rule.team for rule in fitting if rule.team), default.team),
        priority=_or(
            max((rule.priority for rule in fitting if rule.priority is not None), default=None),
            _or(default.priority, DEFAULT_PRIORITY),
        ),
        tier=next((rule.tier for rule in fitting if rule.tier), signed_tier or default.tier),
        sla_ms=min((rule.sla_ms for rule in fitting if rule.sla_ms), default=default.sla_ms),
        weight=max((rule.weight for rule in fitting if rule.weight), default=default.weight or 1),
    )


def _fitting(handoff: Handoff, identity: Identity | None, rules: RoutingRules) -> Iterator[Rule]:
    named = [(rules.topics, handoff.topic), (rules.reasons, handoff.reason)]
    if identity is not None:
        named += [(rules.tiers, identity.tier or ""), *((rules.flags, f) for f in identity.flags)]
    for kind, name in named:
        if name in kind:
            yield kind[name]


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value
