"""A conversation as its customer may keep it: what was said, by whom, when. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from babel import Locale
from babel.dates import format_datetime

from handoff_service.document import Document, Part
from handoff_service.domain import Author, Event, EventType
from handoff_service.edits import as_edited
from handoff_service.mail.answers import file_names
from handoff_service.wording import Wording

_LABELS = {Author.CUSTOMER: "label.customer", Author.BOT: "label.bot", Author.AGENT: "label.agent"}
#: Events that say who speaks for the company from now on.
_NAMES_AGENT = frozenset({EventType.HANDOFF_ASSIGNED, EventType.HANDOFF_TAKEN_OVER})


def transcript_document(
    events: Sequence[Event],
    *,
    wording: Wording,
    language: str,
    utc_offset_min: int | None = None,
) -> Document:
    """Return what customers see of the events, in their language.

    Times are those of the customer's clock, or, where it is not known, of UTC, which is then said.
    """
    parts: list[Part] = []
    agent = ""
    for event in as_edited(events):
        shown = event.for_customer()
        if shown is None:
            continue
        if shown.type in _NAMES_AGENT:
            agent = str(shown.data.get("agent_name") or "")
        when = _when(shown.at_ms, language, utc_offset_min)
        text = str(shown.data.get("text") or "")
        if shown.type is EventType.MESSAGE_POSTED:
            author = shown.data["author"]
            label = wording.sentence(_LABELS[Author(author)], language)
            who = (agent or label) if author == Author.AGENT else label
            parts.append(Part(text, who, when, files=file_names(shown.data)))
        elif text:
            parts.append(Part(text, when=when))
    return Document(wording.sentence("label.transcript", language), language, tuple(parts))


def _when(at_ms: int, language: str, utc_offset_min: int | None) -> str:
    zone = UTC if utc_offset_min is None else timezone(timedelta(minutes=utc_offset_min))
    moment = datetime.fromtimestamp(at_ms / 1000, zone)
    locale = Locale.parse(language, sep="-")
    said = str(format_datetime(moment, "medium", locale=locale, tzinfo=zone))
    return said if utc_offset_min is not None else f"{said} UTC"
