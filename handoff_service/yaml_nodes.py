"""Walks the nodes of a YAML file, so that whatever is wrong with it is told with its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import yaml

T = TypeVar("T")


class Unreadable(Exception):
    """The file cannot be read at all; its text says where and why."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong."""

    line: int  #: from 1
    where: str  #: names and numbers that lead there, with dots: teams.support.hours.mon
    what: str  #: what is wrong, and what is expected


class Unusable(Exception):
    """What stands there can be read and not used; carries every problem, by line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep them in the order of the lines."""
        self.problems = problems
        super().__init__("; ".join(f"{each.where}: {each.what}" for each in problems))

    def lines(self, path: Path) -> list[str]:
        """Return them as those of a file of this name."""
        return [f"{path}:{each.line}: {each.what}" for each in self.problems]


def compose(path: Path) -> yaml.Node | None:
    """Return the root of the file's nodes, None of an empty one.

    Raises:
        Unreadable: no such file, no text, no YAML.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: cannot be read ({error})") from error
    return compose_text(text, path)


def compose_text(text: str, path: Path | str) -> yaml.Node | None:
    """Return the root of a text's nodes as that of a file of this name.

    Raises:
        Unreadable: no YAML.
    """
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or "it holds characters that no text has"
        line = mark.line + 1 if mark else 1
        raise Unreadable(f"{path}:{line}: is not YAML: {why}") from error
    except RecursionError as error:
        raise Unreadable(f"{path}:1: is not YAML: it is nested too deeply") from error


@dataclass(slots=True)
class NodeReader:
    """Reads nodes as what is expected of them; keeps every problem with its line."""

    found: list[tuple[yaml.Node | None, str]] = field(default_factory=list)

    def checked(self, value: T, root: yaml.Node | None) -> T:
        """Return what was read from `root`. Raises Unusable with every problem noted meanwhile."""
        if self.found:
            places = _places(root)
            problems = (
                Problem(
                    node.start_mark.line + 1 if node is not None else 1,
                    places.get(id(node), ""),
                    what,
                )
                for node, what in self.found
            )
            raise Unusable(tuple(sorted(problems)))
        return value

    def problem(self, node: yaml.Node | None, what: str) -> None:
        """Note what is wrong with a node."""
        self.found.append((node, what))

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


def _places(root: yaml.Node | None) -> dict[int, str]:
    """Return where each node stands, by its id; the name in a mapping stands where its value does.

    A node that is repeated by an alias stands where it is first.
    """
    places: dict[int, str] = {}
    ahead = [] if root is None else [(root, "")]
    while ahead:
        node, place = ahead.pop()
        if id(node) in places:
            continue
        places[id(node)] = place
        before = f"{place}." if place else ""
        if isinstance(node, yaml.MappingNode):
            for name, value in node.value:
                places[id(name)] = f"{before}{name.value}"
                ahead.append((value, f"{before}{name.value}"))
        elif isinstance(node, yaml.SequenceNode):
            ahead += [(item, f"{before}{number}") for number, item in enumerate(node.value)]
    return places
