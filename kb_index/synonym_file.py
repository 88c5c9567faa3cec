"""Reads and checks the file in which a maintainer writes synonyms down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from kb_index.errors import SynonymsBroken
from kb_index.locales import LOCALES
from kb_index.synonyms import Key, Synonym, Synonyms, split

#: A single character would be found inside many other words.
_LEAST_CHARACTERS = 2


def read_synonyms(path: Path) -> Synonyms:
    """Read the maintainer's file; without the file there are no synonyms.

    Raises:
        SynonymsBroken: something in it cannot be used; every problem is named with its line.
    """
    if not path.is_file():
        return Synonyms()
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 at byte {error.start}; save it as UTF-8"
        raise SynonymsBroken([f"{path}: {reason}"]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        reason = "not YAML; quote words that contain a colon or a comma"
        raise SynonymsBroken([f"{path}{where}: {reason}"]) from error
    reader = _Reader(path)
    found = reader.read(root)
    if reader.problems:
        raise SynonymsBroken(reader.problems)
    return Synonyms(found)


class _Reader:
    """Reads the composed YAML and collects what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problems: list[str] = []

    def read(self, root: yaml.Node | None) -> dict[str, tuple[Synonym, ...]]:
        if root is None:
            return {}
        found: dict[str, tuple[Synonym, ...]] = {}
        for key, value in self._pairs(root, "a locale"):
            if key.value not in LOCALES:
                self._add(key, f"unknown locale {key.value!r}; use one of {', '.join(LOCALES)}")
            elif key.value in found:
                self._add(key, f"{key.value} stands here a second time; join the two lists")
            else:
                found[key.value] = tuple(self._locale(value))
        return found

    def _locale(self, node: yaml.Node) -> Iterator[Synonym]:
        if not isinstance(node, yaml.SequenceNode):
            self._add(node, "no list; write `- {articles: hub, customers: [box, dongle]}` below")
            return
        taken: dict[tuple[Key, ...], str] = {}
        for entry in node.value:
            fields = {key.value: value for key, value in self._pairs(entry, "a name")}
            unknown = sorted(set(fields) - {"articles", "customers"})
            if unknown:
                self._add(entry, f"unknown {', '.join(unknown)}; use articles and customers")
            articles = self._word(fields.get("articles"), entry, "articles", least=1)
            customers = list(self._customers(fields.get("customers"), entry))
            if not articles:
                continue
            for word, place in customers:
                self._check_free(word, articles, place, taken)
            yield Synonym(articles, tuple(word for word, _ in customers))

    def _customers(
        self, node: yaml.Node | None, entry: yaml.Node
    ) -> Iterator[tuple[str, yaml.Node]]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self._add(node or entry, "customers is no list of words; write [box, dongle]")
            return
        for one in node.value:
            word = self._word(one, one, "customers", least=_LEAST_CHARACTERS)
            if word:
                yield word, one

    def _word(self, node: yaml.Node | None, entry: yaml.Node, name: str, *, least: int) -> str:
        word = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
        units = split(word)
        if not units:
            self._add(node or entry, f"{name} names no word; write one, without a list around it")
            return ""
        if all(unit.joined for unit in units) and len(units) < least:
            reason = "one character is found inside other words; write a longer word"
            self._add(node or entry, f"{name} {word!r}: {reason}")
            return ""
        return str(word)

    def _check_free(
        self,
        word: str,
        articles: str,
        node: yaml.Node,
        taken: dict[tuple[Key, ...], str],
    ) -> None:
        keys = tuple(unit.key for unit in split(word))
        if keys == tuple(unit.key for unit in split(articles)):
            self._add(node, f"customers {word!r} is the articles' own word; remove it")
        elif keys in taken:
            self._add(node, f"customers {word!r} already stands for {taken[keys]!r}; keep one")
        else:
            taken[keys] = articles

    def _pairs(self, node: yaml.Node, what: str) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self._add(node, f"{what} and a colon are expected here")
            return
        yield from node.value

    def _add(self, node: yaml.Node, reason: str) -> None:
        self.problems.append(f"{self._path}, line {node.start_mark.line + 1}: {reason}")
