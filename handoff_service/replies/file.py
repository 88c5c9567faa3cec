"""Reads replies.yml; whatever is wrong with it is told at once, each with its place."""

import re
from pathlib import Path

import yaml

from handoff_service.domain import LOCALES
from handoff_service.errors import RepliesError
from handoff_service.replies.catalogue import LAST_ACTS, Act, Do, Macro, Replies, Reply
from handoff_service.replies.rendering import PLACEHOLDERS, unknown_placeholders
from handoff_service.yaml_nodes import NodeReader, Unreadable, Unusable, compose

#: Read where no other file is named; it need not exist.
PROJECT_FILE = Path("data/replies.yml")

#: More than these nobody finds anything among.
MOST_REPLIES, MOST_MACROS, MOST_ACTS = 500, 100, 10
#: In characters. A message may have up to 4000, whatever the desk allows.
LONGEST_TITLE, LONGEST_TEXT, LONGEST_WORD, LONGEST_NOTE = 100, 4000, 64, 1000
#: The longest that a conversation can be parked, in hours: a month.
LONGEST_PARK_H = 720
FIRST_PRIORITY = 9

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SHORTCUT = re.compile(r"[^\W_][\w-]{0,39}")


def find_replies(chosen: Path | None) -> Replies:
    """Return what the chosen file has, else the project's, else nothing.

    Raises:
        RepliesError: as read_replies; also when the chosen file is missing.
    """
    if chosen is None and not PROJECT_FILE.exists():
        return Replies()
    return read_replies(chosen or PROJECT_FILE)


def read_replies(path: Path) -> Replies:
    """Read a file; docs/console.md says what it may hold.

    Raises:
        RepliesError: it cannot be read, or any line of it cannot be used; names every one.
    """
    try:
        return replies_of(compose(path))
    except Unreadable as error:
        raise RepliesError([str(error)]) from error
    except Unusable as error:
        raise RepliesError(error.lines(path)) from error


def replies_of(root: yaml.Node | None) -> Replies:
    """Read what stands in such a file. Raises Unusable."""
    reader = _Reader()
    return reader.checked(reader.everything(root), root)


def reply_of(root: yaml.Node | None, reply_id: str) -> Reply:
    """Read one reply, of somebody's own. Raises Unusable."""
    reader = _Reader()
    if root is None:
        reader.problem(root, "expected shortcut, title and texts")
        return reader.checked(Reply(reply_id=reply_id, shortcut="", title="", texts={}), root)
    return reader.checked(reader.reply(reply_id, root), root)


