"""What a request for a person comes to when nobody is on duty: said, offered and taken down."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from handoff_service.conversation import Handoff
from handoff_service.domain import Json
from handoff_service.hours import Hours
from handoff_service.live import Live
from handoff_service.wording import Wording
from handoff_service.wording.when import say_when

#: Articles offered again, the latest of those the customer has seen.
MOST_ARTICLES = 3


@dataclass(frozen=True, slots=True)
class Absence:
    """The sentences and the hours behind them."""

    wording: Wording
    hours: Live[Hours] = field(default_factory=lambda: Live(Hours.always()))

    def of(
        self, handoff: Handoff, *, language: str, now_ms: int, utc_offset_min: int | None = None
    ) -> str:
        """Return what the script that enqueues needs to know, as JSON (lua/_prelude.lua).

        Args:
            handoff: With a contact it becomes a message that was left, at once.
            language: The customer's.
            now_ms: For when people are back.
            utc_offset_min: Minutes that the customer's clock is ahead of UTC, if that is known.
        """
        back = self.hours.now.back_at(handoff.topic, now_ms=now_ms)
        fields: Json = {}
        if back is None:
            text = self.wording.sentence("handoff.nobody", language)
        else:
            now = datetime.fromtimestamp(now_ms / 1000, UTC)
            when = say_when(back, now=now, locale=language, utc_offset_min=utc_offset_min)
            text = self.wording.sentence("handoff.away", language).replace("{when}", when)
            fields["back_at_ms"] = int(back.timestamp() * 1000)
        if articles := _articles(handoff):
            fields["articles"] = articles
        left = ""
        if handoff.contact:
            thanks = self.wording.sentence("message.left", language)
            left = _json(handoff.how_to_reach() | {"text": thanks})
        else:
            space = "" if language.startswith("zh") else " "
            text += space + self.wording.sentence("handoff.leave", language)
        return _json({"text": text, "fields": _json(fields)[1:-1], "left": left})


def _articles(handoff: Handoff) -> list[Json]:
    """Return what the customer was shown, the latest first: {"title", "url"}."""
    shown = [
        {"title": tried["title"], "url": tried["url"]}
        for tried in reversed(handoff.tried)
        if tried.get("title") and tried.get("url")
    ]
    return shown[:MOST_ARTICLES]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
