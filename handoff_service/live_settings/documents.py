"""Settings as YAML for people, as JSON for programs: the same document either way."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from handoff_service.domain import Json
from handoff_service.yaml_nodes import Unreadable, compose_text

#: What a word without quotes is, of YAML 1.2: `off` and `01:30` are texts.
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,15})")
_FRACTION = re.compile(r"-?(0|[1-9]\d{0,15})\.\d{1,15}")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def read_document(text: str, *, name: str) -> Json:
    """Read YAML as a document; `name` stands before what is wrong with it.

    Raises:
        Unreadable: no YAML, no names and values, or one that repeats itself (`*alias`).
    """
    path = Path(name)
    root = compose_text(text, path)
    if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
        raise Unreadable(f"{name}:1: an alias (*name) cannot be used here; write it out")
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise Unreadable(f"{name}:1: expected names and their values")
    document: Json = _value(root)
    return document


def write_document(document: Json) -> str:
    """Write a document as YAML; nothing of an empty one."""
    if not document:
        return ""
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def nodes_of(document: Json) -> yaml.Node | None:
    """Return the nodes that a file of the same content has. Raises Unreadable."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
        if "\\u0000" in json.dumps(document):
            raise Unreadable("a text holds a character that no text has")
        return compose_text(write_document(document), Path("document")) if document else None
    except UnicodeEncodeError as error:
        raise Unreadable("a text holds half a character") from error
    except RecursionError as error:
        raise Unreadable("it is nested too deeply") from error


def _value(node: yaml.Node) -> Any:  # whatever JSON knows
    if isinstance(node, yaml.MappingNode):
        return {str(name.value): _value(value) for name, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    text = str(node.value)
    if getattr(node, "style", None) is not None:  # in quotes, or over several lines
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _NUMBER.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text


class _Dumper(yaml.SafeDumper):
    """Puts short lists on one line, and everything else on lines of its own."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 (PyYAML's)
        """Indent the items of a list, which people read more easily."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (PyYAML's)
        """Write everything out."""
        return True


def _write_list(dumper: _Dumper, items: list[Any]) -> yaml.Node:
    plain = all(isinstance(item, str | int | float) for item in items)
    short = plain and sum(len(str(item)) + 4 for item in items) < 80
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


_Dumper.add_representer(list, _write_list)
