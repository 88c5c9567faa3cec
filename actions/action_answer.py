"""Answer a question from the knowledge base, ask back, offer a person, or begin triage."""

# ruff: noqa: ARG002  (the arguments of `run` are rasa-sdk's)
from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import dialogue, passages, triage
from actions.knowledge import Knowledge
from actions.outcomes import Outcome, choose_outcome
from kb_index.retriever import SearchResult


class ActionAnswer(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """One search a question; slots remember what was shown and how sure it was."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        intent, locale = dialogue.intent(tracker), dialogue.language(tracker)
        clicked = dialogue.entity(tracker, "article_id") if intent == "show_article" else None
        question = dialogue.last_problem(tracker) if clicked else dialogue.text(tracker)
        if clicked:
            wanted = dialogue.entity(tracker, "article_locale") or locale
            result = await self._knowledge.search_in_article(question, clicked, locale=wanted)
            outcome = Outcome.ANSWER if result.hits else Outcome.OFFER_PERSON
        else:
            result = await self._knowledge.search(question, locale=locale)
            outcome = await self._choose(tracker, result)
        tried = tracker.get_slot("tried")
        if outcome is Outcome.ANSWER:
            tried = passages.remember(tried, result.hits[0])
        if tracker.active_loop_name:  # a question in between: the triage and its topic stay
            if outcome in {Outcome.ANSWER, Outcome.CLARIFY}:
                self._utter(dispatcher, outcome, result, intent)
            return [SlotSet("tried", tried)]
        offer = self._utter(dispatcher, outcome, result, intent)
        unsure = 0 if outcome in {Outcome.ANSWER, Outcome.TRIAGE} else self._unsure(tracker) + 1
        return [
            SlotSet("tried", tried),
            SlotSet("problem", question),
            SlotSet("topic", tracker.get_slot("topic") if clicked else intent),
            SlotSet("unsure_turns", unsure),
            SlotSet("person_offered", offer is not None),
            SlotSet("offer_reason", offer),
            SlotSet("needs_triage", outcome is Outcome.TRIAGE),
        ]

    async def _choose(self, tracker: Tracker, result: SearchResult) -> Outcome:
        code = dialogue.entity(tracker, "error_code")
        known = await self._knowledge.knows_error_code(code) if code else None
        tried_steps = triage.find_tried_steps(dialogue.text(tracker)) is not None
        return choose_outcome(
            result,
            unsure_turns=self._unsure(tracker),
            is_complex=dialogue.intent(tracker) == "technical_issue" and (tried_steps or not known),
            error_known=known,
        )

    @staticmethod
    def _utter(
        dispatcher: CollectingDispatcher, outcome: Outcome, result: SearchResult, intent: str
    ) -> str | None:
        """Say it; returns why a person was offered, None if none was."""
        confidence = round(result.confidence, 3)
        if outcome is Outcome.ANSWER:
            hit = result.hits[0]
            dispatcher.utter_message(
                response="utter_answer",
                json_message={
                    "kind": "answer",
                    "sources": [passages.source(hit)],
                    "confidence": confidence,
                },
                title=hit.title,
                quote=hit.quote,
            )
        elif outcome is Outcome.CLARIFY:
            dispatcher.utter_message(
                response="utter_clarify",
                buttons=[passages.button(hit) for hit in result.hits[:3]],
                json_message={"kind": "clarify", "confidence": confidence},
            )
        elif outcome is Outcome.OFFER_PERSON:
            outside = intent == "out_of_scope"
            dispatcher.utter_message(
                response="utter_offer_person_out_of_scope" if outside else "utter_offer_person",
                json_message={"kind": "offer_person", "confidence": confidence},
            )
            return "low_confidence"
        return None

    @staticmethod
    def _unsure(tracker: Tracker) -> int:
        return int(tracker.get_slot("unsure_turns") or 0)
