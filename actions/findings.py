"""Say what was found, by the names of responses; their wording is the bot's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import passages
from actions.outcomes import Outcome
from kb_index.searching import Hit

#: Articles to choose from when asking back, and beside the offer of a person.
CHOICES, BESIDE = 3, 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search found for a question; `confidence` (0..1) is None where nothing was guessed."""

    outcome: Outcome
    hits: tuple[Hit, ...]
    confidence: float | None
    query: str  #: as it was searched for
    index_version: str
    goes_on: bool = False  #: found together with the question before

    @property
    def article_id(self) -> str | None:
        """The best article, sure or not."""
        return self.hits[0].article_id if self.hits else None


def say(dispatcher: CollectingDispatcher, found: Finding, *, language: str) -> None:
    """Say the answer, or ask back; what found nothing is said by `offer`."""
    if found.outcome is Outcome.ANSWER:
        hit = found.hits[0]
        dispatcher.utter_message(
            response="utter_answer",
            json_message=_extras(found) | {"sources": [passages.source(hit, language=language)]},
            title=hit.title,
            quote=hit.quote,
        )
    elif found.outcome is Outcome.CLARIFY:
        dispatcher.utter_message(
            response="utter_clarify",
            buttons=[passages.button(hit, language=language) for hit in choices(found.hits)],
            json_message=_extras(found),
        )


def offer(
    dispatcher: CollectingDispatcher,
    found: Finding,
    *,
    response: str,
    language: str,
    **placeholders: str,
) -> None:
    """Offer a person in the words of a response, and beside it the articles that may fit."""
    extras = _extras(found) | {"kind": Outcome.OFFER_PERSON.value}
    may_fit = choices(found.hits)[:BESIDE] if found.outcome is Outcome.CLARIFY else []
    dispatcher.utter_message(
        response=response,
        buttons=[passages.button(hit, language=language) for hit in may_fit],
        json_message=extras,
        **placeholders,
    )


def choices(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits to choose from: the best of each title, for equal buttons tell nothing."""
    by_title: dict[str, Hit] = {}
    for hit in hits:
        by_title.setdefault(hit.title.casefold(), hit)
    return list(by_title.values())[:CHOICES]


def _extras(found: Finding) -> dict[str, Any]:
    return {
        "kind": found.outcome.value,
        "confidence": None if found.confidence is None else round(found.confidence, 3),
        "query": found.query,
        "index_version": found.index_version,
    }
