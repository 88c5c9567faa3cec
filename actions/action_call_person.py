"""Call a person, or offer one, for what the customer just said: as data/handoff_rules.yml says."""

# ruff: noqa: ARG002  (the arguments of `run` are rasa-sdk's)
from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import calling, dialogue, passages, several_answers
from actions.facts import facts
from actions.findings import say
from actions.knowledge import Knowledge, KnowledgeMissing
from handoff_rules.rules import Move, Rule, Rules

#: Outbursts are about what went before them.
_ABOUT_NOTHING_NEW = "displeasure"


class ActionCallPerson(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """Says what the rule says; slots tell Rasa's rules whether to connect, ask first or wait."""

    def __init__(self, knowledge: Knowledge, rules: Rules) -> None:
        self._knowledge = knowledge
        self._rules = rules

    def name(self) -> str:
        return "action_call_person"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        said = dialogue.entity(tracker, "handoff_reason")
        rule = self._rules.decide(calling.situation(tracker, said=said))
        if facts(tracker).waiting:  # a person is on the way already
            if said and rule and rule.do is Move.CONNECT and rule.say:
                # of all kinds, those who wait are shown only answers
                dispatcher.utter_message(response=rule.say, json_message={"kind": "answer"})
            return [SlotSet(name, value) for name, value in calling.slots(None).items()]
        if rule is None:  # the bot was trained with rules that there are no more
            rule = Rule(said or "asked", Move.CONNECT, calling.ALWAYS)
        if tracker.active_loop_name:  # a person is on the way: no offer, no more questions
            rule = Rule(rule.reason, Move.CONNECT, rule.when, _in_triage(rule))
        slots = await self._answer_the_rest(dispatcher, tracker)
        if rule.say is not None:
            dispatcher.utter_message(response=rule.say)
        slots |= calling.slots(rule) | self._reason_of_offer(tracker, rule)
        if said is not None and said != _ABOUT_NOTHING_NEW:
            slots |= {"problem": dialogue.text(tracker), "topic": dialogue.understood(tracker)}
        return [SlotSet(name, value) for name, value in slots.items()]

    async def _answer_the_rest(
        self, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Answer what else the message asks, before the person comes."""
        requests = several_answers.questions(dialogue.requests(tracker), faults=False)
        asked = [request for request in requests if self._rules.said(request.text) is None]
        language, tried = dialogue.language(tracker), tracker.get_slot("tried")
        try:
            answered = await several_answers.find(self._knowledge, asked, locale=language)
        except KnowledgeMissing:  # a person is called all the same
            return {}
        for found in answered.sure:
            say(dispatcher, found, language=language)
            tried = passages.remember(tried, found.hits[0])
        subject = {"problem": dialogue.text(tracker), "topic": asked[0].intent} if asked else {}
        return subject | {"tried": tried}

    def _reason_of_offer(self, tracker: Tracker, rule: Rule) -> dict[str, Any]:
        """Keep the reason of an offer that is taken up: it is why a person is called."""
        if rule.reason == "asked" and tracker.get_slot("person_offered"):
            return {"offer_reason": tracker.get_slot("offer_reason") or rule.reason}
        return {}


def _in_triage(rule: Rule) -> str | None:
    return rule.say if rule.do is Move.CONNECT else None