class _Reader(NodeReader):
    """Knows what the file may say."""

    def everything(self, root: yaml.Node | None) -> Replies:
        if root is None:
            return Replies()
        known = self.fields(root, {"replies", "macros"}, required=set())
        replies = self._replies(known.get("replies"))
        return Replies(replies, self._macros(known.get("macros"), replies))

    def reply(self, reply_id: str, node: yaml.Node) -> Reply:
        known = self.fields(
            node, {"shortcut", "title", "texts", "teams"}, required={"title", "texts"}
        )
        shortcut = known.get("shortcut")
        return Reply(
            reply_id=reply_id,
            shortcut=reply_id if shortcut is None else self._shortcut(shortcut),
            title=self._line(known.get("title"), LONGEST_TITLE),
            texts=self._texts(known.get("texts")),
            teams=self._teams(known.get("teams")),
        )

    def _replies(self, node: yaml.Node | None) -> dict[str, Reply]:
        found: dict[str, Reply] = {}
        taken: dict[str, str] = {}
        for name, value in self._entries(node, "replies by id, each with title and texts"):
            reply = self.reply(self._id(name), value)
            shortcut = reply.shortcut.casefold()
            if shortcut in taken:
                whose = f"/{reply.shortcut} is the shortcut of {taken[shortcut]!r} too"
                self.problem(name, f"{whose}; change one")
            taken.setdefault(shortcut, reply.reply_id)
            found[reply.reply_id] = reply
        if len(found) > MOST_REPLIES:
            self.problem(node, f"more than {MOST_REPLIES} replies; delete those that nobody uses")
        return found

    def _macros(self, node: yaml.Node | None, replies: dict[str, Reply]) -> dict[str, Macro]:
        found: dict[str, Macro] = {}
        for name, value in self._entries(node, "macros by id, each with title and acts"):
            known = self.fields(value, {"title", "acts", "teams"}, required={"title", "acts"})
            macro = Macro(
                macro_id=self._id(name),
                title=self._line(known.get("title"), LONGEST_TITLE),
                acts=self._acts(known.get("acts"), replies),
                teams=self._teams(known.get("teams")),
            )
            found[macro.macro_id] = macro
        if len(found) > MOST_MACROS:
            self.problem(node, f"more than {MOST_MACROS} macros; delete those that nobody uses")
        return found

    def _acts(self, node: yaml.Node | None, replies: dict[str, Reply]) -> tuple[Act, ...]:
        expected = "a list of acts, such as [{reply: hello}, {tag: refund}]"
        items = self._items(node, expected)
        if node is not None and not 0 < len(items) <= MOST_ACTS:
            self.problem(node, f"expected 1…{MOST_ACTS} acts")
        acts = [self._act(item, replies) for item in items]
        for act, item in zip(acts[:-1], items, strict=False):
            if act.do in LAST_ACTS:
                self.problem(item, f"nothing can follow {act.do.value}; put it last")
        if sum(act.do is Do.REPLY for act in acts) > 1:
            self.problem(node, "only one reply fits into a message; leave one")
        return tuple(acts)

    def _act(self, node: yaml.Node, replies: dict[str, Reply]) -> Act:
        names = {do.value for do in Do}
        pairs = [*self.pairs(node, f"one of {', '.join(sorted(names))} and its value")]
        if len(pairs) != 1 or pairs[0][0].value not in names:
            if pairs:
                self.problem(node, f"expected exactly one of {', '.join(sorted(names))}")
            return Act(Do.NOTE, "")
        do, value = Do(pairs[0][0].value), pairs[0][1]
        return Act(do, self._value(do, value, replies))

    def _value(self, do: Do, node: yaml.Node, replies: dict[str, Reply]) -> str:
        if do is Do.PRIORITY:
            return str(self.number(node, 0, FIRST_PRIORITY))
        if do is Do.PARK:
            return str(self.number(node, 1, LONGEST_PARK_H))
        if do is Do.NOTE:
            return self._short(node, LONGEST_NOTE)
        word = self._line(node, LONGEST_WORD)
        if do is Do.REPLY and word and word not in replies:
            self.problem(node, f"there is no reply {word!r}; expected the id of one above")
        return word

    def _texts(self, node: yaml.Node | None) -> dict[str, str]:
        texts: dict[str, str] = {}
        for name, value in self.pairs(node, "texts by language, such as {en: Hello}"):
            if name.value not in LOCALES:
                self.problem(name, f"{name.value!r} is unknown; expected {', '.join(LOCALES)}")
            texts[name.value] = self._short(value, LONGEST_TEXT)
            for wrong in unknown_placeholders(texts[name.value]):
                self.problem(
                    value, f"{wrong} is no placeholder; expected {', '.join(PLACEHOLDERS)}"
                )
        return texts

    def _teams(self, node: yaml.Node | None) -> tuple[str, ...]:
        items = self._items(node, "a list of teams")
        return tuple(dict.fromkeys(self._line(item, LONGEST_WORD) for item in items))

    def _entries(
        self, node: yaml.Node | None, expected: str
    ) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        """Return names and values; of an empty mapping none, which is fine."""
        empty = isinstance(node, yaml.MappingNode) and not node.value
        return [] if empty else [*self.pairs(node, expected)]

    def _items(self, node: yaml.Node | None, expected: str) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.problem(node, f"expected {expected}")
            return []
        return list(node.value)

    def _id(self, node: yaml.ScalarNode) -> str:
        if not _ID.fullmatch(node.value):
            self.problem(node, f"{node.value!r} is no id; expected one such as refund or refund-2")
        return str(node.value)

    def _shortcut(self, node: yaml.Node) -> str:
        text = self.text(node)
        if text and not _SHORTCUT.fullmatch(text):
            self.problem(node, f"{text!r} is no shortcut; expected letters, digits and -, no space")
        return text

    def _line(self, node: yaml.Node | None, longest: int) -> str:
        text = self._short(node, longest)
        if "\n" in text:
            self.problem(node, "expected one line")
        return text

    def _short(self, node: yaml.Node | None, longest: int) -> str:
        if node is None:
            return ""
        text = self.text(node)
        if len(text) > longest:
            self.problem(node, f"{len(text)} characters are too many; expected {longest} at most")
        return text
