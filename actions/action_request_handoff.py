"""Ask the service to connect a person, with everything the agent will want to know."""

# ruff: noqa: ARG002  (the arguments of `run` are rasa-sdk's)
from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import dialogue, questions, wording
from actions.facts import facts

#: Longest summary (characters).
SUMMARY = 300
#: What the slots hold again once the conversation is a person's.
CLEARED: dict[str, Any] = {
    **dict.fromkeys(
        (*questions.FIELDS, "requested_slot", "asked", "tried", "problem", "topic", "offer_reason")
    ),
    "questions": None,
    "unsure_turns": 0,
    "person_offered": False,
    "needs_triage": False,
    "call_now": False,
}


class ActionRequestHandoff(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """Says nothing itself: the service writes the sentence in the step that queues the customer."""

    def name(self) -> str:
        return "action_request_handoff"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        problem = tracker.get_slot("problem") or dialogue.last_problem(tracker)
        handoff = {
            "reason": tracker.get_slot("offer_reason") or "asked",
            "topic": tracker.get_slot("topic") or dialogue.understood(tracker),
            "language": dialogue.language(tracker),
            "triage": triage_answers(tracker),
            "tried": tracker.get_slot("tried") or [],
            "summary": str(problem)[:SUMMARY],
        }
        contact = tracker.get_slot("contact") or tracker.get_slot("email")
        if contact and not facts(tracker).on_duty:
            handoff["contact"] = contact
        dispatcher.utter_message(json_message={"kind": "handoff", "handoff": handoff})
        return [ActiveLoop(None), *(SlotSet(name, value) for name, value in CLEARED.items())]


def triage_answers(tracker: Tracker) -> list[dict[str, Any]]:
    """Return each question asked or answered by the way: {"field", "question", "answer"}."""
    asked, locale = tracker.get_slot("asked") or [], dialogue.language(tracker)
    return [
        {"field": f, "question": wording.question(f, locale), "answer": tracker.get_slot(f)}
        for f in questions.FIELDS
        if f in asked or tracker.get_slot(f)
    ]
