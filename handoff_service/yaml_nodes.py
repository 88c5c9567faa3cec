"""Walks the nodes of a YAML file, so that whatever is wrong with it is told with its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml


class Unreadable(Exception):
    """The file cannot be read at all; its text says where and why."""


def compose(path: Path) -> yaml.Node | None:
    """Return the root of the file's nodes, None of an empty one.

    Raises:
        Unreadable: no such file, no text, no YAML.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: cannot be read ({error})") from error
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or "it holds characters that no text has"
        line = mark.line + 1 if mark else 1
        raise Unreadable(f"{path}:{line}: is not YAML: {why}") from error


@dataclass(slots=True)
class NodeReader:
    """Reads nodes as what is expected of them; keeps every problem with its line."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def problems(self, path: Path) -> list[str]:
        """Return every problem, in the order of the lines."""
        return [f"{path}:{line}: {what}" for line, what in sorted(self.found)]

    def problem(self, node: yaml.Node | None, what: str) -> None:
        """Note what is wrong with a node."""
        line = node.start_mark.line + 1 if node is not None else 1
        self.found.append((line, what))

    def fields(
        self, node: yaml.Node, allowed: set[str], *, required: set[str]
    ) -> dict[str, yaml.Node]:
        """Return the values of a mapping whose names are known."""
        known: dict[str, yaml.Node] = {}
        for name, value in self.pairs(node, ", ".join(sorted(allowed))):
            if name.value not in allowed:
                self.problem(
                    name, f"{name.value!r} is unknown; expected {', '.join(sorted(allowed))}"
                )
            known[name.value] = value
        for missing in sorted(required - set(known)):
            self.problem(node, f"{missing}: missing")
        return known

    def pairs(
        self, node: yaml.Node | None, expected: str
    ) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """Yield names and values of a mapping; none of a missing one."""
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode) or not node.value:
            self.problem(node, f"expected {expected}")
            return
        seen: set[str] = set()
        for name, value in node.value:
            text = self.text(name)
            if not text:
                continue
            if text in seen:
                self.problem(name, f"{text!r} stands here twice; leave one")
            seen.add(text)
            yield name, value

    def text(self, node: yaml.Node) -> str:
        """Return what stands there; "" where there is no text, which is a problem."""
        text = str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""
        if not text:
            self.problem(node, "expected plain text")
        return text

    def number(self, node: yaml.Node, low: int, high: int) -> int:
        """Return a whole number; `low` where there is none, which is a problem."""
        text = self.text(node)
        if text.isascii() and text.isdecimal() and low <= int(text) <= high:
            return int(text)
        self.problem(node, f"{text!r} is not a whole number {low}…{high}")
        return low
