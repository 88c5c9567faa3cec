"""What the rules of calling a person are told of a conversation, and what follows from them."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions import dialogue
from actions.facts import facts
from handoff_rules.rules import Condition, Move, Rule, Situation

#: Of a rule that stands in no file.
ALWAYS = Condition()


def situation(tracker: Tracker, **more: Any) -> Situation:
    """Return what the message and its facts tell; `more` is what only the caller knows."""
    known = facts(tracker)
    return Situation(
        intent=dialogue.intent(tracker),
        probability=dialogue.intent_confidence(tracker),
        disliked=known.disliked,
        offered=bool(tracker.get_slot("person_offered")),
        flags=known.flags,
        **more,
    )


def is_coming(tracker: Tracker) -> bool:
    """Tell whether a person is on the way: the customer waits, or answers questions for them."""
    return bool(tracker.active_loop_name) or facts(tracker).waiting


def slots(rule: Rule | None) -> dict[str, Any]:
    """Return the slots that make Rasa's rules do what the rule says; None calls nobody."""
    move = None if rule is None else rule.do
    return {
        "call_now": move is Move.CONNECT,
        "needs_triage": move is Move.TRIAGE,
        "person_offered": move is Move.OFFER,
        "offer_reason": None if rule is None else rule.reason,
    }
