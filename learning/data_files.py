"""Find faults in training files before Rasa does: each named with file, line and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.components.product_file import ProductsBroken, read_products
from handoff_rules.reading import FILE as RULES_FILE, faults_of_rules
from learning.errors import DataBroken

#: The folders of training data and what their files hold.
KINDS = {"nlu": "nlu", "rules": "rules", "stories": "stories"}


def check_files(data: Path, domain: Path) -> None:
    """Check the files in `data` (nlu/, rules/, stories/, products and handoff rules) and `domain`.

    Raises:
        DataBroken: with a line `file:line: what is wrong` for each problem.
    """
    problems: list[str] = []
    intents: set[str] = set()
    responses: set[str] = set()
    for file in sorted(domain.rglob("*.yml")):
        root = _compose(file, problems)
        intents |= set(_intents_of_domain(root))
        responses |= set(_responses_of_domain(root))
    for folder, key in KINDS.items():
        for file in sorted((data / folder).rglob("*.yml")):
            root = _compose(file, problems)
            if root is None:
                continue
            entries = _value(root, key)
            if not isinstance(entries, yaml.SequenceNode):
                problems.append(f"{file}:1: expected a list under `{key}:`")
            elif key == "nlu" and intents:
                problems += [f"{file}:{p}" for p in _faults_of_phrases(entries, intents)]
    try:
        read_products(data / "products.yml")
    except ProductsBroken as error:
        problems += error.problems
    if (file := data / RULES_FILE.name).exists():
        problems += faults_of_rules(file, intents=intents, responses=responses)
    if problems:
        raise DataBroken(problems)


def _compose(file: Path, problems: list[str]) -> yaml.MappingNode | None:
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        problems.append(f"{file}:1: not UTF-8. Remedy: save it as UTF-8")
        return None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(f"{file}:{line}: not YAML ({error.problem})")
        return None
    if not isinstance(root, yaml.MappingNode):
        problems.append(f"{file}:1: expected keys such as `version:`")
        return None
    return root


def _intents_of_domain(root: yaml.MappingNode | None) -> Iterator[str]:
    entries = _value(root, "intents") if root else None
    for node in entries.value if isinstance(entries, yaml.SequenceNode) else []:
        yield str(node.value[0][0].value if isinstance(node, yaml.MappingNode) else node.value)


def _responses_of_domain(root: yaml.MappingNode | None) -> Iterator[str]:
    responses = _value(root, "responses") if root else None
    for name, _ in responses.value if isinstance(responses, yaml.MappingNode) else []:
        yield str(name.value)


def _faults_of_phrases(entries: yaml.SequenceNode, intents: set[str]) -> Iterator[str]:
    for entry in entries.value:
        line = entry.start_mark.line + 1
        intent = _value(entry, "intent")
        examples = _value(entry, "examples")
        if not isinstance(intent, yaml.ScalarNode):
            yield f"{line}: an entry without `intent:`"
            continue
        if intent.value not in intents:
            yield (
                f"{intent.start_mark.line + 1}: unknown intent {intent.value!r}. "
                "Remedy: correct it, or add it to bot/domain/domain.yml and a rule for it"
            )
        if not isinstance(examples, yaml.ScalarNode):
            yield f"{line}: {intent.value} has no `examples: |`"
            continue
        for number, phrase in enumerate(examples.value.splitlines()):
            if phrase.strip() and not phrase.startswith("- "):
                at = examples.start_mark.line + 2 + number
                yield f"{at}: a phrase must start with '- ': {phrase.strip()[:40]!r}"


def _value(node: yaml.Node, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)
