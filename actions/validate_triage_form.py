"""Decide, after each message during triage, what was answered and what to ask next."""

# ruff: noqa: ARG002  (the arguments of `run` are rasa-sdk's)
from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import dialogue, earlier_triage, questions, triage
from actions.facts import facts

#: Sure enough (probability) that a message is not an answer but asks for something else.
SURE = 0.5
#: Messages that leave the form at any time; rules say what happens then.
LEAVES = frozenset(
    {"request_person", "none_of_these", "call_person", "complaint", "helped", "back_to_bot"}
)
#: Messages answered beside the form, which then asks again.
BESIDE = frozenset(
    {"show_article", "bot_challenge", "ask_help", "who_made_you", "are_you_there", "joke"}
)
_QUESTION_MARKS = ("?", "？")
_ANSWERED_BY = {
    "product": "product", "error_text": "error_code", "version": "version",
    "order_number": "order_number", "email": "email", "contact": "email",
}  # fmt: skip


class ValidateTriageForm(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """Sets the answers and the slot that the form asks for next; None ends the form.

    Returning nothing tells Rasa that the message was no answer: the rules then answer it.
    """

    def name(self) -> str:
        return "validate_triage_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        requested = tracker.get_slot("requested_slot")
        asked: list[str] = list(tracker.get_slot("asked") or [])
        known = {field: tracker.get_slot(field) for field in questions.FIELDS}
        if requested is None:  # a new triage: of an older one counts what is still true
            messages = list(dialogue.messages(tracker))
            product = triage.said(messages).get("product")
            earlier, asked = earlier_triage.recall(
                tracker, dialogue.topic(tracker), product=product
            )
            known = dict.fromkeys(questions.FIELDS)
            found = triage.signed(facts(tracker).known) | triage.prefill(messages, earlier=earlier)
        elif set(dialogue.actions_this_turn(tracker)) - {"action_listen", "triage_form"}:
            return [SlotSet("requested_slot", requested)]  # answered beside the form: ask again
        elif _interrupts(tracker, requested):
            return []
        elif dialogue.intent(tracker) == "skip" or triage.skips(dialogue.text(tracker)):
            found = {}
        else:
            found = triage.read_answer(requested, next(dialogue.messages(tracker)))
        merged = known | {
            f: v for f, v in found.items() if f == requested or questions.is_open(known, f)
        }
        following = questions.next_question(
            merged,
            asked,
            topic=_topic(tracker),
            on_duty=facts(tracker).on_duty,
        )
        answers = [SlotSet(field, merged[field]) for field in questions.FIELDS]
        return [
            *answers,
            SlotSet("asked", [*asked, following] if following else asked),
            SlotSet("requested_slot", following),
        ]


def _topic(tracker: Tracker) -> str:
    """Return what questions are chosen by; whoever is displeased is asked nothing of a topic."""
    if tracker.get_slot("offer_reason") == "displeasure":
        return ""
    return dialogue.topic(tracker)


def _interrupts(tracker: Tracker, requested: str) -> bool:
    intent, sure = dialogue.intent(tracker), dialogue.intent_confidence(tracker) >= SURE
    if intent in LEAVES | BESIDE:
        return sure
    is_question = dialogue.text(tracker).rstrip().endswith(_QUESTION_MARKS)
    return intent.startswith("ask_") and sure and is_question and not _answers(tracker, requested)


def _answers(tracker: Tracker, requested: str) -> bool:
    """Tell whether the message holds what was asked, although it looks like a question."""
    entity = _ANSWERED_BY.get(requested)
    answer = dialogue.entity(tracker, entity) if entity else None
    return answer is not None and answer not in questions.unspecific_products()
