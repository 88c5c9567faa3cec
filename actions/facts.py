"""What the service knows of the turn in hand and Rasa does not: from the customer's message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker


@dataclass(frozen=True, slots=True)
class HandedBack:
    """What the agent did, on the first turn after they gave the conversation back to the bot."""

    agent_name: str
    note: str  #: the agent's words to whoever comes next; never shown to the customer
    articles: tuple[str, ...]  #: addresses of pages that the agent sent


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of a turn; the defaults hold where the service said nothing (`rasa shell`, tests)."""

    locale: str | None = None  #: what the customer's page speaks
    page: Mapping[str, str] = field(default_factory=dict)  #: `url` and `title` of the page
    on_duty: bool = True  #: an agent is online now
    waiting: bool = False  #: the customer is in the queue; the bot helps meanwhile
    disliked: bool = False  #: the customer voted the bot's latest answer down
    flags: frozenset[str] = frozenset()  #: of the account, signed by the site: vip …
    #: `name` and `email` of the customer, where the site signed them: neither asked for nor logged.
    known: Mapping[str, str] = field(default_factory=dict, repr=False)
    local_hour: int | None = None  #: 0..23, at the customer's
    handed_back: HandedBack | None = None


def facts(tracker: Tracker) -> Facts:
    """Return the facts that came with the customer's latest message.

    The channel has checked their types (bot/channels/requests.py); what is missing has its default.
    """
    said: Mapping[str, Any] = next(
        (e for e in reversed(tracker.events) if e.get("event") == "user"), {}
    )
    metadata: Mapping[str, Any] = said.get("metadata") or {}
    back = metadata.get("handed_back")
    return Facts(
        locale=metadata.get("locale"),
        page=metadata.get("page") or {},
        on_duty=metadata.get("on_duty", True),
        waiting=metadata.get("waiting", False),
        disliked=metadata.get("disliked", False),
        flags=frozenset(metadata.get("flags") or ()),
        known=metadata.get("known") or {},
        local_hour=metadata.get("local_hour"),
        handed_back=HandedBack(
            back.get("agent_name", ""), back.get("note", ""), tuple(back.get("articles", ()))
        )
        if back
        else None,
    )
