"""Reads routing.yml; whatever is wrong with it is told at once, each with its line."""

from pathlib import Path

import yaml

from handoff_service.errors import RoutingError
from handoff_service.routing.needs import RoutingRules, Rule
from handoff_service.routing.policy import FIRST_PRIORITY, Widening
from handoff_service.yaml_nodes import NodeReader, Unreadable, Unusable, compose

#: Read where no other file is named; it need not exist.
PROJECT_FILE = Path("data/routing.yml")
#: The highest level of a skill.
TOP_LEVEL = 5
#: The heaviest conversation, in units of an agent's capacity.
TOP_WEIGHT = 100
#: The longest wait and the longest promise, in seconds: a day and a week.
TOP_WAIT_S, TOP_SLA_S = 86_400, 604_800

_RULE = {"skill", "level", "team", "priority", "tier", "sla_s", "weight"}
_WAITS = ("level_s", "skill_s", "team_s", "wanted_agent_s", "language_s")


def find_routing(chosen: Path | None) -> RoutingRules:
    """Return the rules of the chosen file, else of the project's, else none.

    Raises:
        RoutingError: as read_routing; also when the chosen file is missing.
    """
    if chosen is None and not PROJECT_FILE.exists():
        return RoutingRules()
    return read_routing(chosen or PROJECT_FILE)


def read_routing(path: Path) -> RoutingRules:
    """Read a file; docs/runbook.md says what it may hold.

    Raises:
        RoutingError: it cannot be read, or any line of it cannot be used; names every one.
    """
    try:
        return routing_of(compose(path))
    except Unreadable as error:
        raise RoutingError([str(error)]) from error
    except Unusable as error:
        raise RoutingError(error.lines(path)) from error


def routing_of(root: yaml.Node | None) -> RoutingRules:
    """Read what stands in such a file. Raises Unusable."""
    reader = _Reader()
    return reader.checked(reader.rules(root), root)


class _Reader(NodeReader):
    """Knows what the file may say."""

    def rules(self, root: yaml.Node | None) -> RoutingRules:
        if root is None:
            return RoutingRules()
        allowed = {"default", "topics", "reasons", "tiers", "flags", "widening"}
        known = self.fields(root, allowed, required=set())
        default = known.get("default")
        return RoutingRules(
            default=self._rule(default) if default is not None else Rule(),
            topics=self._named(known.get("topics"), "a topic and what it needs"),
            reasons=self._named(known.get("reasons"), "a reason and what it needs"),
            tiers=self._named(known.get("tiers"), "a tier and what it needs"),
            flags=self._named(known.get("flags"), "a flag and what it needs"),
            widening=self._widening(known.get("widening")),
        )

    def _named(self, node: yaml.Node | None, expected: str) -> dict[str, Rule]:
        return {name.value: self._rule(rule) for name, rule in self.pairs(node, expected)}

    def _rule(self, node: yaml.Node) -> Rule:
        known = self.fields(node, _RULE, required=set())
        if "level" in known and "skill" not in known:
            self.problem(known["level"], "level: of which skill? name one beside it")
        sla_s = self._count(known.get("sla_s"), 1, TOP_SLA_S)
        return Rule(
            skill=self._name(known.get("skill")),
            level=self._count(known.get("level"), 1, TOP_LEVEL),
            team=self._name(known.get("team")),
            priority=self._count(known.get("priority"), 0, FIRST_PRIORITY),
            tier=self._name(known.get("tier")),
            sla_ms=None if sla_s is None else sla_s * 1000,
            weight=self._count(known.get("weight"), 1, TOP_WEIGHT),
        )

    def _widening(self, node: yaml.Node | None) -> Widening:
        if node is None:
            return Widening()
        known = self.fields(node, set(_WAITS), required=set())
        waits = {
            name.removesuffix("_s") + "_ms": self.number(value, 0, TOP_WAIT_S) * 1000
            for name, value in known.items()
            if name in _WAITS
        }
        return Widening(**waits)

    def _name(self, node: yaml.Node | None) -> str | None:
        return None if node is None else self.text(node)

    def _count(self, node: yaml.Node | None, low: int, high: int) -> int | None:
        return None if node is None else self.number(node, low, high)
