"""Reads YAML with line numbers: every text as it is written, every fault named where it stands."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml

from baton.scenarios.model import Problem

T = TypeVar("T")
Node = yaml.Node

_BOOLEANS = {"yes": True, "true": True, "no": False, "false": False}


class Faults:
    """Collects what is wrong in one file, so that all of it is told at once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, node: Node, message: str) -> None:
        self.found.append(Problem(self.file, line(node), message))


def line(node: Node) -> int:
    """Return the line of a node, from 1."""
    return int(node.start_mark.line) + 1


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is not known, and which one it may have been meant to be."""
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"unknown {what} «{name}»; did you mean «{close[0]}»?"
    if len(known) <= 24:
        return f"unknown {what} «{name}»; there is: {', '.join(known)}"
    return f"unknown {what} «{name}»"


class Reader:
    """Turns nodes into values; what is wrong goes to `faults`, and the value is None then."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def fields(self, node: Node, *, what: str, known: Iterable[str]) -> dict[str, Node]:
        """Return the known keys of a mapping with their nodes."""
        if not isinstance(node, yaml.MappingNode):
            self.faults.add(node, f"{what} must be a list of «key: value» lines")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in known:
                self.faults.add(key, unknown(f"key of {what}", name, known))
            elif name in found:
                self.faults.add(key, f"«{name}» stands twice")
            else:
                found[name] = value
        return found

    def items(self, node: Node, *, what: str) -> list[Node]:
        """Return the items of a list that is not empty."""
        if isinstance(node, yaml.SequenceNode) and node.value:
            return list(node.value)
        self.faults.add(node, f"{what} must be a list (lines that begin with «- »)")
        return []

    def text(self, node: Node) -> str | None:
        """Return a text as it is written: `no` and `1.0` are texts, too."""
        if isinstance(node, yaml.ScalarNode) and str(node.value).strip():
            return str(node.value)
        self.faults.add(node, "expected a text")
        return None

    def texts(self, node: Node) -> tuple[str, ...] | None:
        """Return one text or a list of them."""
        items = self.items(node, what="this") if isinstance(node, yaml.SequenceNode) else [node]
        found = [self.text(item) for item in items]
        return None if None in found or not found else tuple(t for t in found if t is not None)

    def boolean(self, node: Node) -> bool | None:
        value = _BOOLEANS.get(str(node.value).lower())
        if value is None:
            self.faults.add(node, "expected yes or no")
        return value

    def whole(self, node: Node, *, low: int, high: int) -> int | None:
        """Return a whole number from low to high."""
        text = str(node.value)
        if text.isdecimal() and low <= int(text) <= high:
            return int(text)
        self.faults.add(node, f"expected a whole number from {low} to {high}")
        return None

    def one_of(self, node: Node, names: Iterable[str], *, what: str) -> str | None:
        """Return a name that is among `names`."""
        text = self.text(node)
        if text is None or text in names:
            return text
        self.faults.add(node, unknown(what, text, names))
        return None

    def all_of(self, node: Node, names: Iterable[str], *, what: str) -> tuple[str, ...] | None:
        """Return one name or several, each among `names`."""
        items = node.value if isinstance(node, yaml.SequenceNode) and node.value else [node]
        found = [self.one_of(item, names, what=what) for item in items]
        return None if None in found else tuple(name for name in found if name is not None)

    def mapping_of(
        self, node: Node, known: Iterable[str], *, what: str, read: Callable[[Node], Any]
    ) -> dict[str, Any] | None:
        """Return a mapping with known keys whose values `read` understands."""
        fields = self.fields(node, what=what, known=known)
        found = {name: read(value) for name, value in fields.items()}
        return found or None


def compose(text: str, faults: Faults) -> Node | None:
    """Return the root node of a YAML text; None where it is not YAML, or empty."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = mark.line + 1 if mark else 1
        faults.found.append(Problem(faults.file, where, f"this is not YAML: {error.problem}"))
        return None
    except yaml.YAMLError as error:
        faults.found.append(Problem(faults.file, 1, f"this is not YAML: {error}"))
        return None
    if root is None:
        faults.found.append(Problem(faults.file, 1, "the file is empty"))
    return root
