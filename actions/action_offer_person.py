"""Offer a person to a customer who is displeased or whom the answer did not help."""

# ruff: noqa: ARG002  (the arguments of `run` are rasa-sdk's)
from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import dialogue

#: Intent → response and reason code.
OFFERS = {
    "complaint": ("utter_offer_person_displeased", "displeasure"),
    "not_helped": ("utter_offer_person_not_helped", "not_helped"),
}


class ActionOfferPerson(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """After this, "yes" connects."""

    def name(self) -> str:
        return "action_offer_person"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        response, reason = OFFERS[dialogue.intent(tracker)]
        dispatcher.utter_message(response=response)
        return [SlotSet("person_offered", True), SlotSet("offer_reason", reason)]
