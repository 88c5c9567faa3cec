"""How long things take at the desk, and which words its people choose from."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Self

import yaml

from handoff_service.domain import Json
from handoff_service.settings import Settings
from handoff_service.yaml_nodes import NodeReader

#: So many outcomes, and so many tags, can be chosen from.
MOST_WORDS = 100
#: Outcomes whose names the console has in every language; others are shown as they are written.
DISPOSITIONS = ("solved", "follow_up", "not_solved", "customer_left")
_WORD = re.compile(r"[^\W_][\w .:/-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRules:
    """What may change while the service runs; what is not set is as in the environment."""

    #: Each of these as the setting of the environment of the same name, seconds.
    offer_timeout_s: int
    agent_grace_s: int
    wrap_up_s: int
    idle_close_s: int
    max_wait_s: int
    abandon_s: int
    #: How a talk can have ended, in the order in which agents see them.
    dispositions: tuple[str, ...] = DISPOSITIONS
    #: Tags that agents are offered; others can be written.
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what the environment says."""
        return cls(**{name: getattr(settings, name) for name in NUMBERS})

    def to_json(self) -> Json:
        """Return it as a document."""
        words = {"dispositions": list(self.dispositions), "tags": list(self.tags)}
        return {name: getattr(self, name) for name in NUMBERS} | words


#: Names of the numbers, in order.
NUMBERS = tuple(each.name for each in fields(DeskRules) if each.name.endswith("_s"))


def limits() -> dict[str, tuple[int, int]]:
    """Return the least and the most of each number, as the environment has them."""
    forms = {row.name.removeprefix("BATON_").lower(): row.form for row in Settings.table()}
    found: dict[str, tuple[int, int]] = {}
    for name in NUMBERS:
        low, high = re.findall(r"\d+", forms[name])
        found[name] = int(low), int(high)
    return found


def desk_rules_of(settings: Settings) -> Callable[[yaml.Node | None], DeskRules]:
    """Return what reads such a document. It raises Unusable."""
    usual = DeskRules.of(settings)

    def read(root: yaml.Node | None) -> DeskRules:
        reader = _Reader()
        return reader.checked(reader.rules(root, usual), root)

    return read


class _Reader(NodeReader):
    """Knows what the document may say."""

    def rules(self, root: yaml.Node | None, usual: DeskRules) -> DeskRules:
        if root is None:
            return usual
        known = self.fields(root, {*NUMBERS, "dispositions", "tags"}, required=set())
        numbers = {
            name: self.number(known[name], *bounds)
            for name, bounds in limits().items()
            if name in known
        }
        said = {name: getattr(usual, name) for name in NUMBERS} | numbers
        return DeskRules(
            **said,
            dispositions=self._words(known.get("dispositions")) or usual.dispositions,
            tags=self._words(known.get("tags")),
        )

    def _words(self, node: yaml.Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or len(node.value) > MOST_WORDS:
            self.problem(node, f"expected a list of at most {MOST_WORDS} words such as [solved]")
            return ()
        words: list[str] = []
        for item in node.value:
            word = self.text(item)
            if word and not _WORD.fullmatch(word):
                self.problem(item, f"{word!r} cannot be used; expected up to 40 letters and digits")
            if word in words:
                self.problem(item, f"{word!r} stands here twice; leave one")
            words.append(word)
        return tuple(words)
