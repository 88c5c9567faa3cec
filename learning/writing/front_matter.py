"""Pins questions to an article: lines in its front matter, and nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from learning.writing.errors import NotWritten
from learning.writing.texts import as_flow_scalar, as_scalar, fold
from learning.writing.yaml_places import Source, items, value, word

_FENCE = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
KEY = "answers"


def pinned_questions(name: str, text: str) -> list[str]:
    """Return the questions pinned to an article. Raises NotWritten: no front matter in YAML."""
    return [word(item) for item in items(value(_front(name, text)[1].root, KEY))]


def pin_questions(name: str, text: str, questions: Sequence[str]) -> str:
    """Return an article with questions pinned to it; those it has already are not added.

    Raises:
        NotWritten: there is no front matter in YAML, or `answers` is no list.
    """
    had = pinned_questions(name, text)
    known = {fold(question) for question in had}
    added = []
    for question in questions:
        if fold(question) not in known:
            known.add(fold(question))
            added.append(question)
    if not added:
        return text
    start, source = _front(name, text)
    _add(source, added)
    edited = text[:start] + source.edited() + text[start + len(source.text) :]
    if pinned_questions(name, edited) != had + added:
        raise NotWritten(f"{name}: the questions would not be read back; pin them by hand")
    return edited


def _front(name: str, text: str) -> tuple[int, Source]:
    match = _FENCE.match(text)
    if match is None:
        raise NotWritten(f"{name}: no front matter; begin it with a line ---")
    return match.start(1), Source(name, match[1])


def _add(source: Source, questions: Sequence[str]) -> None:
    scalars = [as_scalar(question) for question in questions]
    node = value(source.root, KEY)
    key = next((k for k, _ in _pairs(source.root) if k.value == KEY), None)
    if key is None or node is None:
        last = source.last_line_below(0, -1)
        source.add_after(last, [f"{KEY}:", *(f"  - {scalar}" for scalar in scalars)])
    elif isinstance(node, yaml.ScalarNode) and not node.value:
        at = source.line_of(key.start_mark.index)
        source.add_after(at, [f"  - {scalar}" for scalar in scalars])
    elif not isinstance(node, yaml.SequenceNode):
        raise NotWritten(f"{source.name}: {KEY} is no list; write one question a line, after - ")
    elif node.flow_style:
        end = node.value[-1].end_mark.index if node.value else node.start_mark.index + 1
        words = ", ".join(as_flow_scalar(question) for question in questions)
        source.add_at(end, f", {words}" if node.value else words)
    else:
        last_item = node.value[-1]
        number = source.line_of(last_item.start_mark.index)
        head = source.line(number)
        dash = len(head) - len(head.lstrip(" "))
        last = source.last_line_below(number, dash)
        source.add_after(last, [f"{' ' * dash}- {scalar}" for scalar in scalars])


def _pairs(root: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    return list(root.value) if isinstance(root, yaml.MappingNode) else []
