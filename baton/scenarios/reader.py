"""Reads scenario files: which steps and expectations there are, and of which form each is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import yaml

from actions.questions import FIELDS
from baton.scenarios.errors import NoScenarios, ScenariosBroken
from baton.scenarios.model import KINDS, Check, Problem, Scenario, Step
from baton.scenarios.nodes import Faults, Node, Reader, compose, line
from handoff_service.domain import LOCALES, State

#: Fewest and most stars of a rating.
STARS = (1, 5)
#: What a customer's device and the site say of them.
PAGE_KEYS = ("url", "title")
#: What an agent can do; those with True need words.
AGENT_DOES: Mapping[str, bool] = MappingProxyType(
    {
        "accepts": False,
        "declines": False,
        "says": True,
        "hands_back": True,
        "wraps_up": False,
        "closes": False,
    }
)
#: Fields that agents see of a triage.
TRIAGE = FIELDS
SCENARIO_KEYS = ("scenario", "language", "page", "flags", "on_duty", "steps")

Read: TypeAlias = Callable[[Reader, Node], Any]


def _pattern(reader: Reader, node: Node) -> re.Pattern[str] | None:
    text = reader.text(node)
    try:
        return None if text is None else re.compile(text, re.IGNORECASE)
    except re.error as error:
        reader.faults.add(node, f"this is not a regular expression: {error}")
        return None


def _triage(reader: Reader, node: Node) -> dict[str, str | None] | None:
    def read(value: Node) -> str | None:
        return None if value.tag == "tag:yaml.org,2002:null" else reader.text(value)

    return reader.mapping_of(node, TRIAGE, what="triage", read=read)


def _left(reader: Reader, node: Node) -> dict[str, Any] | None:
    found = reader.mapping_of(node, ("contact", "text"), what="leave_message", read=reader.text)
    if found is not None and len(found) < 2:
        reader.faults.add(node, "leave_message needs contact and text")
        return None
    return found


def _yes(reader: Reader, node: Node) -> bool | None:
    if reader.boolean(node) is False:
        reader.faults.add(node, "a step that is not done is left out")
        return None
    return True


def _agent(reader: Reader, node: Node) -> tuple[str, str] | None:
    """Read `agent: accepts` or `agent: {says: words}` as (verb, words)."""
    if isinstance(node, yaml.ScalarNode):
        verb, words = reader.one_of(node, AGENT_DOES, what="thing an agent does"), ""
    else:
        fields = reader.fields(node, what="agent", known=AGENT_DOES)
        if len(fields) != 1:
            reader.faults.add(node, "an agent does one thing a step")
            return None
        verb, words = next((name, reader.text(value) or "") for name, value in fields.items())
    if verb and AGENT_DOES[verb] and not words:
        reader.faults.add(node, f"«{verb}» needs words: agent: {{{verb}: …}}")
        return None
    return None if verb is None else (verb, words)


#: Step → how its value is read.
ACTIONS: Mapping[str, Read] = MappingProxyType(
    {
        "say": Reader.text,
        "click": Reader.text,
        "vote": partial(Reader.one_of, names=("up", "down"), what="vote"),
        "ask_person": _yes,
        "back_to_bot": _yes,
        "leave_message": _left,
        "rate": partial(Reader.whole, low=STARS[0], high=STARS[1]),
        "agent": _agent,
    }
)
#: Expectation → how its value is read.
CHECKS: Mapping[str, Read] = MappingProxyType(
    {
        "kind": partial(Reader.all_of, names=KINDS, what="kind"),
        "kinds": partial(Reader.all_of, names=KINDS, what="kind"),
        "article": Reader.texts,
        "articles": Reader.texts,
        "finds": Reader.texts,
        "intent": Reader.texts,
        "language": partial(Reader.one_of, names=LOCALES, what="language"),
        "state": partial(Reader.one_of, names=[state.value for state in State], what="state"),
        "reason": Reader.texts,
        "topic": Reader.texts,
        "triage": _triage,
        "tried": Reader.texts,
        "summary_contains": Reader.texts,
        "contact": Reader.text,
        "text_contains": Reader.texts,
        "text_lacks": Reader.texts,
        "text_matches": _pattern,
        "buttons": Reader.texts,
        "silence": Reader.boolean,
        "refused": Reader.text,
    }
)


def read_scenarios(
    paths: Sequence[Path], *, name: str | None = None, languages: Iterable[str] = ()
) -> list[Scenario]:
    """Return the scenarios of files, and of the *.yml files below folders.

    Args:
        paths: files or folders.
        name: only scenarios whose name contains this (upper or lower case).
        languages: only these; all when empty.

    Raises:
        ScenariosBroken: files cannot be read as scenarios; all faults of all files.
        NoScenarios: no such file or folder, or nothing in it fits.
    """
    found: list[Scenario] = []
    problems: list[Problem] = []
    for file in _files(paths):
        scenarios, faults = read_file(file)
        found += scenarios
        problems += faults
    problems += _same_names(found)
    if problems:
        raise ScenariosBroken(problems)
    wanted = [
        scenario
        for scenario in found
        if (not name or name.casefold() in scenario.name.casefold())
        and (not (only := tuple(languages)) or scenario.language in only)
    ]
    if not wanted:
        raise NoScenarios(f"none of {len(found)} scenarios has that name and language")
    return wanted


def read_file(file: Path) -> tuple[list[Scenario], list[Problem]]:
    """Return the scenarios of one file that can be read, and everything that is wrong with it."""
    faults = Faults(file)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return [], [Problem(file, 1, f"cannot be read as UTF-8 text: {error}")]
    root, reader = compose(text, faults), Reader(faults)
    if root is None:
        return [], faults.found
    found = [_scenario(reader, node) for node in reader.items(root, what="the file")]
    return [scenario for scenario in found if scenario is not None], faults.found


def _files(paths: Sequence[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*.yml"), key=str)
            if not inside:
                raise NoScenarios(f"no *.yml file in {path}")
            found |= dict.fromkeys(inside)
        elif path.exists():
            found[path] = None
        else:
            raise NoScenarios(f"no such file or folder: {path}")
    return list(found)


def _same_names(scenarios: Sequence[Scenario]) -> list[Problem]:
    first: dict[str, Scenario] = {}
    return [
        Problem(s.file, s.line, f"«{s.name}» is also the name of {other.file}:{other.line}")
        for s in scenarios
        if (other := first.setdefault(s.name, s)) is not s
    ]


def _scenario(reader: Reader, node: Node) -> Scenario | None:
    fields = reader.fields(node, what="a scenario", known=SCENARIO_KEYS)
    missing = [key for key in ("scenario", "language", "steps") if key not in fields]
    if fields and missing:
        reader.faults.add(node, f"a scenario needs {', '.join(missing)}")
    if not fields or missing:
        return None
    before = len(reader.faults.found)
    name = reader.text(fields["scenario"])
    language = reader.one_of(fields["language"], LOCALES, what="language")
    steps = [_step(reader, item) for item in reader.items(fields["steps"], what="steps")]
    on_duty = reader.boolean(fields["on_duty"]) if "on_duty" in fields else True
    page = _page(reader, fields["page"]) if "page" in fields else {}
    flags = reader.texts(fields["flags"]) if "flags" in fields else ()
    if len(reader.faults.found) == before and not any(step.checks for step in steps if step):
        reader.faults.add(node, "nothing is expected: this scenario cannot fail")
    if len(reader.faults.found) > before or name is None or language is None:
        return None
    return Scenario(
        name=name,
        file=reader.faults.file,
        line=line(node),
        language=language,
        steps=tuple(step for step in steps if step is not None),
        on_duty=bool(on_duty),
        page=tuple((page or {}).items()),
        flags=flags or (),
    )


def _page(reader: Reader, node: Node) -> dict[str, str] | None:
    return reader.mapping_of(node, PAGE_KEYS, what="page", read=reader.text)


def _step(reader: Reader, node: Node) -> Step | None:
    fields = reader.fields(node, what="a step", known=(*ACTIONS, "expect"))
    actions = [name for name in fields if name != "expect"]
    if len(actions) > 1:
        reader.faults.add(node, f"one step does one thing, this one {' and '.join(actions)}")
        return None
    if not fields:
        return None
    action = actions[0] if actions else ""
    value = ACTIONS[action](reader, fields[action]) if action else None
    checks = _checks(reader, fields["expect"]) if "expect" in fields else ()
    return Step(line(node), action, value, checks)


def _checks(reader: Reader, node: Node) -> tuple[Check, ...]:
    fields = reader.fields(node, what="expect", known=CHECKS)
    if not fields and isinstance(node, yaml.MappingNode) and not node.value:
        reader.faults.add(node, "nothing is expected here")
    read = [(name, CHECKS[name](reader, value), line(value)) for name, value in fields.items()]
    return tuple(Check(name, wanted, at) for name, wanted, at in read if wanted is not None)
