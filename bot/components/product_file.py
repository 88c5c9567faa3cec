"""Reads and checks data/products.yml, in which a company writes down what it sells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.components.languages import LOCALES
from bot.components.products import Product

FILE = Path(__file__).resolve().parents[2] / "data" / "products.yml"

_LISTS = ("everywhere", *LOCALES)
_FIELDS = ("name", "unspecific", *_LISTS)
#: A shorter word would be found inside many others.
_SHORTEST = 2


class ProductsBroken(Exception):
    """The file cannot be used; `problems` holds a line `file:line: what is wrong` each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_products(file: Path = FILE) -> tuple[Product, ...]:
    """Read the file; without one there are no products.

    Raises:
        ProductsBroken: something in it cannot be used; every problem is named with its line.
    """
    if not file.is_file():
        return ()
    try:
        root = yaml.compose(file.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise ProductsBroken([f"{file}:1: not UTF-8. Remedy: save it as UTF-8"]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ProductsBroken([f"{file}:{line}: not YAML ({error.problem})"]) from None
    reader = _Reader(file)
    products = tuple(reader.products(root))
    if reader.problems:
        raise ProductsBroken(reader.problems)
    return products


class _Reader:
    """Reads the composed YAML and collects what is wrong with it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._owners: dict[str, str] = {}
        self.problems: list[str] = []

    def products(self, root: yaml.Node | None) -> Iterator[Product]:
        entries = _fields(root).get("products")
        if not isinstance(entries, yaml.SequenceNode):
            return self._add(entries or root, "expected a list under `products:`")
        for entry in entries.value:
            fields = _fields(entry)
            name = _text(fields.get("name"))
            if not name:
                self._add(entry, "a product without `name:`")
                continue
            for unknown in set(fields) - set(_FIELDS):
                self._add(fields[unknown], f"unknown {unknown!r}; use {', '.join(_FIELDS)}")
            flag = _text(fields.get("unspecific")) or "false"
            if flag not in {"true", "false"}:
                self._add(fields["unspecific"], "unspecific must be true or false")
            forms = [form for key in _LISTS for form in self._forms(fields.get(key), key, name)]
            yield Product(name, (name, *forms), flag == "true")
        return None

    def _forms(self, node: yaml.Node | None, key: str, name: str) -> Iterator[str]:
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self._add(node, f"{key} is no list of words; write [hub, base station]")
            return
        for entry in node.value:
            form = _text(entry)
            if len(form) < _SHORTEST:
                self._add(entry, f"{form!r} is too short to be told from other words")
            elif self._owners.setdefault(form.lower(), name) != name:
                owner = self._owners[form.lower()]
                self._add(entry, f"{form!r} already stands for {owner!r}; keep one")
            else:
                yield form

    def _add(self, node: yaml.Node | None, reason: str) -> None:
        line = node.start_mark.line + 1 if node else 1
        self.problems.append(f"{self._file}:{line}: {reason}")


def _fields(node: yaml.Node | None) -> dict[str, yaml.Node]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {key.value: value for key, value in pairs}


def _text(node: yaml.Node | None) -> str:
    return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""
