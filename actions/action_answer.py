"""Answer a question from the knowledge base, ask back, offer a person, or begin triage."""

# ruff: noqa: ARG002  (the arguments of `run` are rasa-sdk's)
from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import dialogue, passages, triage
from actions.findings import Finding, say
from actions.knowledge import Knowledge
from actions.outcomes import Outcome, choose_outcome


class ActionAnswer(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """One search a question; slots remember what was shown and how sure it was."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        clicked = dialogue.intent(tracker) == "show_article"
        question = dialogue.last_problem(tracker) if clicked else dialogue.text(tracker)
        look_up = self._find_clicked if clicked else self._find
        found = await look_up(tracker, question)
        tried, language = tracker.get_slot("tried"), dialogue.language(tracker)
        if found.outcome is Outcome.ANSWER:
            tried = passages.remember(tried, found.hits[0])
        if tracker.active_loop_name:  # a question in between: the triage and its topic stay
            if found.outcome in {Outcome.ANSWER, Outcome.CLARIFY}:
                say(dispatcher, found, intent=dialogue.intent(tracker), language=language)
            return [SlotSet("tried", tried)]
        offer = say(dispatcher, found, intent=dialogue.intent(tracker), language=language)
        sure = found.outcome in {Outcome.ANSWER, Outcome.TRIAGE}
        return [
            SlotSet("tried", tried),
            SlotSet("problem", question),
            SlotSet("topic", tracker.get_slot("topic") if clicked else dialogue.intent(tracker)),
            SlotSet("unsure_turns", 0 if sure else _unsure_turns(tracker) + 1),
            SlotSet("person_offered", offer is not None),
            SlotSet("offer_reason", offer),
            SlotSet("needs_triage", found.outcome is Outcome.TRIAGE),
        ]

    async def _find(self, tracker: Tracker, question: str) -> Finding:
        result = await self._knowledge.search(question, locale=dialogue.language(tracker))
        code = dialogue.entity(tracker, "error_code")
        known = await self._knowledge.knows_error_code(code) if code else None
        is_fault = dialogue.intent(tracker) == "technical_issue"
        outcome = choose_outcome(
            result,
            unsure_turns=_unsure_turns(tracker),
            is_complex=is_fault and (not known or triage.find_tried_steps(question) is not None),
            error_known=known,
            out_of_scope=dialogue.intent(tracker) == "out_of_scope",
        )
        return Finding(
            outcome, result.hits, result.confidence, query=question, index_version=result.version
        )

    async def _find_clicked(self, tracker: Tracker, question: str) -> Finding:
        locale = dialogue.entity(tracker, "article_locale") or dialogue.language(tracker)
        article_id = dialogue.entity(tracker, "article_id") or ""
        hit, version = await self._knowledge.find_in_article(question, article_id, locale=locale)
        hits = () if hit is None else (hit,)
        outcome = Outcome.ANSWER if hits else Outcome.OFFER_PERSON
        # chosen by the customer: nothing was guessed
        return Finding(outcome, hits, None, query=question, index_version=version)


def _unsure_turns(tracker: Tracker) -> int:
    return int(tracker.get_slot("unsure_turns") or 0)
