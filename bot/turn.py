"""The turn in hand: who asked what, what was answered so far, and how a turn fails as a whole."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


class TurnFailed(BaseException):
    """This turn cannot be answered; nothing of it is saved, so it can be tried again.

    Not an `Exception`: Rasa catches those around actions and stores, logs them and goes on as if
    nothing had happened.

    Attributes:
        status: HTTP status for the caller; 503 means "try again".
        code: Short stable name of the situation.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class AlreadyAnswered(BaseException):
    """The same message was answered before; `answer` is what was said then."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__("already answered")
        self.answer = answer


@dataclass
class Turn:
    """One message of one customer on its way through Rasa."""

    message_id: str
    #: The customer waits for a person: the bot speaks only if it can help.
    may_be_silent: bool = False
    #: Known problems as the service sent them: {"id", "titles", "texts", "questions"}.
    notices: list[dict[str, Any]] = field(default_factory=list)
    #: Replies collected so far, in the shape the service expects.
    replies: list[dict[str, Any]] = field(default_factory=list)
    #: Which model answers, set when it begins to: another may be loaded at any time.
    release: str = ""
    #: The whole answer, set when the tracker is saved.
    answer: dict[str, Any] | None = None


#: Set by the channel around each turn; read by the tracker store.
current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)
