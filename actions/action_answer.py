"""Answer questions from the knowledge base, ask back, or see that a person is called."""

# ruff: noqa: ARG002  (the arguments of `run` are rasa-sdk's)
from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import calling, dialogue, passages, repeated, several_answers, triage
from actions.facts import facts
from actions.findings import Finding, offer, say
from actions.follow_up import Question
from actions.knowledge import Knowledge
from actions.looking_up import look_up, look_up_article
from actions.notices import Notice, notice_name, of_this_call
from actions.outcomes import Outcome
from handoff_rules.rules import Move, Rule, Rules, Situation

#: What is offered where no rule is at fault: no article fits.
NOTHING_FITS = Rule("low_confidence", Move.OFFER, calling.ALWAYS, "utter_offer_person")
_FAULT = "technical_issue"

Slots = dict[str, Any]


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
        notice = await self._known_problem(tracker)
        if notice is not None:
            slots = _say_notice(dispatcher, tracker, notice)
        elif dialogue.intent(tracker) == "show_article":
            slots = await self._show(dispatcher, tracker)
        elif requests := dialogue.requests(tracker):
            slots = await self._answer_several(dispatcher, tracker, requests)
        else:
            slots = await self._answer(dispatcher, tracker, dialogue.question(tracker))
        return [SlotSet(name, value) for name, value in slots.items()]

    async def _known_problem(self, tracker: Tracker) -> Notice | None:
        """Return the published notice that the message is about, unless it was told already."""
        if dialogue.intent(tracker) == "show_article" or tracker.active_loop_name:
            return None
        told = {shown["article_id"] for shown in tracker.get_slot("tried") or []}
        fresh = [one for one in of_this_call.get() if notice_name(one) not in told]
        return await self._knowledge.find_notice(dialogue.text(tracker), fresh)

    async def _show(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Slots:
        """Show the article that the customer chose; without one, what else there is."""
        question = dialogue.last_problem(tracker)
        if dialogue.entity(tracker, "article_id") is None:
            return await self._answer(dispatcher, tracker, Question(question, "", 0.0))
        locale = dialogue.entity(tracker, "article_locale") or dialogue.language(tracker)
        article_id = dialogue.entity(tracker, "article_id") or ""
        found = await look_up_article(self._knowledge, question, article_id, locale=locale)
        if calling.is_coming(tracker):
            return _help_meanwhile(dispatcher, tracker, found)
        rule = None if found.outcome is Outcome.ANSWER else NOTHING_FITS
        _say(dispatcher, tracker, found, rule)
        unsure = 0 if rule is None else _unsure_turns(tracker) + 1
        known = {"tried": _shown(tracker, found), "problem": question, "unsure_turns": unsure}
        return known | calling.slots(rule)

    async def _answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, question: Question
    ) -> Slots:
        """Answer one question, which may go on from the one before it."""
        coming = calling.is_coming(tracker)
        before = None if tracker.active_loop_name else _before(tracker)
        language = dialogue.language(tracker)
        found = await look_up(self._knowledge, question, locale=language, before=before)
        if coming:
            return _help_meanwhile(dispatcher, tracker, found)
        earlier: list[repeated.Asked] = tracker.get_slot("questions") or []
        asked: repeated.Asked = {"text": question.text, "article_id": found.article_id}
        likeness = self._knowledge.likeness(question.text, [one["text"] for one in earlier])
        unsure = 0 if found.outcome is Outcome.ANSWER else _unsure_turns(tracker) + 1
        situation = calling.situation(
            tracker,
            unsure_in_a_row=unsure,
            times_asked=repeated.times_asked(asked, earlier, likeness=likeness),
        )
        rule = self._rules.decide(await self._with_fault(situation, tracker, [question]))
        if rule is None and found.outcome is Outcome.OFFER_PERSON:
            rule = NOTHING_FITS
        _say(dispatcher, tracker, found, rule)
        subject = {"problem": question.text, "topic": question.intent}
        return {
            **calling.slots(rule),
            **({} if found.goes_on else subject),
            "tried": _shown(tracker, found),
            "unsure_turns": unsure,
            "questions": repeated.remember(asked, earlier),
        }

    async def _answer_several(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, requests: list[Question]
    ) -> Slots:
        """Answer each request, then see to what no article settles."""
        language = dialogue.language(tracker)
        situation = replace(
            await self._with_fault(calling.situation(tracker), tracker, requests),
            intent=several_answers.intent_for_people(requests, dialogue.intent(tracker)),
        )
        questions = several_answers.questions(requests, faults=not situation.stubborn_fault)
        answered = await several_answers.find(self._knowledge, questions, locale=language)
        for found in answered.sure:
            say(dispatcher, found, language=language)
        tried = _shown(tracker, *answered.sure)
        if calling.is_coming(tracker):
            return {"tried": tried} | _nobody_else(tracker)
        unsure = 0 if answered.sure else _unsure_turns(tracker) + 1
        rule = self._rules.decide(replace(situation, unsure_in_a_row=unsure))
        rest = next(iter(answered.unsure), None)
        if rule is None and rest is not None:
            rule = several_answers.say_rest(dispatcher, rest, language=language)
        elif rule is not None and rule.say is not None:
            dispatcher.utter_message(response=rule.say)
        subject = {"problem": dialogue.text(tracker), "topic": requests[0].intent}
        return calling.slots(rule) | subject | {"tried": tried, "unsure_turns": unsure}

    async def _with_fault(
        self, situation: Situation, tracker: Tracker, questions: list[Question]
    ) -> Situation:
        """Add what is known of a fault that the message tells of."""
        codes = [str(code) for code in tracker.get_latest_entity_values("error_code")]
        # A pasted log is full of codes: one that an article knows is enough to go on with.
        known = any([await self._knowledge.knows_error_code(c) for c in codes]) if codes else None
        is_fault = any(question.intent == _FAULT for question in questions)
        tried_steps = triage.find_tried_steps(dialogue.text(tracker)) is not None
        return replace(
            situation,
            unknown_error_code=known is False,
            stubborn_fault=is_fault and (not known or tried_steps),
        )


