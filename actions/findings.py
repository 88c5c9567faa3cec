"""Say what was found, by the names of responses; their wording is the bot's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasa_sdk.executor import CollectingDispatcher

from actions import passages
from actions.outcomes import Outcome
from kb_index.searching import Hit

#: Articles to choose from when asking back.
CHOICES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What the customer gets; `confidence` (0..1) is None where nothing was guessed."""

    outcome: Outcome
    hits: tuple[Hit, ...]
    confidence: float | None
    query: str  #: as it was searched for
    index_version: str


def say(
    dispatcher: CollectingDispatcher, found: Finding, *, intent: str, language: str
) -> str | None:
    """Say it (triage says nothing: its form asks); return why a person was offered, if one was."""
    extras = {
        "kind": found.outcome.value,
        "confidence": None if found.confidence is None else round(found.confidence, 3),
        "query": found.query,
        "index_version": found.index_version,
    }
    if found.outcome is Outcome.ANSWER:
        hit = found.hits[0]
        dispatcher.utter_message(
            response="utter_answer",
            json_message=extras | {"sources": [passages.source(hit, language=language)]},
            title=hit.title,
            quote=hit.quote,
        )
    elif found.outcome is Outcome.CLARIFY:
        dispatcher.utter_message(
            response="utter_clarify",
            buttons=[passages.button(hit, language=language) for hit in choices(found.hits)],
            json_message=extras,
        )
    elif found.outcome is Outcome.OFFER_PERSON:
        outside = intent == "out_of_scope"
        name = "utter_offer_person_out_of_scope" if outside else "utter_offer_person"
        dispatcher.utter_message(response=name, json_message=extras)
        return "low_confidence"
    return None


def choices(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits to choose from: the best of each title, for equal buttons tell nothing."""
    by_title: dict[str, Hit] = {}
    for hit in hits:
        by_title.setdefault(hit.title.casefold(), hit)
    return list(by_title.values())[:CHOICES]
