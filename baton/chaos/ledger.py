"""What one client did and saw, in order: the frames themselves, with the time of each."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from baton.client.events import Event
from baton.client.link import Frame

CUSTOMER, AGENT = "customer", "agent"

#: What an entry can be: the socket opened or was lost, a write was made, a frame came.
OPENED, LOST, SENT, GOT = "opened", "lost", "sent", "got"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened on a client's link; `at_ms` is the wall clock, as the server's is."""

    at_ms: int
    what: str
    frame: Frame


@dataclass(frozen=True, slots=True)
class Received:
    """An event as it came to a client; `connection` counts the sockets the client opened."""

    event: Event
    at_ms: int
    connection: int
    live: bool  #: False: it was part of the transcript that came with an offer


@dataclass(slots=True)
class Ledger:
    """Everything one client did and saw.

    Attributes:
        who: its name, one a client.
        side: customer or agent.
        conversation_id: a customer's; "" for an agent, who has many.
        account: what is known of an agent: agent_id, languages, capacity.
        entries: in the order of time.
    """

    who: str
    side: str
    conversation_id: str = ""
    account: dict[str, Any] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def tap(self, what: str, frame: Frame) -> None:
        """Write down what a link tells; pings and pongs are left out."""
        if frame.get("type") not in {"ping", "pong"}:
            self.entries.append(Entry(time.time_ns() // 1_000_000, what, frame))

    def received(self) -> Iterator[Received]:
        """Yield the events that came, in the order in which they did."""
        connection = 0
        for entry in self.entries:
            connection += entry.what == OPENED
            if entry.what != GOT:
                continue
            if entry.frame["type"] == "event":
                event = Event.from_json(entry.frame["event"])
                yield Received(event, entry.at_ms, connection, live=True)
            for raw in _transcripts(entry.frame):
                yield Received(Event.from_json(raw), entry.at_ms, connection, live=False)

    def sent_messages(self) -> Iterator[Frame]:
        """Yield the messages that were written, in the order in which they were."""
        for entry in self.entries:
            if entry.what == SENT and entry.frame["type"] == "message":
                yield entry.frame

    def acks(self) -> Iterator[tuple[int, Frame]]:
        """Yield time (ms) and frame of each acknowledgement."""
        for entry in self.entries:
            if entry.what == GOT and entry.frame["type"] == "ack":
                yield entry.at_ms, entry.frame

    def lines(self) -> Iterator[str]:
        """Yield the ledger as JSON lines, the head first."""
        head = {"who": self.who, "side": self.side, "conversation_id": self.conversation_id}
        yield json.dumps(head | {"account": self.account}, ensure_ascii=False)
        for entry in self.entries:
            yield json.dumps([entry.at_ms, entry.what, entry.frame], ensure_ascii=False)

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> Self:
        """Read what `lines` wrote."""
        head, *entries = map(json.loads, lines)
        return cls(**head, entries=[Entry(*entry) for entry in entries])


def _transcripts(frame: Frame) -> list[dict[str, Any]]:
    """Return the events that came with offers: in a frame of their own, or in the welcome."""
    offers = [frame["offer"]] if frame["type"] == "offer" else frame.get("offers", [])
    return [raw for offer in offers for raw in offer["transcript"]]


def keep(ledgers: Iterable[Ledger], folder: Path) -> None:
    """Write one file a client into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for ledger in ledgers:
        text = "\n".join(ledger.lines())
        (folder / f"{ledger.who}.jsonl").write_text(text + "\n", encoding="utf-8")
