"""What a person may say of a turn, and what is kept of the turn beside it. Pure."""

from typing import Literal

from handoff_service.domain import Author, Event, EventType, Json
from handoff_service.refusals import NotFound

Verdict = Literal["wrong", "missing", "right"]

#: What a mark keeps of an answer, as the answer had it.
_OF_ANSWER = ("query", "confidence", "index_version", "intent", "kind")
#: Longest question that a mark keeps, in characters.
QUESTION_CHARS = 1000


def mark_of(event: Event, verdict: Verdict, note: str | None) -> Json:
    """Return what `answer.marked` says of an event.

    An answer of the bot may be wrong or right after all; to a message of the customer an answer
    may be missing, or not after all.

    Raises:
        NotFound: the event is neither, or the verdict is none on it.
    """
    data = event.data
    author = data.get("author") if event.type is EventType.MESSAGE_POSTED else None
    said: Json = {"seq": event.seq, "verdict": verdict, "note": note, "author": author}
    if author == Author.BOT and verdict != "missing":
        sources = [
            {"article_id": source.get("article_id"), "locale": source.get("locale")}
            for source in data.get("sources") or ()
        ]
        return said | {name: data.get(name) for name in _OF_ANSWER} | {"sources": sources}
    if author == Author.CUSTOMER and verdict != "wrong":
        return said | {"query": str(data.get("text") or "")[:QUESTION_CHARS]}
    raise NotFound
