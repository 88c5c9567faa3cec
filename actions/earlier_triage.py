"""What was asked before an earlier handoff of the conversation: nobody is asked it again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.questions import CONTACT, FIELDS, unspecific_products

#: Slot that keeps it while a person has the conversation: {"topic", "answers", "asked"}.
SLOT = "earlier_triage"
#: About the customer, not about one problem: these answers hold for the next one, too.
LASTING = ("email", CONTACT)

Answers = dict[str, str]


def keep(tracker: Tracker, topic: str) -> dict[str, Any]:
    """Return the slot's value at a handoff about `topic`: all that is known and was asked."""
    answers, asked = recall(tracker, topic, product=tracker.get_slot("product"))
    answers |= {field: tracker.get_slot(field) for field in FIELDS if tracker.get_slot(field)}
    now_asked = tracker.get_slot("asked") or []
    return {
        "topic": topic,
        "answers": answers,
        "asked": [*asked, *(field for field in now_asked if field not in asked)],
    }


def recall(tracker: Tracker, topic: str, *, product: str | None) -> tuple[Answers, list[str]]:
    """Return the answers that still hold, by field, and the questions that were put.

    Args:
        tracker: The conversation.
        topic: What the conversation is about now; about something else only LASTING answers hold.
        product: The one the customer speaks of now, if any: another product is another problem.
    """
    earlier: dict[str, Any] = tracker.get_slot(SLOT) or {}
    answers: Answers = earlier.get("answers") or {}
    before = answers.get("product")
    named = product is not None and product not in unspecific_products()
    if earlier.get("topic") == topic and not (named and before and before != product):
        return dict(answers), list(earlier.get("asked") or [])
    return {field: answers[field] for field in LASTING if field in answers}, []
