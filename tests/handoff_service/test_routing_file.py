"""The file of routing rules: what it may say, and how each mistake is told."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from handoff_service.errors import RoutingError
from handoff_service.routing.needs import RoutingRules, Rule
from handoff_service.routing.policy import Widening
from handoff_service.routing_file import find_routing, read_routing

ROOT = Path(__file__).resolve().parents[2]
GOOD = """\
default: {priority: 4, sla_s: 600}
topics:
  ask_billing: {skill: billing, level: 2, weight: 2}
  ask_order: {team: nord}
reasons:
  safety: {priority: 9, sla_s: 60}
flags:
  vip: {tier: VIP, priority: 8}
widening: {skill_s: 5, language_s: 0}
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        file = tmp_path / "routing.yml"
        file.write_text(text, "utf-8")
        return file

    return write


def test_what_a_file_may_say(written):
    rules = read_routing(written(GOOD))

    assert rules == RoutingRules(
        default=Rule(priority=4, sla_ms=600_000),
        topics={
            "ask_billing": Rule(skill="billing", level=2, weight=2),
            "ask_order": Rule(team="nord"),
        },
        reasons={"safety": Rule(priority=9, sla_ms=60_000)},
        flags={"vip": Rule(tier="VIP", priority=8)},
        widening=Widening(skill_ms=5000, language_ms=0),
    )


def test_the_projects_own_file_can_be_read_and_asks_no_more_than_agents_without_skills_have():
    rules = find_routing(ROOT / "data" / "routing.yml")

    assert rules.topics["ask_refund"].skill == "billing"
    every = (rules.default, *rules.topics.values(), *rules.reasons.values(), *rules.flags.values())
    assert not any(rule.team or (rule.level or 1) > 1 for rule in every)


def test_its_topics_and_reasons_are_those_of_the_project():
    rules = find_routing(ROOT / "data" / "routing.yml")

    intents = {file.stem for file in (ROOT / "data" / "nlu").glob("*.yml")}
    codes = re.findall(r"reason: (\w+)", (ROOT / "data" / "handoff_rules.yml").read_text("utf-8"))
    assert set(rules.topics) <= intents
    assert set(rules.reasons) <= set(codes)


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_and_none_at_all_rule_nothing(text, written, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert read_routing(written(text)) == find_routing(None) == RoutingRules()


def test_a_chosen_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(RoutingError, match=r"none\.yml: cannot be read"):
        find_routing(tmp_path / "none.yml")


WRONG = {
    "topics: [a]": "1: expected a topic and what it needs",
    "topics: {a: {skil: x}}": "1: 'skil' is unknown; expected level, priority, skill, sla_s",
    "reasons:\n  a: {priority: 10}": "2: '10' is not a whole number 0…9",
    "reasons:\n  a: {sla_s: soon}": "2: 'soon' is not a whole number 1…604800",
    "flags:\n  a: {skill: x, level: 0}": "2: '0' is not a whole number 1…5",
    "flags:\n  a: {level: 2}": "2: level: of which skill? name one beside it",
    "default: {weight: 0}": "1: '0' is not a whole number 1…100",
    "widening: {skill_s: -1}": "1: '-1' is not a whole number 0…86400",
    "widening: {skill: 9}": "1: 'skill' is unknown; expected language_s, level_s",
    "a: {}\n": "1: 'a' is unknown; expected default, flags, reasons, tiers, topics, widening",
    "topics:\n  a: {team: x}\n  a: {team: y}": "3: 'a' stands here twice; leave one",
    "topics: {a: {team: [x]}}": "1: expected plain text",
    "topics: {a": "1: is not YAML",
    "- a": "1: expected default, flags, reasons, tiers, topics, widening",
}


@pytest.mark.parametrize("text", WRONG)
def test_each_mistake_is_told_with_its_line(text, written):
    file = written(text)

    with pytest.raises(RoutingError) as told:
        read_routing(file)

    assert any(f"{file}:{WRONG[text]}" in problem for problem in told.value.problems), told.value


def test_all_mistakes_are_told_at_once(written):
    with pytest.raises(RoutingError) as told:
        read_routing(written("default: {priority: x}\ntopics:\n  a: {weight: 0}\n  b: {c: d}\n"))

    assert [problem.split(":")[1] for problem in told.value.problems] == ["1", "3", "4"]


@given(st.text(max_size=80))
def test_no_text_whatever_ends_in_anything_but_rules_or_a_clear_error(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("any") / "routing.yml"
    file.write_text(text, "utf-8", errors="ignore")

    with contextlib.suppress(RoutingError):
        read_routing(file)
