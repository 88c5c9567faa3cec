"""Answer a question from the knowledge base, ask back, or see that a person is called."""

# ruff: noqa: ARG002  (the arguments of `run` are rasa-sdk's)
from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import calling, dialogue, passages, repeated, triage
from actions.facts import facts
from actions.findings import Finding, offer, say
from actions.knowledge import Knowledge
from actions.outcomes import Outcome, choose_outcome
from handoff_rules.rules import Move, Rule, Rules

#: What is offered where no rule is at fault: no article fits.
NOTHING_FITS = Rule("low_confidence", Move.OFFER, calling.ALWAYS, "utter_offer_person")
_OUT_OF_SCOPE = "out_of_scope"


class ActionAnswer(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """Searches; slots remember what was asked, what was shown and how sure it was."""

    def __init__(self, knowledge: Knowledge, rules: Rules) -> None:
        self._knowledge = knowledge
        self._rules = rules

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
        known = {passage["article_id"] for passage in tried or []}
        if found.outcome is Outcome.ANSWER:
            tried = passages.remember(tried, found.hits[0])
        if tracker.active_loop_name:  # a question in between: the triage and its topic stay
            if found.outcome is not Outcome.OFFER_PERSON:
                say(dispatcher, found, language=language)
            return [SlotSet("tried", tried)]
        if facts(tracker).waiting:  # a person is on the way: help, but call nobody
            if found.outcome is Outcome.OFFER_PERSON:
                dispatcher.utter_message(response="utter_rephrase")
            say(dispatcher, found, language=language)
            return [SlotSet("tried", tried)]
        unsure_turns = 0 if found.outcome is Outcome.ANSWER else _unsure_turns(tracker) + 1
        remembered = {"tried": tried, "problem": question, "unsure_turns": unsure_turns}
        rule = None
        if not clicked:
            asked, before = _asked(question, found), tracker.get_slot("questions") or []
            remembered |= {
                "topic": dialogue.intent(tracker),
                "questions": repeated.remember(asked, before),
            }
            likeness = self._knowledge.likeness(question, [q["text"] for q in before])
            situation = calling.situation(
                tracker,
                unsure_in_a_row=unsure_turns,
                times_asked=repeated.times_asked(asked, before, likeness=likeness),
                **await self._fault(tracker, question),
            )
            rule = self._rules.decide(situation)
        if rule is None and found.outcome is Outcome.OFFER_PERSON:
            rule = NOTHING_FITS
        self._say(dispatcher, tracker, found, rule, is_new=_best(found) not in known)
        slots = remembered | calling.slots(rule)
        return [SlotSet(name, value) for name, value in slots.items()]

    def _say(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        found: Finding,
        rule: Rule | None,
        *,
        is_new: bool,
    ) -> None:
        """Say the answer unless a person is called instead; beside an offer only a new one."""
        language = dialogue.language(tracker)
        if rule is None:
            say(dispatcher, found, language=language)
        elif rule.do is not Move.OFFER:
            if rule.say is not None:
                dispatcher.utter_message(response=rule.say)
        else:
            if found.outcome is Outcome.ANSWER and is_new:
                say(dispatcher, found, language=language)
            response = rule.say or NOTHING_FITS.say or ""
            if rule.reason == NOTHING_FITS.reason and dialogue.intent(tracker) == _OUT_OF_SCOPE:
                response = "utter_offer_person_out_of_scope"
            offer(dispatcher, found, response=response)

    async def _fault(self, tracker: Tracker, question: str) -> dict[str, bool]:
        code = dialogue.entity(tracker, "error_code")
        known = await self._knowledge.knows_error_code(code) if code else None
        is_fault = dialogue.intent(tracker) == "technical_issue"
        tried_steps = triage.find_tried_steps(question) is not None
        return {
            "unknown_error_code": known is False,
            "stubborn_fault": is_fault and (not known or tried_steps),
        }

    async def _find(self, tracker: Tracker, question: str) -> Finding:
        result = await self._knowledge.search(question, locale=dialogue.language(tracker))
        outside = dialogue.intent(tracker) == _OUT_OF_SCOPE
        outcome = choose_outcome(result, out_of_scope=outside)
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


def _best(found: Finding) -> str | None:
    return found.hits[0].article_id if found.hits else None


def _asked(question: str, found: Finding) -> repeated.Asked:
    return {"text": question, "article_id": _best(found)}
