"""What the wording of a reply may depend on: the hour, what was said before, what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores.tracker import HANDED_OVER, HANDING_OVER

#: First hour of each part of the day, at the customer's. At night nobody is wished a good one:
#: in four of the five languages that says goodbye.
_PARTS = ((23, None), (18, "evening"), (12, "afternoon"), (5, "morning"), (0, None))
#: After these a problem is no longer open.
_SETTLED = frozenset({"helped", "thank_you", "goodbye"})
#: Longest quotation of the customer's own words (characters).
_QUOTED = 60


def conditions(tracker: DialogueStateTracker) -> dict[str, str]:
    """Return what holds now, by the names that conditions of responses use.

    `part_of_day`: morning, afternoon or evening. `talk`: again (not the first message of the
    session), unfinished (a question is still open), handed_back (an agent just gave the
    conversation back). `after`: what the bot's latest response asked, by its own word (`asks`),
    else that response's name without `utter_`.
    """
    found = {
        "part_of_day": _part_of_day(tracker),
        "talk": _talk(tracker),
        "after": _after(tracker),
    }
    return {name: value for name, value in found.items() if value is not None}


def problem(tracker: DialogueStateTracker) -> str:
    """Return the open problem in the customer's words, short enough to quote; empty if none is."""
    text = _open_problem(tracker)
    if not text and _handed_back(tracker):
        text = str(tracker.get_slot("problem") or "")
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1].rstrip(" ,.;:，。、") + "…"


def _part_of_day(tracker: DialogueStateTracker) -> str | None:
    hour = _facts(tracker).get("local_hour")
    if not isinstance(hour, int):
        return None
    return next(part for start, part in _PARTS if hour >= start)


def _talk(tracker: DialogueStateTracker) -> str | None:
    if problem(tracker):
        return "handed_back" if _handed_back(tracker) else "unfinished"
    return "again" if _said_before(tracker) else None


def _after(tracker: DialogueStateTracker) -> str | None:
    messages = 0
    for event in reversed(tracker.events):
        messages += isinstance(event, UserUttered)
        if messages == 2:
            return None
        if messages and isinstance(event, BotUttered):
            asks = (event.metadata.get("metadata") or {}).get("asks")
            name = str(event.metadata.get("utter_action") or "")
            return asks or name.replace("utter_", "", 1) or None
    return None


def _facts(tracker: DialogueStateTracker) -> dict[str, Any]:
    latest = tracker.latest_message
    return (latest.metadata if latest else None) or {}


def _handed_back(tracker: DialogueStateTracker) -> bool:
    return bool(_facts(tracker).get("handed_back"))


def _said_before(tracker: DialogueStateTracker) -> bool:
    messages = 0
    for event in reversed(tracker.events):
        if isinstance(event, SessionStarted):
            return messages > 1
        messages += isinstance(event, UserUttered)
    return messages > 1


def _open_problem(tracker: DialogueStateTracker) -> str:
    """Return the latest question that nothing has settled and no person has taken over."""
    for event in _before_this_message(tracker):
        if isinstance(event, ActionExecuted) and event.action_name == HANDING_OVER:
            break
        if isinstance(event, UserUttered):
            if event.intent_name in _SETTLED or event.parse_data.get(HANDED_OVER):
                break
            if _is_problem(str(event.intent_name)):
                return str(event.text or "")
    return ""


def _before_this_message(tracker: DialogueStateTracker) -> Iterator[Any]:
    events = reversed(tracker.events)
    for event in events:
        if isinstance(event, UserUttered):
            yield from events


def _is_problem(intent: str) -> bool:
    return intent == "technical_issue" or (intent.startswith("ask_") and intent != "ask_help")
