"""What the bot owes a customer, and what it says. No I/O here."""

from dataclasses import dataclass

from handoff_service.domain import Json


@dataclass(frozen=True, slots=True)
class Turn:
    """One customer message that the bot owes an answer to."""

    conversation_id: str
    turn: int  #: from 1, per conversation
    seq: int  #: of the message's event
    epoch: int  #: under which it was posted
    message_id: str
    text: str
    payload: Json | None  #: of a clicked button
    locale: str
    at_ms: int
    files: int = 0  #: how many came with it; a turn of files alone has no words


@dataclass(frozen=True, slots=True)
class Origin:
    """Which bot it is that says something: its model, its index and, in a split, its arm."""

    release: str | None = None  #: which model
    index_version: str | None = None  #: which knowledge base was live for it
    split: str | None = None  #: id of the split that the conversation takes part in
    arm: str | None = None  #: whose the conversation is there: live or candidate

    def to_json(self) -> Json:
        """Return what events carry of it: what has a value."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in told.items() if value}


#: Nobody in particular: the service itself.
UNNAMED = Origin()


#: Kind of the reply by which the bot takes back a customer who waits for a person.
BACK_TO_BOT = "back_to_bot"
#: Kind of the reply that quotes a published notice of a known problem.
NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Understood:
    """How sure the understanding of a typed message was; confidences are 0..1."""

    intent_confidence: float
    scope_confidence: float  #: that the message is about something the bot knows at all
    runner_up: tuple[str, float] | None = None  #: the next best intent and its confidence

    def to_json(self) -> Json:
        """Return the shape in which events carry it."""
        return {
            "intent_confidence": self.intent_confidence,
            "scope_confidence": self.scope_confidence,
            "runner_up": list(self.runner_up) if self.runner_up else None,
        }


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing the bot says in answer to a turn."""

    kind: str  #: answer, clarify, offer_person, handoff, smalltalk, triage, back_to_bot, notice
    text: str
    buttons: tuple[Json, ...] = ()
    sources: tuple[Json, ...] = ()
    confidence: float | None = None
    query: str | None = None  #: the question as it was searched for
    index_version: str | None = None  #: of the knowledge base, the one that was searched
    notice: str | None = None  #: id of the notice that is quoted
