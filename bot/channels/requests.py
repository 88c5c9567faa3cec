"""What the service may ask of a turn: read and checked before anything else sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.channels.facts import read_facts
from bot.channels.notices import read_notices
from bot.components.languages import identify
from bot.turn import TurnFailed

#: Clicks a button may carry, each with the fields it needs.
CLICKS: dict[str, tuple[str, ...]] = {
    "request_person": (),
    "none_of_these": (),
    "show_article": ("article_id", "locale"),
    "other_problem": (),
    "helped": (),
    "not_helped": (),
    "skip": (),
    "affirm": (),
    "deny": (),
}
#: Clicks that mean what another one does: this one shows what articles say instead of a notice.
_INTENTS = {"other_problem": "show_article"}
#: Names the source of what a click says, where for text it would be a component's name.
CLICK = "click"
#: The service refuses long messages first; this only keeps a stray caller from blocking the bot.
MAX_TEXT = 8000
#: Texts whose vectors may be asked for at a time.
MAX_TEXTS = 16


@dataclass(frozen=True)
class TurnRequest:
    """One customer message; `click` is the payload of a clicked button, if it was one."""

    conversation_id: str
    message_id: str
    text: str
    click: dict[str, str] | None
    facts: dict[str, Any]  #: bot/channels/facts.py
    notices: list[dict[str, Any]] = field(default_factory=list)  #: bot/channels/notices.py

    @property
    def may_be_silent(self) -> bool:
        """Whether the bot may have nothing to say: the customer waits for a person."""
        return self.facts.get("waiting", False)

    def parse_data(self) -> dict[str, Any] | None:
        """Return what the click means, in Rasa's form; None for typed text, which NLU reads."""
        if self.click is None:
            return None
        # a button's words are ours, or an article's: they say nothing of the customer's language
        entities = [_entity("language", self.facts.get("locale") or identify(self.text, None))]
        if self.click["action"] == "show_article":
            entities.append(_entity("article_id", self.click["article_id"]))
            entities.append(_entity("article_locale", self.click["locale"]))
        action = self.click["action"]
        intent = {"name": _INTENTS.get(action, action), "confidence": 1.0}
        return {
            "text": self.text,
            "intent": intent,
            "intent_ranking": [intent],
            "entities": entities,
        }


def read_request(body: Any) -> TurnRequest:
    """Check a decoded JSON body.

    Raises:
        TurnFailed: status 400 and what is wrong with which field.
    """
    if not isinstance(body, dict):
        raise _bad("the body must be a JSON object")
    conversation_id = _text(body, "sender", required=True)
    message_id = _text(body, "message_id", required=True)
    click = _click(body.get("payload"))
    text = _text(body, "text", required=click is None)
    if len(text) > MAX_TEXT:
        raise _bad(f"text is longer than {MAX_TEXT} characters", code="too_long")
    return TurnRequest(
        conversation_id,
        message_id,
        text or str((click or {})["action"]),
        click,
        read_facts(body.get("metadata")),
        read_notices(body.get("notices")),
    )


def read_sender(body: Any) -> str:
    """Check the body of a request about a whole dialogue: {"sender": …}.

    Raises:
        TurnFailed: status 400 and what is wrong.
    """
    if not isinstance(body, dict):
        raise _bad("the body must be a JSON object")
    return _text(body, "sender", required=True)


def read_texts(body: Any) -> list[str]:
    """Check the body of a request for vectors: {"texts": [...]}.

    Raises:
        TurnFailed: status 400 and what is wrong.
    """
    texts = body.get("texts") if isinstance(body, dict) else None
    if not isinstance(texts, list) or not 0 < len(texts) <= MAX_TEXTS:
        raise _bad(f"texts must be a list of 1 to {MAX_TEXTS} texts")
    if not all(isinstance(text, str) and 0 < len(text) <= MAX_TEXT for text in texts):
        raise _bad(f"each text must have 1 to {MAX_TEXT} characters")
    return texts


def _click(payload: Any) -> dict[str, str] | None:
    if payload is None:
        return None
    action = payload.get("action") if isinstance(payload, dict) else None
    if not isinstance(action, str) or action not in CLICKS:
        raise _bad(f"payload.action must be one of {', '.join(CLICKS)}", code="unknown_payload")
    missing = [name for name in CLICKS[action] if not isinstance(payload.get(name), str)]
    if missing:
        raise _bad(f"payload of {action} needs {', '.join(missing)}", code="unknown_payload")
    return {name: payload[name] for name in ("action", *CLICKS[action])}


def _text(body: dict[str, Any], name: str, *, required: bool) -> str:
    value = body.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise _bad(f"{name} must be a text that is not empty")
    return value.strip()


def _entity(name: str, value: str) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": 0, "end": 0, "extractor": CLICK}


def _bad(message: str, *, code: str = "bad_request") -> TurnFailed:
    return TurnFailed(400, code, message)
