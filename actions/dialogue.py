"""Read a tracker: what was said last and before, by whom, and in which language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa_sdk import Tracker

from actions.follow_up import Question

#: Messages about an answer or the way to a person; they are not the problem itself.
NOT_A_PROBLEM = frozenset(
    {
        "request_person", "none_of_these", "show_article", "helped", "not_helped", "skip",
        "affirm", "deny", "greet", "goodbye", "thank_you", "bot_challenge", "ask_help",
        "how_are_you", "back_to_bot", "who_made_you", "joke", "laughter", "insult",
        "are_you_there",
    }
)  # fmt: skip
#: More answers than this in one turn nobody reads.
MOST_REQUESTS = 3


def language(tracker: Tracker) -> str:
    return str(tracker.get_slot("language") or "en")


def text(tracker: Tracker) -> str:
    """Return the customer's latest message."""
    return str(tracker.latest_message.get("text") or "")


def intent(tracker: Tracker) -> str:
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def understood(tracker: Tracker) -> str:
    """Return the classifier's intent, also where the words of a rule gave the message another."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    names = (str(ranked.get("name")) for ranked in ranking)
    return next((name for name in names if name != "nlu_fallback"), intent(tracker))


def topic(tracker: Tracker) -> str:
    """Return what the conversation is about: an intent."""
    return str(tracker.get_slot("topic") or understood(tracker))


def intent_confidence(tracker: Tracker) -> float:
    return float((tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)


def question(tracker: Tracker) -> Question:
    """Return the customer's latest message as a question."""
    return Question(text(tracker), intent(tracker), intent_confidence(tracker))


def requests(tracker: Tracker) -> list[Question]:
    """Return the requests of the latest message if it asks for several things, else none."""
    found = tracker.latest_message.get("requests") or []
    return [
        Question(str(one["text"]), str(one["intent"]), float(one["confidence"]))
        for one in found[:MOST_REQUESTS]
    ]


def entity(tracker: Tracker, name: str) -> str | None:
    """Return the first value of an entity in the latest message."""
    return next((str(value) for value in tracker.get_latest_entity_values(name)), None)


def messages(tracker: Tracker) -> Iterator[dict[str, Any]]:
    """Yield the customer's messages that are kept, newest first: {"text", "intent", "entities"}."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            data = event.get("parse_data") or {}
            yield {
                "text": str(event.get("text") or ""),
                "intent": str((data.get("intent") or {}).get("name") or ""),
                "entities": data.get("entities") or [],
            }


def last_problem(tracker: Tracker) -> str:
    """Return the customer's latest message that is about a problem, or the latest at all."""
    said = (
        message["text"] for message in messages(tracker) if message["intent"] not in NOT_A_PROBLEM
    )
    return next(said, text(tracker))


def actions_this_turn(tracker: Tracker) -> list[str]:
    """Return the actions run since the customer's latest message, newest first."""
    names: list[str] = []
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        if event.get("event") == "action":
            names.append(str(event.get("name")))
    return names
