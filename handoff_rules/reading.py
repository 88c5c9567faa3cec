"""Read the rules file; everything wrong with it is told at once, with line and remedy."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml

from handoff_rules.rules import Condition, Move, Rule, Rules
from handoff_rules.words import BadEntry, Words

#: The project's own rules.
FILE = Path(__file__).resolve().parent.parent / "data" / "handoff_rules.yml"
LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")

_RULE_KEYS = {"reason", "do", "say", "when"}
_COUNTS = {"unsure_in_a_row", "same_question"}
_SWITCHES = {"disliked", "offered", "unknown_error_code", "stubborn_fault"}
_LISTS = {"intents", "flags"}
_CONDITIONS = {"words", "unless", "sure"} | _COUNTS | _SWITCHES | _LISTS
_YES_NO = {"true": True, "false": False}


class BadRules(Exception):
    """The rules file cannot be used; `problems` holds a line `file:line: what and remedy` each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Fault(Exception):
    def __init__(self, node: yaml.Node, what: str) -> None:
        super().__init__(what)
        self.line = node.start_mark.line + 1


def read_rules(file: Path = FILE) -> Rules:
    """Read the rules.

    Raises:
        BadRules: every problem of the file.
    """
    try:
        text = file.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except FileNotFoundError:
        raise BadRules([f"{file}:1: no such file. Remedy: take it from the project"]) from None
    except UnicodeDecodeError:
        raise BadRules([f"{file}:1: not UTF-8. Remedy: save it as UTF-8"]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadRules([f"{file}:{line}: not YAML ({error.problem})"]) from None
    entries = _keys(root).get("rules") if isinstance(root, yaml.MappingNode) else None
    if not isinstance(entries, yaml.SequenceNode) or not entries.value:
        raise BadRules([f"{file}:1: expected a list under `rules:`"])
    problems: list[str] = []
    rules: list[Rule] = []
    for node in entries.value:
        try:
            rules.append(_rule(node, rules))
        except _Fault as fault:  # noqa: PERF203 (every rule's fault is told)
            problems.append(f"{file}:{fault.line}: {fault}")
    if problems:
        raise BadRules(problems)
    return Rules(rules)


def faults_of_rules(
    file: Path, *, intents: Collection[str], responses: Collection[str]
) -> list[str]:
    """Return what is wrong with a rules file, a line `file:line: what and remedy` each.

    `intents` and `responses` are all that there are.
    """
    try:
        rules = read_rules(file)
    except BadRules as error:
        return error.problems
    return [
        f"{file}:{rule.line}: {fault}"
        for rule in rules
        for fault in _unknown_names(rule, intents, responses)
    ]


def _unknown_names(
    rule: Rule, intents: Collection[str], responses: Collection[str]
) -> Iterator[str]:
    for intent in rule.when.intents:
        if intent not in intents:
            yield (
                f"the rule {rule.reason!r} names an unknown intent {intent!r}. "
                "Remedy: correct it, or add it to bot/domain/domain.yml"
            )
    if rule.say is not None and rule.say not in responses:
        yield (
            f"the rule {rule.reason!r} says an unknown response {rule.say!r}. "
            "Remedy: correct it, or add it to bot/domain/responses"
        )


def _rule(node: yaml.Node, before: list[Rule]) -> Rule:
    keys = _known_keys(node, _RULE_KEYS)
    for name in ("reason", "do", "when"):
        if name not in keys:
            raise _Fault(node, f"a rule without `{name}:`")
    reason = _text(keys["reason"])
    moves = [move.value for move in Move]
    do = _text(keys["do"])
    if do not in moves:
        raise _Fault(keys["do"], f"unknown `do: {do}`. Remedy: one of {', '.join(moves)}")
    when = _condition(keys["when"])
    if when.words and any(rule.reason == reason and rule.when.words for rule in before):
        raise _Fault(node, f"a second list of words for {reason!r}. Remedy: make them one")
    say = _text(keys["say"]) if "say" in keys else None
    return Rule(reason, Move(do), when, say, line=node.start_mark.line + 1)


def _condition(node: yaml.Node) -> Condition:
    keys = _known_keys(node, _CONDITIONS)
    if not keys:
        raise _Fault(node, "an empty `when:` would always hold. Remedy: say when")
    if "words" in keys:
        if others := sorted(set(keys) - {"words", "unless"}):
            raise _Fault(node, f"`words` beside `{others[0]}`. Remedy: a rule for each")
        return Condition(words=_words(keys["words"], keys.get("unless")))
    if "unless" in keys:
        raise _Fault(keys["unless"], "`unless` without `words`")
    given: dict[str, Any] = {}
    for name, value in keys.items():
        if name in _LISTS:
            given[name] = tuple(_texts(value))
        elif name in _COUNTS:
            given[name] = _count(value)
        elif name in _SWITCHES:
            given[name] = _yes_no(value)
        else:
            given[name] = _share(value)
    return Condition(**given)


def _words(node: yaml.Node, unless: yaml.Node | None) -> Words:
    left_out = [] if unless is None else list(_entries(unless))
    entries = list(_entries(node))
    for entry in entries:
        _readable(entry, Words, [entry.value])
    for entry in left_out:
        _readable(entry, lambda values: Words([], unless=values), [entry.value])
    return Words([e.value for e in entries], unless=[e.value for e in left_out])


def _readable(node: yaml.Node, read: Any, values: list[str]) -> None:
    try:
        read(values)
    except BadEntry as error:
        raise _Fault(node, str(error)) from None


def _entries(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    for locale, entries in _known_keys(node, set(LOCALES)).items():
        if not isinstance(entries, yaml.SequenceNode):
            raise _Fault(entries, f"expected a list of words under `{locale}:`")
        for entry in entries.value:
            if not isinstance(entry, yaml.ScalarNode):
                raise _Fault(entry, "expected a word or phrase. Remedy: put it in quotes")
            yield entry


def _known_keys(node: yaml.Node, known: set[str]) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _Fault(node, f"expected keys such as `{min(known)}:`")
    for name, _ in node.value:
        if name.value not in known:
            listed = ", ".join(sorted(known))
            raise _Fault(name, f"unknown key {name.value!r}. Remedy: one of {listed}")
    return _keys(node)


def _keys(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {name.value: value for name, value in node.value}


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise _Fault(node, "expected a word")
    return str(node.value).strip()


def _texts(node: yaml.Node) -> list[str]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise _Fault(node, "expected a list such as [one, two]")
    return [_text(entry) for entry in node.value]


def _count(node: yaml.Node) -> int:
    text = _text(node)
    if not text.isdecimal() or int(text) < 1:
        raise _Fault(node, f"{text!r} is no number of times. Remedy: 1 or more")
    return int(text)


def _yes_no(node: yaml.Node) -> bool:
    value = _YES_NO.get(_text(node).lower())
    if value is None:
        raise _Fault(node, f"{_text(node)!r} is neither true nor false")
    return value


def _share(node: yaml.Node) -> float:
    try:
        share = float(_text(node))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise _Fault(node, f"{_text(node)!r} is no probability. Remedy: 0 to 1")
    return share
