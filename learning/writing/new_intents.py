"""Makes a new intent known: in the domain, and in the rule that looks questions up in articles."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

import yaml

from learning.writing.errors import NotWritten
from learning.writing.yaml_places import Source, items, value, word

#: Questions are told by this beginning everywhere: rules, triage, follow-ups.
PREFIX = "ask_"
#: What a question is answered by; its rule lists the intents that are questions.
ANSWER_ACTION = "action_answer"
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


def intent_name(wanted: str) -> str:
    """Return the name under which a new intent is known; "" when no letter of it can be used."""
    name = _NOT_IN_NAMES.sub("_", wanted.casefold()).strip("_")
    own = name.removeprefix(PREFIX)
    return PREFIX + own if re.search("[a-z]", own) and own != PREFIX.strip("_") else ""


def known_intents(domain: Mapping[str, str]) -> list[str]:
    """Return the intents of a domain, given its files' texts by name. Raises NotWritten."""
    return [
        _name(item)
        for name, text in domain.items()
        for item in items(value(Source(name, text).root, "intents"))
    ]


def add_to_domain(domain: Mapping[str, str], intent: str) -> tuple[str, str]:
    """Return which file of the domain changes, and its text with the intent.

    Raises:
        NotWritten: no file has a list of intents with a line each.
    """
    for name, text in domain.items():
        source = Source(name, text)
        listed = value(source.root, "intents")
        if _add_item(source, listed, intent, name_of=_name):
            return name, source.edited()
    raise NotWritten(f"no list `intents:` with a line each in the domain: add {intent} by hand")


def add_to_rule(rules: Mapping[str, str], intent: str) -> tuple[str, str]:
    """Return which file of rules changes, and its text with the intent looked up in articles.

    Raises:
        NotWritten: no rule leads from a list of intents (`or:`) to the action that answers.
    """
    for name, text in rules.items():
        source = Source(name, text)
        for rule in items(value(source.root, "rules")):
            steps = items(value(rule, "steps"))
            for step, then in pairwise(steps):
                asked = value(step, "or")
                if word(value(then, "action")) != ANSWER_ACTION:
                    continue
                if _add_item(source, asked, intent, name_of=_asked):
                    return name, source.edited()
    raise NotWritten(
        f"no rule in data/rules leads from `or:` of intents to {ANSWER_ACTION}: "
        f"add one that holds {intent}"
    )


def _name(item: yaml.Node) -> str:
    if isinstance(item, yaml.MappingNode) and item.value:
        return str(item.value[0][0].value)
    return word(item)


def _asked(item: yaml.Node) -> str:
    return word(value(item, "intent"))


def _add_item(
    source: Source, listed: yaml.Node | None, intent: str, *, name_of: Callable[[yaml.Node], str]
) -> bool:
    """Add an item like the last question of a list, behind it; whether there is such a list."""
    found = items(listed)
    if not found or not isinstance(listed, yaml.SequenceNode) or listed.flow_style:
        return False
    questions = [item for item in found if name_of(item).startswith(PREFIX)]
    like = (questions or found)[-1]
    number = source.line_of(like.start_mark.index)
    head = source.line(number)[: like.start_mark.column]
    written = source.text[like.start_mark.index : like.end_mark.index]
    if "\n" in written.strip():  # a mapping over several lines
        written = name_of(like)
    dash = head.index("-")
    last = source.last_line_below(number, dash)
    source.add_after(last, [head + written.strip().replace(name_of(like), intent, 1)])
    return True
