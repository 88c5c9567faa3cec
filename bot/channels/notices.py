"""The known problems of the moment, which the service sends with each turn, checked.

They go to the action with its call and are not kept: they are not facts of the customer's message.
"""

from __future__ import annotations

from typing import Any

from bot.turn import TurnFailed

#: What is read of them at most; the service refuses to publish more.
MAX_NOTICES = 10
MAX_TEXTS = 40
MAX_CHARS = 1000
#: Ways in which a notice is spoken of, each a list of texts.
WORDS = ("titles", "texts", "questions")


def read_notices(value: Any) -> list[dict[str, Any]]:
    """Return each notice as {"id", "titles", "texts", "questions"}; unknown fields are left out.

    Raises:
        TurnFailed: status 400, they are of another form.
    """
    if value is None:
        return []
    try:
        return [_notice(one) for one in value[:MAX_NOTICES]]
    except (TypeError, KeyError, AttributeError):
        form = f"a list of objects of id (a text), {', '.join(WORDS)} (lists of texts)"
        raise TurnFailed(400, "bad_request", f"notices must be {form}") from None


def _notice(value: Any) -> dict[str, Any]:
    lists = {name: [_text(one) for one in value.get(name, [])[:MAX_TEXTS]] for name in WORDS}
    return {"id": _text(value["id"]), **lists}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value[:MAX_CHARS]
