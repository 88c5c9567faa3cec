"""Answer each request of a message that asks for several things."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rasa_sdk.executor import CollectingDispatcher

from actions import calling
from actions.findings import Finding, offer, say
from actions.follow_up import Question
from actions.knowledge import Knowledge
from actions.looking_up import look_up
from actions.outcomes import Outcome
from handoff_rules.rules import Move, Rule

#: Requests that a rule of calling a person sees to, not an article.
FOR_PEOPLE = ("request_person", "none_of_these", "complaint", "not_helped")
_FAULT = "technical_issue"
#: Longest part of a message that is named in an offer, in characters.
LONGEST_PART = 120
#: What is offered for a question that stays open beside answered ones.
OPEN = Rule("low_confidence", Move.OFFER, calling.ALWAYS, "utter_offer_person_rest")


@dataclass(frozen=True, slots=True)
class Answered:
    """What was found for a message's questions, in their order."""

    sure: tuple[Finding, ...]  #: answers, each article once
    unsure: tuple[Finding, ...]


def questions(requests: Iterable[Question], *, faults: bool) -> list[Question]:
    """Return the requests to look up; `faults` says whether to look for those of faults, too."""
    left_out = {*FOR_PEOPLE} if faults else {*FOR_PEOPLE, _FAULT}
    return [request for request in requests if request.intent not in left_out]


def intent_for_people(requests: Sequence[Question], default: str) -> str:
    """Return the intent by which a person may have to be called: of a request, or `default`."""
    intents = {request.intent for request in requests}
    return next((intent for intent in FOR_PEOPLE if intent in intents), default)


async def find(knowledge: Knowledge, asked: Iterable[Question], *, locale: str) -> Answered:
    """Search for each question.

    Raises:
        KnowledgeMissing: there is no index or model.
    """
    found = [await look_up(knowledge, question, locale=locale) for question in asked]
    sure = {one.article_id: one for one in reversed(found) if one.outcome is Outcome.ANSWER}
    unsure = tuple(one for one in found if one.outcome is not Outcome.ANSWER)
    return Answered(tuple(one for one in found if one is sure.get(one.article_id)), unsure)


def say_rest(dispatcher: CollectingDispatcher, rest: Finding, *, language: str) -> Rule | None:
    """Ask back about a question that stayed open; or offer a person for it, and return the rule."""
    if rest.outcome is Outcome.CLARIFY:
        say(dispatcher, rest, language=language)
        return None
    part = rest.query
    if len(part) > LONGEST_PART:
        part = part[: LONGEST_PART - 1].rstrip() + "…"
    offer(dispatcher, rest, response=str(OPEN.say), language=language, part=part)
    return OPEN
