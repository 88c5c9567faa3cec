"""What the plain form knows of a conversation: the frames of a poll, folded for one page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from handoff_service.api.schemas import PollRequest
from handoff_service.domain import Author, EventType, Json, State
from handoff_service.gateway.polling import hold
from handoff_service.tokens import CustomerToken

#: How long a page waits for the bot, or for news that it was asked to look for, in milliseconds.
WAIT_MS = 15_000
#: Where there is a place in line.
IN_LINE = frozenset({State.WAITING.value, State.OFFERED.value})


@dataclass(frozen=True, slots=True)
class Told:
    """What one look at a conversation showed."""

    #: `welcome` or `state`: who has it, and what else the customer should know.
    position: Json
    events: tuple[Json, ...]
    #: Code of the first refusal of what was written.
    refused: str | None

    @property
    def last_seq(self) -> int:
        """Return the number of the last event that customers see."""
        return int(self.events[-1]["seq"]) if self.events else 0

    @property
    def said(self) -> tuple[Json, ...]:
        """Return the events that have something to read, as they were last edited."""
        texts = {
            event["data"]["of_seq"]: event["data"]["text"]
            for event in self.events
            if event["type"] == EventType.MESSAGE_EDITED
        }
        return tuple(
            event | {"data": event["data"] | {"text": texts[event["seq"]]}}
            if event["seq"] in texts
            else event
            for event in self.events
            if _is_said(event)
        )

    @property
    def bot_owes(self) -> bool:
        """Whether the bot is about to answer."""
        said = self.said
        mine = bool(said) and said[-1]["data"].get("author") == Author.CUSTOMER
        return mine and self.position.get("state") == State.BOT

    @property
    def may_leave(self) -> bool:
        """Whether to offer leaving a message: nobody will come soon."""
        in_line = self.position.get("state") in IN_LINE
        return in_line and (not self.position["on_duty"] or bool(self.position.get("may_leave")))

    def button(self, choice: str) -> Json | None:
        """Return what a click chose: "seq.number" of a button; None if there is none."""
        seq, _, number = choice.partition(".")
        for event in self.events:
            if str(event["seq"]) == seq:
                buttons = event["data"].get("buttons") or []
                if number.isdecimal() and int(number) < len(buttons):
                    chosen: Json = buttons[int(number)]
                    return chosen
        return None


async def look(
    request: web.Request,
    token: CustomerToken,
    *,
    locale: str,
    frames: Sequence[Json] = (),
    after_seq: int | None = None,
) -> Told:
    """Write `frames`, then tell the whole conversation.

    Waits for a while for the bot, if it is about to answer, and, given `after_seq`, for an event
    behind that one. Raises what `hold` raises.
    """
    wanted = PollRequest(locale=locale, frames=list(frames))
    wire = await hold(request, token, wanted)
    told = _fold(json.loads(wire.said))
    if told.bot_owes or told.last_seq == after_seq:
        news = PollRequest(last_seq=told.last_seq, locale=locale, seen=wire.seen, hold_ms=WAIT_MS)
        await hold(request, token, news)
        fresh = await hold(request, token, PollRequest(locale=locale))
        refused = told.refused
        told = _fold(json.loads(fresh.said), refused)
    return told


def _fold(frames: list[dict[str, Any]], refused: str | None = None) -> Told:
    position: Json = {}
    events: list[Json] = []
    for frame in frames:
        if frame["type"] in {"welcome", "state"}:
            position = frame
        elif frame["type"] == "event":
            events.append(frame["event"])
        elif frame["type"] == "error" and refused is None:
            refused = frame["code"]
    return Told(position, tuple(events), refused)


def _is_said(event: Json) -> bool:
    data, kind = event["data"], event["type"]
    if kind == EventType.MESSAGE_EDITED:
        return False
    return kind == EventType.MESSAGE_POSTED or bool(data.get("text"))
