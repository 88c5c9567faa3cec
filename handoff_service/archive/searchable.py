"""What of a conversation's events can be searched for, and how the database is given it. Pure."""

import re
from collections.abc import Iterable
from typing import Any

from handoff_service.archive.projection import Fact
from handoff_service.domain import EventType
from handoff_service.search.terms import composed, terms_of

_QUOTED = re.compile("'([^']*)'")

#: What is known of the customer; all other parts are named by who wrote.
WHO = "who"
NOTE = "note"
#: Words that only agents read.
NOTES = frozenset({EventType.WHISPER_POSTED, EventType.NOTE_POSTED})
#: PostgreSQL keeps no position above this in a tsvector, and takes more for this.
MOST_TERMS = 16_000


def searchable(fact: Fact) -> tuple[str, str] | None:
    """Return whose words an event has, and the words; None when it has none to search for.

    Raises LookupError, TypeError, AttributeError: the event has another shape.
    """
    data = fact.data
    if fact.type == EventType.MESSAGE_POSTED:
        names = (file["name"] for file in data.get("attachments") or ())
        return data["author"][:16], "\n".join((data.get("text") or "", *names))
    if fact.type == EventType.CUSTOMER_IDENTIFIED:
        return WHO, _known(data, "name", "email", "phone")
    if fact.type == EventType.MESSAGE_LEFT:
        return WHO, _known(data, "contact")
    if fact.type == EventType.MESSAGE_EDITED:
        return "agent", data["text"]
    if fact.type in NOTES:
        return NOTE, data["text"]
    return None


def search_row(fact: Fact, *, dialect: str) -> dict[str, Any] | None:
    """Return the row of an event in `search_docs`; None when nothing in it can be searched for."""
    found = searchable(fact)
    words = [term.word for term in terms_of(composed(found[1]))][:MOST_TERMS] if found else []
    if found is None or not words:
        return None
    return {
        "conversation_id": fact.conversation_id,
        "seq": fact.seq,
        "part": found[0],
        "terms": written(words, dialect=dialect),
    }


def written(words: Iterable[str], *, dialect: str) -> str:
    """Write terms as the database indexes them; they are letters and digits, so nothing is quoted.

    PostgreSQL is given its own form, with positions: what its parsers make of letters depends on
    the locale of the server.
    """
    if dialect != "postgresql":
        return " ".join(words)
    return " ".join(f"'{word}':{place}" for place, word in enumerate(words, 1))


def words_in(terms: str, *, dialect: str) -> list[str]:
    """Read back what `written` wrote."""
    return terms.split(" ") if dialect != "postgresql" else _QUOTED.findall(terms)


def _known(data: dict[str, Any], *names: str) -> str:
    return "\n".join(str(data[name]) for name in names if data.get(name))
