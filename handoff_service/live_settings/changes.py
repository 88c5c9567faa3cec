"""What one document says otherwise than another. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handoff_service.domain import Json


@dataclass(frozen=True, slots=True)
class Change:
    """One place where two documents differ."""

    where: str  #: names and numbers that lead there, with dots
    before: Any  #: what JSON knows; None: nothing stood there
    after: Any  #: None: nothing stands there


def changes(before: Json, after: Json) -> list[Change]:
    """Return where `after` differs from `before`, in the order of both; lists differ as a whole.

    What moved within a mapping and says the same is no change.
    """
    return list(_changes(before, after, ""))


def _changes(before: Json, after: Json, place: str) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        where = f"{place}.{name}" if place else name
        was, became = before.get(name), after.get(name)
        if isinstance(was, dict) and isinstance(became, dict):
            yield from _changes(was, became, where)
        elif was != became:
            yield Change(where, was, became)
