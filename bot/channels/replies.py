"""Turn what Rasa's actions and responses say into the replies that the service understands."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

#: Responses whose name begins so are of this kind; all others are smalltalk.
_KINDS = (
    ("utter_ask_triage_form", "triage"),
    ("utter_offer_person", "offer_person"),
    ("utter_back_to_bot", "back_to_bot"),
)
#: Put last among the buttons, whatever the article titles before them.
_LAST = "none_of_these"


class ReplyCollector(CollectingOutputChannel):
    """Collects replies; `custom` of a message may set all but its text and buttons."""

    def __init__(self, replies: list[dict[str, Any]]) -> None:
        super().__init__()
        self._replies = replies

    @classmethod
    def name(cls) -> str:
        return "baton"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:  # noqa: ARG002
        extras: dict[str, Any] = message.get("custom") or {}
        buttons = [_button(button) for button in message.get("buttons") or []]
        self._replies.append(
            {
                "kind": extras.get("kind") or _kind(str(message.get("utter_action") or "")),
                "text": message.get("text") or "",
                "buttons": sorted(buttons, key=lambda b: b["payload"]["action"] == _LAST),
                "sources": extras.get("sources") or [],
                "confidence": extras.get("confidence"),
                "query": extras.get("query"),
                "index_version": extras.get("index_version"),
                "notice": extras.get("notice"),
                "handoff": extras.get("handoff"),
            }
        )


def _kind(response_name: str) -> str:
    return next((kind for start, kind in _KINDS if response_name.startswith(start)), "smalltalk")


def _button(button: dict[str, Any]) -> dict[str, Any]:
    """A response file names the click's action; an action server sends the whole payload."""
    payload = button["payload"]
    if isinstance(payload, str):
        payload = {"action": payload}
    foreign = {"foreign": True} if button.get("foreign") else {}
    return {"title": button["title"], "payload": payload, **foreign}
