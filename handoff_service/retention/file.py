"""Reads retention.yml; whatever is wrong with it is told at once, each with its line."""

import re
from datetime import time
from pathlib import Path

import yaml

from handoff_service.errors import RetentionError
from handoff_service.retention.times import LEAST_DAYS, MOST_DAYS, Kind, Times
from handoff_service.yaml_nodes import NodeReader, Unreadable, Unusable, compose

#: Read where no other file is named; it need not exist.
PROJECT_FILE = Path("data/retention.yml")
FOREVER = "forever"
_AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def find_times(chosen: Path | None) -> Times:
    """Return what the chosen file says, else the project's, else: all is kept for ever.

    Raises:
        RetentionError: as read_times; also when the chosen file is missing.
    """
    if chosen is None and not PROJECT_FILE.exists():
        return Times()
    return read_times(chosen or PROJECT_FILE)


def read_times(path: Path) -> Times:
    """Read a file; docs/runbook.md says what it may hold.

    Raises:
        RetentionError: it cannot be read, or any line of it cannot be used; names every one.
    """
    try:
        root = compose(path)
        reader = _Reader()
        return reader.checked(reader.times(root), root)
    except Unreadable as error:
        raise RetentionError([str(error)]) from error
    except Unusable as error:
        raise RetentionError(error.lines(path)) from error


class _Reader(NodeReader):
    """Knows what the file may say."""

    def times(self, root: yaml.Node | None) -> Times:
        if not isinstance(root, yaml.MappingNode):
            self.problem(root, "expected `keep:` with kinds of data and days")
            return Times()
        known = self.fields(root, {"at", "keep"}, required={"keep"})
        kinds = {kind.value for kind in Kind}
        days: dict[Kind, int] = {}
        if keep := known.get("keep"):
            for name, value in self.fields(keep, kinds, required=set()).items():
                if name in kinds and self.text(value) != FOREVER:
                    days[Kind(name)] = self._days(value, Kind(name))
        at = known.get("at")
        return Times(self._time(at) if at is not None else Times().at, days)

    def _days(self, node: yaml.Node, kind: Kind) -> int:
        least, text = LEAST_DAYS.get(kind, 1), self.text(node)
        if text.isascii() and text.isdecimal() and least <= int(text) <= MOST_DAYS:
            return int(text)
        self.problem(
            node, f"{kind}: {text!r} is not {FOREVER} or a number of days {least}…{MOST_DAYS}"
        )
        return MOST_DAYS

    def _time(self, node: yaml.Node) -> time:
        found = _AT.fullmatch(self.text(node))
        if found is None:
            self.problem(node, f"at: {self.text(node)!r} is no time of day; expected 03:30")
            return Times().at
        return time(int(found[1]), int(found[2]))
