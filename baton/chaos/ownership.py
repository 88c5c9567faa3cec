"""Whether each conversation had one owner at a time, and the bot held its tongue. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from baton.chaos.ledger import GOT, Ledger
from baton.chaos.replay import BOT, CLOSED, OWNED, Stand, replay
from baton.chaos.stored import Stored, Talk
from baton.chaos.verdict import Finding, Flaw
from baton.client.events import MESSAGE, Event

#: Who may speak, by state; waiting, offered and message_left are the queue's.
_OWNERS = {BOT: "bot", CLOSED: "nobody"}


def check_ownership(ledgers: Iterable[Ledger], stored: Stored) -> Iterator[Finding]:
    """Yield where two had a conversation, or the bot spoke after a person had come."""
    for conversation_id in stored.conversation_ids:
        events = stored.events(conversation_id)
        stands = replay(events)
        yield from _check_moves(conversation_id, events, stands)
        yield from _check_speakers(conversation_id, events, stands)
        talk = stored.talks.get(conversation_id)
        if talk is not None and stands:
            yield from _check_end(talk, stands[-1])
    yield from _check_consoles(ledgers)


def owner(stand: Stand) -> str:
    """Return who may speak to the customer: bot, queue, nobody, or the agent's id."""
    if stand.state in OWNED:
        return stand.agent_id or "agent"
    return _OWNERS.get(stand.state, "queue")


def _check_moves(
    conversation_id: str, events: Sequence[Event], stands: Sequence[Stand]
) -> Iterator[Finding]:
    """The epoch never falls, and rises with each change of owner."""

    def double(why: str, seq: int) -> Finding:
        return Finding(Flaw.DOUBLE_OWNER, conversation_id, why, seq=seq)

    for (before, after), event in zip(pairwise(stands), events[1:], strict=True):
        if after.epoch < before.epoch:
            yield double(f"epoch fell from {before.epoch} to {after.epoch}", after.seq)
        elif owner(after) != owner(before) and after.epoch == before.epoch:
            yield double(
                f"{owner(before)} → {owner(after)} under one epoch, {after.epoch}", after.seq
            )
        if event.type in {"handoff.offered", "handoff.assigned"} and before.state in OWNED:
            yield double(f"{event.type} while {before.agent_id} has it", after.seq)


def _check_speakers(
    conversation_id: str, events: Sequence[Event], stands: Sequence[Stand]
) -> Iterator[Finding]:
    """Agents speak only while they hold the conversation; the bot not after one has come."""
    speakers: dict[int, set[str]] = defaultdict(set)
    for event, stand in zip(events, stands, strict=True):
        if event.type != MESSAGE:
            continue
        if event.data.get("author") == "agent":
            agent_id = str(event.data.get("agent_id"))
            speakers[event.epoch].add(agent_id)
            if owner(stand) != agent_id:
                why = f"{agent_id} wrote while {owner(stand)} had it"
                yield Finding(Flaw.DOUBLE_OWNER, conversation_id, why, seq=event.seq)
            elif len(speakers[event.epoch]) > 1:
                why = f"{sorted(speakers[event.epoch])} wrote under one epoch"
                yield Finding(Flaw.DOUBLE_OWNER, conversation_id, why, seq=event.seq)
        elif event.data.get("author") == "bot" and stand.met_agent:
            why = f"the bot spoke while {owner(stand)} had it, after a person had come"
            yield Finding(Flaw.BOT_AFTER_HANDOFF, conversation_id, why, seq=event.seq)


def _check_end(talk: Talk, stand: Stand) -> Iterator[Finding]:
    """What the conversation says of itself is what its events add up to."""
    said = talk.state, talk.agent_id, talk.epoch
    told = stand.state, stand.agent_id, stand.epoch
    if said != told:
        why = f"the conversation is {said}, by its events {told}"
        yield Finding(Flaw.DOUBLE_OWNER, talk.conversation_id, why, seq=stand.seq)


def _check_consoles(ledgers: Iterable[Ledger]) -> Iterator[Finding]:
    """No console shows a conversation as its agent's that another holds."""
    for ledger in ledgers:
        for entry in ledger.entries:
            if entry.what != GOT or entry.frame["type"] != "conversation":
                continue
            summary = entry.frame["summary"]
            if summary["agent_id"] != ledger.account["agent_id"]:
                why = f"{ledger.who} was shown it, and {summary['agent_id']} has it"
                yield Finding(Flaw.DOUBLE_OWNER, summary["conversation_id"], why)
