"""Ask the service to connect a person, with everything the agent will want to know."""

# ruff: noqa: ARG002  (the arguments of `run` are rasa-sdk's)
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import dialogue, earlier_triage, questions, wording
from actions.facts import facts

#: Longest summary (characters).
SUMMARY = 300
#: What the slots hold again once the conversation is a person's. What it is about stays (topic,
#: problem, tried), and what was asked is kept aside (earlier_triage): the bot may get it back.
CLEARED: dict[str, Any] = {
    **dict.fromkeys((*questions.FIELDS, "requested_slot", "asked", "offer_reason")),
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
        topic = dialogue.topic(tracker)
        triage = earlier_triage.keep(tracker, topic)
        problem = tracker.get_slot("problem") or dialogue.last_problem(tracker)
        handoff = {
            "reason": tracker.get_slot("offer_reason") or "asked",
            "topic": topic,
            "language": dialogue.language(tracker),
            "triage": triage_answers(triage, locale=dialogue.language(tracker)),
            "tried": tracker.get_slot("tried") or [],
            "summary": str(problem)[:SUMMARY],
        }
        contact = triage["answers"].get("contact") or triage["answers"].get("email")
        if contact and not facts(tracker).on_duty:
            handoff["contact"] = contact
        dispatcher.utter_message(json_message={"kind": "handoff", "handoff": handoff})
        slots = CLEARED | {earlier_triage.SLOT: triage}
        return [ActiveLoop(None), *(SlotSet(name, value) for name, value in slots.items())]


def triage_answers(triage: Mapping[str, Any], *, locale: str) -> list[dict[str, Any]]:
    """Return each question asked or answered by the way: {"field", "question", "answer"}."""
    asked, answers = triage["asked"], dict(triage["answers"])
    if answers.get("contact") == answers.get("email") and "email" not in asked:
        answers.pop("email", None)  # once is enough
    return [
        {"field": f, "question": wording.question(f, locale), "answer": answers.get(f)}
        for f in questions.FIELDS
        if f in asked or f in answers
    ]
