"""Queries and answers about mentions and marks."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from handoff_service.archive.answer_marks import AnswerMark
from handoff_service.archive.mentions import Mention
from handoff_service.refusals import BadFrame

Cursor = Annotated[str, StringConstraints(max_length=120)]
Limit = Annotated[int, Field(ge=1, le=200)]


@dataclass(frozen=True, slots=True)
class MentionsQuery:
    """Which mentions, and from where."""

    unseen: bool = False
    after: Cursor | None = None
    limit: Limit = 50


@dataclass(frozen=True, slots=True)
class MentionsAnswer:
    """A page, the latest first; `after` begins the next one, null: there is none."""

    mentions: list[Mention]
    unseen: int  #: of all
    after: str | None


@dataclass(frozen=True, slots=True)
class MarksQuery:
    """Which marks, and from where."""

    verdict: Literal["wrong", "missing", "right"] = "wrong"
    after: Cursor | None = None
    limit: Limit = 50


@dataclass(frozen=True, slots=True)
class MarksAnswer:
    """A page, the latest first; `after` begins the next one, null: there is none."""

    marks: list[AnswerMark]
    after: str | None


def write_cursor(at_ms: int, conversation_id: str, seq: int) -> str:
    """Return what names the place of a row."""
    return f"{at_ms}.{seq}.{conversation_id}"


def read_cursor(text: str | None) -> tuple[int, str, int] | None:
    """Read it back. Raises BadFrame."""
    if text is None:
        return None
    at_ms, _, rest = text.partition(".")
    seq, _, conversation_id = rest.partition(".")
    # Digits of ASCII, and no more than a database's integer has.
    if not all(part.isascii() and part.isdecimal() and len(part) <= 15 for part in (at_ms, seq)):
        raise BadFrame(["after"])
    if not conversation_id or not conversation_id.isprintable():
        raise BadFrame(["after"])
    return int(at_ms), conversation_id, int(seq)
