"""Which pages an agent pointed a customer to. Pure."""

import re
from collections.abc import Sequence

from handoff_service.domain import Author, Event, EventType

_LINK = re.compile(r"https?://[^\s<>\"'，。；！？、（）「」]+", re.IGNORECASE)
#: Ends a sentence more often than an address.
_BEHIND = ".,;:!?)]}*_"


def links_sent(events: Sequence[Event], *, epoch: int) -> list[str]:
    """Return the http(s) addresses in what the agent of an epoch wrote, each once, in order."""
    wrote = (
        event.data["text"]
        for event in events
        if event.type is EventType.MESSAGE_POSTED
        and event.epoch == epoch
        and event.data["author"] == Author.AGENT
    )
    return list(dict.fromkeys(link for text in wrote for link in _links(text)))


def _links(text: str) -> list[str]:
    return [found.rstrip(_BEHIND) for found in _LINK.findall(text)]
