"""Whether everything said was kept and reached the other side, once and in order. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from baton.chaos.ledger import CUSTOMER, GOT, OPENED, Ledger
from baton.chaos.replay import ASSIGNED, WRAP_UP, Stand, replay
from baton.chaos.stored import Stored
from baton.chaos.verdict import Finding, Flaw
from baton.client.events import MESSAGE, Event
from handoff_service.domain import AGENTS_ONLY

#: Event frames of an agent's socket are in the order of the desk's log; replicas' clocks, which
#: date them, are not quite the same: only an event that much younger proves one left out (ms).
PROOF_MS = 3000

#: What an event is known by; what a customer must not see is left out.
_Identity = tuple[str, int, int, object, object]


def check_delivery(ledgers: Iterable[Ledger], stored: Stored) -> Iterator[Finding]:
    """Yield what was lost, came twice or in another order."""
    for conversation_id in stored.conversation_ids:
        yield from _check_storage(conversation_id, stored)
    events = {key: stored.events(key) for key in stored.conversation_ids}
    for ledger in ledgers:
        yield from _check_acked(ledger, events)
        yield from _check_order_sent(ledger, events)
        yield from _check_received(ledger, events)
        if ledger.side == CUSTOMER:
            yield from _check_customer(ledger, events.get(ledger.conversation_id, []))
        else:
            yield from _check_agent(ledger, events)


def _identity(event: Event) -> _Identity:
    said = event.data.get("message_id"), event.data.get("text")
    return event.type, event.at_ms, event.epoch, *said


def _check_storage(conversation_id: str, stored: Stored) -> Iterator[Finding]:
    """Redis and SQL hold the same events, numbered without a gap, each message once."""
    events = stored.events(conversation_id)
    archived = {e.seq: e for e in stored.archived.get(conversation_id, ())}
    for number, event in enumerate(events, start=1):
        if event.seq != number:
            yield Finding(Flaw.LOST, conversation_id, "no event of this number", seq=number)
            break
    for event in stored.live.get(conversation_id, ()):
        kept = archived.get(event.seq)
        if kept is None:
            yield Finding(Flaw.LOST, conversation_id, "not in SQL", seq=event.seq)
        elif _identity(kept) != _identity(event):
            yield Finding(Flaw.LOST, conversation_id, "SQL holds another event", seq=event.seq)
    talk = stored.talks.get(conversation_id)
    if talk is not None and talk.last_seq != max((e.seq for e in events), default=0):
        why = f"the conversation counts {talk.last_seq} events"
        yield Finding(Flaw.LOST, conversation_id, why, seq=talk.last_seq)
    ids = Counter(e.data.get("message_id") for e in events if e.type == MESSAGE)
    for message_id, times in ids.items():
        if times > 1:
            why = f"stored {times} times"
            yield Finding(Flaw.DUPLICATED, conversation_id, why, message_id=message_id)


def _check_acked(ledger: Ledger, events: Mapping[str, Sequence[Event]]) -> Iterator[Finding]:
    """Each acknowledgement names an event that is stored, and the message is in it."""
    messages = {frame["message_id"] for frame in ledger.sent_messages()}
    numbered = {key: {e.seq: e for e in stored} for key, stored in events.items()}
    for _, ack in ledger.acks():
        conversation_id = ack.get("conversation_id") or ledger.conversation_id
        seq, message_id = ack.get("seq"), ack.get("message_id")
        if not seq:
            continue  # the write made no event
        event = numbered.get(conversation_id, {}).get(seq)
        if event is None:
            why = f"acknowledged to {ledger.who}, stored nowhere"
        elif message_id in messages and event.data.get("message_id") != message_id:
            why = f"acknowledged to {ledger.who}; another event has its number"
        else:
            continue
        yield Finding(Flaw.LOST, conversation_id, why, seq=seq, message_id=message_id)


def _check_order_sent(ledger: Ledger, events: Mapping[str, Sequence[Event]]) -> Iterator[Finding]:
    """What one person wrote in a conversation is stored in the order in which they wrote it."""
    at = {
        (key, e.data["message_id"]): e.seq
        for key, stored in events.items()
        for e in stored
        if e.type == MESSAGE
    }
    written: dict[str, list[str]] = defaultdict(list)
    for frame in ledger.sent_messages():
        conversation_id = frame.get("conversation_id") or ledger.conversation_id
        if (conversation_id, frame["message_id"]) in at:
            written[conversation_id].append(frame["message_id"])
    for conversation_id, ids in written.items():
        for before, after in pairwise(ids):
            if at[conversation_id, before] > at[conversation_id, after]:
                why = f"{ledger.who} wrote it after {before}"
                seq = at[conversation_id, after]
                yield Finding(Flaw.REORDERED, conversation_id, why, seq=seq, message_id=after)


def _check_received(ledger: Ledger, events: Mapping[str, Sequence[Event]]) -> Iterator[Finding]:
    """What somebody has seen is still there, and was seen under one number."""
    kept = {(key, e.seq): _identity(e) for key, stored in events.items() for e in stored}
    seen: dict[tuple[str, str], int] = {}
    for received in ledger.received():
        event = received.event
        place = event.conversation_id, event.seq
        if kept.get(place) != _identity(event):
            why = f"{ledger.who} has seen an event that is not stored"
            yield Finding(Flaw.LOST, event.conversation_id, why, seq=event.seq)
        if event.type != MESSAGE:
            continue
        message = event.conversation_id, str(event.data["message_id"])
        if seen.setdefault(message, event.seq) != event.seq:
            why = f"{ledger.who} got it as {seen[message]}, too"
            yield Finding(
                Flaw.DUPLICATED, event.conversation_id, why, seq=event.seq, message_id=message[1]
            )


def _check_customer(ledger: Ledger, events: Sequence[Event]) -> Iterator[Finding]:
    """Back at the end, a customer has everything that is for them: in order, once."""
    talk, seen, last, connection = ledger.conversation_id, set[int](), 0, 0
    for received in ledger.received():
        seq = received.event.seq
        if seq in seen:
            yield Finding(Flaw.DUPLICATED, talk, f"{ledger.who} got the event twice", seq=seq)
        elif received.connection == connection and seq < last:
            yield Finding(Flaw.REORDERED, talk, f"{ledger.who} got {last} before it", seq=seq)
        seen.add(seq)
        last, connection = seq, received.connection
    for event in events:
        if event.type not in AGENTS_ONLY and event.seq not in seen:
            why = f"{event.type} never reached {ledger.who}"
            yield Finding(Flaw.LOST, talk, why, seq=event.seq)


def _check_agent(ledger: Ledger, events: Mapping[str, Sequence[Event]]) -> Iterator[Finding]:
    """An agent got what was written in the conversations they held, as long as they were there."""
    yield from _check_agent_order(ledger)
    seen = {(r.event.conversation_id, r.event.seq) for r in ledger.received()}
    connections = _connections(ledger)
    for conversation_id, stored in events.items():
        for event, stand in zip(stored, replay(stored), strict=True):
            if (
                event.data.get("author") == CUSTOMER
                and _holds(stand, ledger)
                and (conversation_id, event.seq) not in seen
                and any(opened < event.at_ms < until - PROOF_MS for opened, until in connections)
            ):
                why = f"what the customer wrote never reached {ledger.who}"
                yield Finding(Flaw.LOST, conversation_id, why, seq=event.seq)


def _check_agent_order(ledger: Ledger) -> Iterator[Finding]:
    """On one socket the events of a conversation come in order, from its first showing on."""
    last: dict[str, int] = {}
    held: set[str] = set()
    for entry in ledger.entries:
        kind = entry.frame.get("type") if entry.what == GOT else entry.what
        if kind == OPENED:
            last.clear()
            held.clear()
        elif kind == "conversation_gone":
            held.discard(entry.frame["conversation_id"])
        elif kind == "conversation":
            key = entry.frame["summary"]["conversation_id"]
            if key not in held:  # theirs from now on: all its events follow
                last.pop(key, None)
            held.add(key)
        elif kind == "event":
            key, seq = entry.frame["event"]["conversation_id"], entry.frame["event"]["seq"]
            if seq < last.get(key, 0):
                why = f"{ledger.who} got {last[key]} before it"
                yield Finding(Flaw.REORDERED, key, why, seq=seq)
            last[key] = seq


def _holds(stand: Stand, ledger: Ledger) -> bool:
    return stand.state in {ASSIGNED, WRAP_UP} and stand.agent_id == ledger.account.get("agent_id")


def _connections(ledger: Ledger) -> list[tuple[int, int]]:
    """Return when each socket was welcomed, and the date of the youngest event it brought (ms)."""
    welcomed: dict[int, int] = {}
    youngest: dict[int, int] = {}
    connection = 0
    for entry in ledger.entries:
        connection += entry.what == OPENED
        if entry.what == GOT and entry.frame["type"] == "welcome":
            welcomed[connection] = entry.at_ms
        elif entry.what == GOT and entry.frame["type"] == "event":
            at_ms = entry.frame["event"]["at_ms"]
            youngest[connection] = max(at_ms, youngest.get(connection, 0))
    return [(at_ms, youngest[n]) for n, at_ms in welcomed.items() if n in youngest]
