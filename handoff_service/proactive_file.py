"""Reads proactive.yml; whatever is wrong with it is told at once, each with its line."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from handoff_service.domain import LOCALES
from handoff_service.errors import ProactiveError
from handoff_service.proactive import EventWanted, FirstWord, FirstWords, Often, When
from handoff_service.yaml_nodes import NodeReader, Unreadable, Unusable, compose

#: Read where no other file is named; it need not exist.
PROJECT_FILE = Path("data/proactive.yml")
#: Longest text, in characters: it stands in a bubble beside the button, and in the loader.
LONGEST_TEXT, LONGEST_SUGGESTION, MOST_SUGGESTIONS = 200, 80, 4
LONGEST_WAIT_S, MOST_VISITS, MOST_A_WEEK, LONGEST_DAYS = 3600, 1000, 50, 3650

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_EVERY = re.compile(r"(\d{1,4}) days?")
_RULE = {"id", "site", "when", "text", "suggestions", "once_per"}
_WHEN = {"page", "not_page", "title", "seconds_on_page", "scrolled", "visits", "event", "duty"}
_EVENT = {"name", "at_least", "at_most", "is"}
_DUTY = {"on": True, "off": False}


def find_first_words(chosen: Path | None) -> FirstWords:
    """Return the rules of the chosen file, else of the project's, else none.

    Raises:
        ProactiveError: as read_first_words; also when the chosen file is missing.
    """
    if chosen is None and not PROJECT_FILE.exists():
        return FirstWords()
    return read_first_words(chosen or PROJECT_FILE)


def read_first_words(path: Path) -> FirstWords:
    """Read a file; docs/widget.md says what it may hold.

    Raises:
        ProactiveError: it cannot be read, or any line of it cannot be used; names every one.
    """
    try:
        return first_words_of(compose(path))
    except Unreadable as error:
        raise ProactiveError([str(error)]) from error
    except Unusable as error:
        raise ProactiveError(error.lines(path)) from error


def first_words_of(root: yaml.Node | None) -> FirstWords:
    """Read what stands in such a file. Raises Unusable."""
    reader = _Reader()
    return reader.checked(reader.first_words(root), root)


class _Reader(NodeReader):
    """Knows what the file may say."""

    def first_words(self, root: yaml.Node | None) -> FirstWords:
        if root is None:
            return FirstWords()
        known = self.fields(root, {"limits", "rules"}, required=set())
        limits = {}
        if "limits" in known:
            most = {"a_day": MOST_A_WEEK, "a_week": MOST_A_WEEK, "silent_days": LONGEST_DAYS}
            wanted = self.fields(known["limits"], set(most), required=set())
            limits = {
                name: self.number(node, 0, most[name])
                for name, node in wanted.items()
                if name in most
            }
        rules = tuple(self._rules(known.get("rules")))
        return FirstWords(rules=rules, **limits)

    def _rules(self, node: yaml.Node | None) -> Iterator[FirstWord]:
        seen: set[str] = set()
        for item in self._items(node, "rules, each with id, text and when"):
            known = self.fields(item, _RULE, required={"id", "text"})
            if not {"id", "text"} <= known.keys():
                continue
            rule_id = self._matching(known["id"], _ID, "small letters, digits and -")
            if rule_id in seen:
                self.problem(known["id"], f"{rule_id!r} is the id of two rules")
            seen.add(rule_id)
            texts = {
                name: self._line(text, LONGEST_TEXT)
                for name, text in self._by_locale(known["text"], "a text")
            }
            yield FirstWord(
                rule_id=rule_id,
                sites=frozenset(self._texts(known.get("site"), "names of sites")),
                when=self._when(known.get("when")),
                texts=texts,
                suggestions={
                    name: self._suggestions(asked)
                    for name, asked in self._by_locale(known.get("suggestions"), "questions")
                },
                often=self._often(known.get("once_per")),
            )

    def _when(self, node: yaml.Node | None) -> When:
        if node is None:
            return When()
        known = self.fields(node, _WHEN, required=set())
        counts = {
            "seconds": ("seconds_on_page", LONGEST_WAIT_S),
            "scrolled": ("scrolled", 100),
            "visits": ("visits", MOST_VISITS),
        }
        numbers = {
            name: self.number(known[word], 0, most)
            for name, (word, most) in counts.items()
            if word in known
        }
        page = self._texts(known.get("page"), "a path or several: /cart or [/cart, /pay/*]")
        left_out = self._texts(known.get("not_page"), "a path or several: /cart or [/cart]")
        title = self._texts(known.get("title"), "a title or several, * for anything")
        return When(
            page=_form(page, left_out=left_out),
            title=_form(title),
            event=self._event(known.get("event")),
            on_duty=self._duty(known.get("duty")),
            **numbers,
        )

    def _event(self, node: yaml.Node | None) -> EventWanted | None:
        if node is None:
            return None
        if isinstance(node, yaml.ScalarNode):
            return EventWanted(name=self._matching(node, _NAME, "a name such as cart_changed"))
        known = self.fields(node, _EVENT, required={"name"})
        if "name" not in known:
            return None
        return EventWanted(
            name=self._matching(known["name"], _NAME, "a name such as cart_changed"),
            at_least=self._amounts(known.get("at_least")),
            at_most=self._amounts(known.get("at_most")),
            forms={
                name: _form(self._texts(value, "a text or several"))
                for name, value in self._props(known.get("is"))
            },
        )

    def _amounts(self, node: yaml.Node | None) -> dict[str, float]:
        return {name: self._amount(value) for name, value in self._props(node)}

    def _amount(self, node: yaml.Node) -> float:
        text = self._matching(node, _NUMBER, "a number")
        return float(text) if _NUMBER.fullmatch(text) else 0.0

    def _props(self, node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
        for name, value in self.pairs(node, "fields of the event, each with a value"):
            yield self._matching(name, _NAME, "the name of a field"), value

    def _duty(self, node: yaml.Node | None) -> bool | None:
        if node is None:
            return None
        word = self.text(node)
        if word not in _DUTY:
            self.problem(node, f"{word!r}: on (people are there) or off (nobody is)")
        return _DUTY.get(word)

    def _often(self, node: yaml.Node | None) -> Often | int:
        if node is None:
            return Often.VISITOR
        word = self.text(node)
        if word in set(Often):
            return Often(word)
        found = _EVERY.fullmatch(word)
        if found and 0 < int(found[1]) <= LONGEST_DAYS:
            return int(found[1])
        self.problem(node, f"{word!r}: {', '.join(Often)} or a time such as 30 days")
        return Often.VISITOR

    def _suggestions(self, node: yaml.Node) -> tuple[str, ...]:
        asked = [self._line(item, LONGEST_SUGGESTION) for item in self._items(node, "questions")]
        if len(asked) > MOST_SUGGESTIONS:
            self.problem(node, f"{MOST_SUGGESTIONS} suggestions at most")
        return tuple(asked)

    def _by_locale(self, node: yaml.Node | None, expected: str) -> Iterator[tuple[str, yaml.Node]]:
        for name, value in self.pairs(node, f"{expected} for each of {', '.join(LOCALES)}"):
            if name.value in LOCALES:
                yield name.value, value
            else:
                self.problem(name, f"{name.value!r} is not one of {', '.join(LOCALES)}")

    def _texts(self, node: yaml.Node | None, expected: str) -> list[str]:
        """Return one text, or several."""
        if node is None:
            return []
        if isinstance(node, yaml.ScalarNode):
            return [self.text(node)]
        return [self.text(item) for item in self._items(node, expected)]

    def _items(self, node: yaml.Node | None, expected: str) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.problem(node, f"expected a list of {expected}")
            return []
        items: list[yaml.Node] = node.value
        return items

    def _matching(self, node: yaml.Node, form: re.Pattern[str], expected: str) -> str:
        text = self.text(node)
        if text and not form.fullmatch(text):
            self.problem(node, f"{text!r}: expected {expected}")
        return text

    def _line(self, node: yaml.Node, longest: int) -> str:
        text = self.text(node)
        if len(text) > longest:
            self.problem(node, f"{len(text)} characters; {longest} at most")
        return text


def _form(globs: list[str], *, left_out: list[str] | None = None) -> str:
    """Write paths with stars as one regular expression; "" where anything will do."""
    but = f"(?!(?:{_either(left_out)})$)" if left_out else ""
    if not globs:
        return f"^{but}" if but else ""
    return f"^{but}(?:{_either(globs)})$"


def _either(globs: list[str]) -> str:
    parts = (".*".join(map(_quoted, glob.split("*"))) for glob in globs)
    return "|".join(parts)


def _quoted(text: str) -> str:
    """Return text that means itself in a regular expression of JavaScript and of Python."""
    return re.sub(r"[\\^$.|?*+()\[\]{}/]", r"\\\g<0>", text)
