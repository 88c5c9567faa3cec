"""Adds lines to YAML text without touching the others: where they go, and how they are indented."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

import yaml

from learning.writing.errors import NotWritten


class Source:
    """A YAML text with its nodes; edits are collected and made at once by `edited`."""

    def __init__(self, name: str, text: str) -> None:
        """Read it; `name` stands before what is wrong. Raises NotWritten: it is no YAML."""
        self.name, self.text = name, text
        try:
            self.root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise NotWritten(f"{name}:{line}: not YAML; correct it first") from error
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]
        self._edits: list[tuple[int, str]] = []

    def line_of(self, index: int) -> int:
        """Return the number, from 0, of the line in which a character stands."""
        return bisect_right(self._starts, index) - 1

    def line(self, number: int) -> str:
        """Return a line without its end."""
        return self._lines[number].removesuffix("\r")

    def indent_of(self, number: int) -> int:
        """Return how many spaces a line begins with."""
        line = self.line(number)
        return len(line) - len(line.lstrip(" "))

    def last_line_below(self, number: int, column: int) -> int:
        """Return the last line from `number` on that is indented by more than `column`.

        Lines below which are blank, or belong to something else, are left out.
        """
        last = number
        for below in range(number + 1, len(self._lines)):
            if not self.line(below).strip():
                continue
            if self.indent_of(below) <= column:
                break
            last = below
        return last

    def add_after(self, number: int, lines: list[str]) -> None:
        """Put lines after a line; they end as the file's lines do."""
        at = self._starts[number] + len(self.line(number))
        self._edits.append((at, "".join(self.newline + line for line in lines)))

    def add_at(self, index: int, text: str) -> None:
        """Put a text before a character."""
        self._edits.append((index, text))

    def edited(self) -> str:
        """Return the text with what was added."""
        text = self.text
        # From the end; of two at one place the later one first, so that it stands behind.
        for at, added in sorted(self._edits, key=lambda edit: edit[0])[::-1]:
            text = text[:at] + added + text[at:]
        return text


def value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return what a mapping holds under a name; None: nothing, or it is no mapping."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((found for name, found in node.value if name.value == key), None)


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """Return the items of a list; none if it is no list."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def is_block_list(node: yaml.Node | None) -> bool:
    """Whether it is a list with a line for each item, and has one."""
    return isinstance(node, yaml.SequenceNode) and not node.flow_style and bool(node.value)


def word(node: yaml.Node | None) -> str:
    """Return the text of a scalar, "" for anything else."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""
