"""Checks what was said and done in one conversation, event by event. Pure."""

from collections.abc import Iterator, Mapping

from handoff_service.audit.findings import Fault, Finding
from handoff_service.conversation import Conversation
from handoff_service.domain import OWNER, Author, Event, EventType, State
from handoff_service.store.audit import Snapshot

#: Two replicas may write one after the other with clocks that differ by so much.
CLOCKS_DIFFER_MS = 5_000
#: State after an event; those that depend on its data are in `state_after`.
_AFTER: Mapping[str, State] = {
    EventType.STARTED: State.BOT,
    EventType.HANDOFF_REQUESTED: State.WAITING,
    EventType.HANDOFF_CANCELLED: State.BOT,
    EventType.HANDOFF_ABANDONED: State.BOT,
    EventType.HANDOFF_OFFERED: State.OFFERED,
    EventType.HANDOFF_ASSIGNED: State.ASSIGNED,
    EventType.HANDOFF_TAKEN_OVER: State.ASSIGNED,
    EventType.HANDOFF_TRANSFERRED: State.WAITING,
    EventType.AGENT_LOST: State.WAITING,
    EventType.HANDOFF_RETURNED: State.BOT,
    EventType.MESSAGE_LEFT: State.MESSAGE_LEFT,
    EventType.PARKED: State.PARKED,
    EventType.WRAPPED_UP: State.WRAP_UP,
    EventType.CLOSED: State.CLOSED,
}
#: A person speaks, or will go on to, from the first of these until the state is one of the others.
_MEETS_A_PERSON = frozenset({EventType.HANDOFF_ASSIGNED, EventType.HANDOFF_TAKEN_OVER})
_WITHOUT_A_PERSON = frozenset({State.BOT, State.CLOSED})
#: What the customer must have been told in the same step, in words.
_SAID = frozenset(
    {
        *(EventType.HANDOFF_REQUESTED, EventType.HANDOFF_ASSIGNED, EventType.HANDOFF_TAKEN_OVER),
        *(EventType.HANDOFF_TRANSFERRED, EventType.HANDOFF_ABANDONED, EventType.AGENT_LOST),
        *(EventType.HANDOFF_RETURNED, EventType.MESSAGE_LEFT, EventType.PARKED),
        *(EventType.WRAPPED_UP, EventType.BOT_DELAYED, EventType.CONSENT_ASKED),
        EventType.SURVEY_ASKED,
    }
)


def state_after(state: State | None, event: Event) -> State | None:
    """Return where an event leads from `state`; None while that is not known."""
    if event.type in {EventType.HANDOFF_DECLINED, EventType.OFFER_EXPIRED}:
        return State.MESSAGE_LEFT if event.data.get("left") else State.WAITING
    if event.type == EventType.RESUMED:
        return State.ASSIGNED if event.data.get("agent_id") else State.WAITING
    if event.type == EventType.MESSAGE_POSTED and event.data.get("author") == Author.CUSTOMER:
        back = {State.CLOSED: State.BOT, State.WRAP_UP: State.ASSIGNED}
        return back.get(state, state) if state else None
    if event.type in _AFTER:
        return _AFTER[event.type]
    return state if isinstance(event.type, EventType) else None


class History:
    """Takes a conversation's events one by one, in the order of the stream."""

    def __init__(self, conversation_id: str) -> None:
        """Begin before the first event."""
        self._conversation_id = conversation_id
        self._findings: list[Finding] = []
        self._last: Event | None = None
        self._state: State | None = None
        self._person = False
        self._said: set[str] = set()

    def take(self, text: str) -> None:
        """Look at the next event, JSON."""
        try:
            event = Event.parse(text)
        except (KeyError, ValueError, TypeError) as error:
            self._note(Fault.EVENT_UNREADABLE, f"{type(error).__name__}: {error}")
            return
        if event.conversation_id != self._conversation_id:
            self._note(Fault.EVENT_UNREADABLE, f"event of {event.conversation_id}")
            return
        before, self._state = self._state, state_after(self._state, event)
        for fault, wrong in (*self._order(event), *self._epoch(event, before), *self._words(event)):
            self._note(fault, f"event {event.seq}, {event.type}: {wrong}")
        self._person = event.type in _MEETS_A_PERSON or (
            self._person and self._state not in _WITHOUT_A_PERSON
        )
        self._last = event

    def end(self, found: Snapshot, talk: Conversation) -> list[Finding]:
        """Return all that is wrong, with how it ends compared with the conversation itself."""
        last = self._last
        if last is None:
            if talk.last_seq and found.event_count:
                self._note(Fault.EVENT_GAP, f"no event up to {talk.last_seq}")
        elif last.seq != talk.last_seq:
            self._note(Fault.EVENT_GAP, f"the last event is {last.seq}, should be {talk.last_seq}")
        else:
            if last.epoch != talk.epoch:
                wrong = f"the last event's is {last.epoch}, the conversation's {talk.epoch}"
                self._note(Fault.EPOCH_WRONG, wrong)
            if self._state and talk.state in OWNER and self._state is not talk.state:
                wrong = f"{talk.state.value}, but the events lead to {self._state}"
                self._note(Fault.STATE_DIFFERS, wrong)
        logged = found.logged
        if logged and (logged.conversation_id, logged.seq) != (talk.conversation_id, talk.last_seq):
            wrong = f"the log has {logged.seq} as the last event, should be {talk.last_seq}"
            self._note(Fault.LOG_DIFFERS, wrong)
        return self._findings

    def _order(self, event: Event) -> Iterator[tuple[Fault, str]]:
        last = self._last
        if last is None:
            return  # older ones are in the history only
        if event.seq != last.seq + 1:
            yield Fault.EVENT_GAP, f"follows event {last.seq}"
        if event.at_ms < last.at_ms - CLOCKS_DIFFER_MS:
            yield Fault.EVENT_ORDER, f"{last.at_ms - event.at_ms} ms before the one it follows"

    def _epoch(self, event: Event, before: State | None) -> Iterator[tuple[Fault, str]]:
        if self._last is None:
            return
        if event.epoch < self._last.epoch:
            yield Fault.EPOCH_WRONG, f"the epoch fell from {self._last.epoch} to {event.epoch}"
        changed = before and self._state and OWNER[before] is not OWNER[self._state]
        from_agent = event.data.get("from_agent_id")
        if event.type == EventType.HANDOFF_TAKEN_OVER and from_agent:
            changed = from_agent != event.data["agent_id"]
        if changed and event.epoch == self._last.epoch:
            yield Fault.EPOCH_WRONG, f"another owner under the same epoch {event.epoch}"

    def _words(self, event: Event) -> Iterator[tuple[Fault, str]]:
        left = event.type == EventType.HANDOFF_REQUESTED and event.data.get("left")
        if event.type in _SAID and not event.data.get("text") and not left:
            yield Fault.SENTENCE_MISSING, "no sentence to the customer"
        if event.type != EventType.MESSAGE_POSTED:
            return
        author = event.data.get("author")
        if author == Author.BOT and self._person:
            yield Fault.BOT_AFTER_HANDOFF, "the bot spoke while a person had the conversation"
        name = f"{author} {event.data.get('agent_id', '')} {event.data.get('message_id')}"
        if name in self._said:
            yield Fault.MESSAGE_REPEATED, "stored before"
        self._said.add(name)

    def _note(self, fault: Fault, wrong: str) -> None:
        self._findings.append(Finding(fault, wrong, self._conversation_id))
