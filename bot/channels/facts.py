"""The facts of a turn beside its words: what the service may say, checked, and no more is kept.

They stand in the metadata of the customer's message, which Rasa stores with it and shows to NLU and
to actions (actions/facts.py reads them there).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.components.languages import LOCALES
from bot.turn import TurnFailed

#: Longest texts kept, in characters: the last turns are read and written with every turn.
MAX_URL = 500
MAX_TITLE = 200
MAX_NOTE = 1000
MAX_FLAGS = 20
MAX_ARTICLES = 20


def read_facts(metadata: Any) -> dict[str, Any]:
    """Return the known facts that have a value; unknown names are left out.

    Raises:
        TurnFailed: status 400 and which field is of another form.
    """
    if metadata is None:
        return {}
    if not isinstance(metadata, dict):
        raise TurnFailed(400, "bad_request", "metadata must be an object")
    facts: dict[str, Any] = {}
    for name, (form, read) in _READERS.items():
        value = metadata.get(name)
        if value is None:
            continue
        try:
            kept = read(value)
        except (TypeError, ValueError):
            raise TurnFailed(400, "bad_request", f"metadata.{name} must be {form}") from None
        if kept is not None:
            facts[name] = kept
    return facts


def _locale(value: Any) -> str | None:
    return value if _text(value) in LOCALES else None


def _page(value: Any) -> dict[str, str] | None:
    page = _object(value)
    limits = {"url": MAX_URL, "title": MAX_TITLE}
    kept = {name: _text(page.get(name) or "")[:most] for name, most in limits.items()}
    return {name: text for name, text in kept.items() if text} or None


def _flags(value: Any) -> list[str] | None:
    return [_text(flag) for flag in _list(value)[:MAX_FLAGS]] or None


def _known(value: Any) -> dict[str, str] | None:
    known = _object(value)
    kept = {name: _text(known.get(name) or "")[:MAX_TITLE] for name in ("name", "email")}
    return {name: text for name, text in kept.items() if text} or None


def _hour(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 23:
        raise ValueError
    return value


def _handed_back(value: Any) -> dict[str, Any]:
    back = _object(value)
    articles = [_text(url)[:MAX_URL] for url in _list(back.get("articles") or [])]
    return {
        "agent_name": _text(back.get("agent_name") or "")[:MAX_TITLE],
        "note": _text(back.get("note") or "")[:MAX_NOTE],
        "articles": articles[:MAX_ARTICLES],
    }


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


#: Fact → its form, in words, and its reader.
_READERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "locale": ("a text", _locale),
    "page": ("an object of url and title, both texts", _page),
    "on_duty": ("true or false", _bool),
    "waiting": ("true or false", _bool),
    "disliked": ("true or false", _bool),
    "flags": ("an array of texts", _flags),
    "known": ("an object of name and email, both texts", _known),
    "local_hour": ("a whole number from 0 to 23", _hour),
    "handed_back": ("an object of agent_name, note (texts) and articles (texts)", _handed_back),
}
