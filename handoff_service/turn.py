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


#: Kind of the reply by which the bot takes back a customer who waits for a person.
BACK_TO_BOT = "back_to_bot"


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing the bot says in answer to a turn."""

    kind: str  #: answer, clarify, offer_person, handoff, smalltalk, triage, back_to_bot
    text: str
    buttons: tuple[Json, ...] = ()
    sources: tuple[Json, ...] = ()
    confidence: float | None = None
    query: str | None = None  #: the question as it was searched for
    index_version: str | None = None  #: of the knowledge base, the one that was searched