def _say_notice(dispatcher: CollectingDispatcher, tracker: Tracker, notice: Notice) -> Slots:
    """Say that a notice is about the question; its words, as published, are the service's."""
    dispatcher.utter_message(
        text=notice.titles[0], json_message={"kind": "notice", "notice": notice.notice_id}
    )
    shown = {"article_id": notice_name(notice), "title": notice.titles[0], "url": ""}
    known = {"tried": passages.remember_entry(tracker.get_slot("tried"), shown | {"confidence": 1})}
    subject = {"problem": dialogue.text(tracker), "topic": dialogue.intent(tracker)}
    return calling.slots(None) | subject | known | {"unsure_turns": 0}


def _say(
    dispatcher: CollectingDispatcher, tracker: Tracker, found: Finding, rule: Rule | None
) -> None:
    """Say the answer unless a person is called instead; beside an offer only a new one."""
    language = dialogue.language(tracker)
    if rule is None:
        say(dispatcher, found, language=language)
    elif rule.do is Move.OFFER:
        shown = {passage["article_id"] for passage in tracker.get_slot("tried") or []}
        if found.outcome is Outcome.ANSWER and found.article_id not in shown:
            say(dispatcher, found, language=language)
        outside = dialogue.intent(tracker) == "out_of_scope" and rule.say == NOTHING_FITS.say
        response = "utter_offer_person_out_of_scope" if outside else rule.say
        offer(dispatcher, found, response=response or "utter_offer_person", language=language)
    elif rule.say is not None:
        dispatcher.utter_message(response=rule.say)


def _help_meanwhile(dispatcher: CollectingDispatcher, tracker: Tracker, found: Finding) -> Slots:
    """Answer a customer to whom a person is coming; whatever is not sure is left to that person."""
    asking_back = tracker.active_loop_name and found.outcome is Outcome.CLARIFY
    if found.outcome is Outcome.ANSWER or asking_back:
        say(dispatcher, found, language=dialogue.language(tracker))
    return {"tried": _shown(tracker, found)} | _nobody_else(tracker)


def _nobody_else(tracker: Tracker) -> Slots:
    """Call nobody for those who wait; a triage in hand stays as it is."""
    return calling.slots(None) if facts(tracker).waiting else {}


def _shown(tracker: Tracker, *findings: Finding) -> list[dict[str, Any]] | None:
    """Return the passages shown so far, with those that were just found."""
    tried: list[dict[str, Any]] | None = tracker.get_slot("tried")
    for found in findings:
        if found.outcome is Outcome.ANSWER:
            tried = passages.remember(tried, found.hits[0])
    return tried


def _before(tracker: Tracker) -> repeated.Asked | None:
    """Return the question that a follow-up goes on from: what the conversation is about."""
    questions: list[repeated.Asked] = tracker.get_slot("questions") or []
    problem = tracker.get_slot("problem")
    if not problem:
        return None
    return {"text": str(problem), "article_id": questions[-1]["article_id"] if questions else None}


def _unsure_turns(tracker: Tracker) -> int:
    return int(tracker.get_slot("unsure_turns") or 0)
