"""Say what was found, by the names of responses; their wording is the bot's."""

from __future__ import annotations

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


def say(dispatcher: CollectingDispatcher, found: Finding, *, intent: str) -> str | None:
    """Say it (triage says nothing: its form asks); return why a person was offered, if one was."""
    extras = {
        "kind": found.outcome.value,
        "confidence": None if found.confidence is None else round(found.confidence, 3),
    }
    if found.outcome is Outcome.ANSWER:
        hit = found.hits[0]
        dispatcher.utter_message(
            response="utter_answer",
            json_message=extras | {"sources": [passages.source(hit)]},
            title=hit.title,
            quote=hit.quote,
        )
    elif found.outcome is Outcome.CLARIFY:
        dispatcher.utter_message(
            response="utter_clarify",
            buttons=[passages.button(hit) for hit in found.hits[:CHOICES]],
            json_message=extras,
        )
    elif found.outcome is Outcome.OFFER_PERSON:
        outside = intent == "out_of_scope"
        name = "utter_offer_person_out_of_scope" if outside else "utter_offer_person"
        dispatcher.utter_message(response=name, json_message=extras)
        return "low_confidence"
    return None
