"""What messages say after they were edited: the one reading for whoever keeps a copy. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from handoff_service.domain import Event, EventType


def as_edited(events: Sequence[Event]) -> list[Event]:
    """Return the events with the text that each message has now, and no edits among them.

    What was edited says so (`edited`). An edit whose message is not among the events is left out.
    """
    texts = {
        event.data["of_seq"]: event.data["text"]
        for event in events
        if event.type is EventType.MESSAGE_EDITED
    }
    return [
        replace(event, data=event.data | {"text": texts[event.seq], "edited": True})
        if event.seq in texts
        else event
        for event in events
        if event.type is not EventType.MESSAGE_EDITED
    ]
