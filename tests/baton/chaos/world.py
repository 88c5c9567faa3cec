"""A conversation in which nothing went wrong, told by all who saw it; tests spoil one thing."""

from dataclasses import replace

from baton.chaos.judge import judge
from baton.chaos.ledger import AGENT, CUSTOMER, GOT, LOST, OPENED, SENT, Entry, Ledger
from baton.chaos.stored import Person, Stored, Talk
from baton.client.events import Event

TALK, ANN, BOB = "c_1", "a_ann", "a_bob"
GRACE_S = 20
#: When the first thing happened; each event is a second later.
T0 = 1_780_000_000_000
END = T0 + 600_000


def event(seq, kind, *, epoch, **data):
    return Event(TALK, seq, kind, T0 + seq * 1000, epoch, data)


def message(seq, author, message_id, *, epoch, **data):
    more = {"message_id": message_id, "author": author, "text": f"words of {message_id}"}
    return event(seq, "message.posted", epoch=epoch, **more, **data)


def healthy_events():
    return [
        event(1, "conversation.started", epoch=1, customer_id="u_1", locale="en"),
        message(2, "customer", "m-1", epoch=1, turn=1),
        message(3, "bot", "bot-1-1", epoch=1, turn=1),
        event(4, "handoff.requested", epoch=2, language="en", place=1, text="connecting"),
        event(5, "handoff.offered", epoch=2, agent_id=ANN, deadline_ms=T0 + 60_000),
        event(6, "handoff.assigned", epoch=3, agent_id=ANN, agent_name="Ann", text="Ann"),
        message(7, "agent", "a-1", epoch=3, agent_id=ANN),
        message(8, "customer", "m-2", epoch=3),
        message(9, "customer", "m-3", epoch=3),
        event(10, "conversation.wrapped_up", epoch=3, agent_id=ANN, text="bye"),
        event(11, "conversation.closed", epoch=4, by="system", reason="wrapped_up"),
    ]


HIDDEN = {"handoff.offered", "handoff.declined", "offer.expired"}


class World:
    """Ledgers and stores; each attribute may be spoilt before `judge`."""

    def __init__(self):
        self.events = healthy_events()
        self.live, self.archived = list(self.events), list(self.events)
        self.customer = Ledger("customer-1-1", CUSTOMER, conversation_id=TALK)
        self.ann, self.bob = self._agent("ann", ANN), self._agent("bob", BOB)
        self.talk = Talk(TALK, "closed", 4, 11, "en")
        self.people = [self._person(ANN), self._person(BOB, presence="away")]
        self._see()

    def _agent(self, who, agent_id):
        account = {"agent_id": agent_id, "languages": ["en"], "capacity": 1}
        return Ledger(who, AGENT, account=account)

    def _person(self, agent_id, *, presence="online", load=0):
        return Person(agent_id, presence, load, 1, ("en",))

    def _see(self):
        for told, at in ((self.customer, 0), (self.ann, 1), (self.bob, 2)):
            told.entries.append(Entry(T0 + at, OPENED, {}))
            welcome = {"type": "welcome", "presence": "online" if told is self.ann else "away"}
            told.entries.append(Entry(T0 + at, GOT, welcome))
        for each in self.events:
            self.say(each)
            if each.type not in HIDDEN:
                self.hear(self.customer, each)
            if each.seq >= 6:
                self.hear(self.ann, each)

    def hear(self, ledger, each):
        """Have a client get an event."""
        ledger.entries.append(
            Entry(each.at_ms + 5, GOT, {"type": "event", "event": raw(each)}),
        )

    def say(self, each):
        """Have the author of a message send it and get its acknowledgement."""
        ledger = {"customer": self.customer, "agent": self.ann}.get(each.author)
        if ledger is None:
            return
        frame = {"type": "message", "message_id": each.data["message_id"]}
        if ledger is self.ann:
            frame |= {"conversation_id": TALK, "epoch": each.epoch}
        ledger.entries.append(Entry(each.at_ms - 2, SENT, frame))
        self.ack(ledger, each.data["message_id"], each.seq)

    def ack(self, ledger, message_id, seq):
        frame = {"type": "ack", "message_id": message_id, "seq": seq}
        if ledger is self.ann:
            frame["conversation_id"] = TALK
        ledger.entries.append(Entry(T0 + seq * 1000 + 3, GOT, frame))

    def forget(self, ledger, seq):
        """Take an event out of what a client got."""
        ledger.entries = [
            entry
            for entry in ledger.entries
            if not (entry.frame.get("type") == "event" and entry.frame["event"]["seq"] == seq)
        ]

    def lose_connection(self, ledger, at_ms):
        ledger.entries.append(Entry(at_ms, LOST, {}))
        ledger.entries.sort(key=lambda entry: entry.at_ms)

    def tell(self, events, *, state, agent_id=None, due_ms=None, owed_turns=0):
        """Let the story be another one, which every side tells alike."""
        self.__init__()
        self.customer.entries = self.customer.entries[:2]
        self.ann.entries = self.ann.entries[:2]
        self.events = events
        self.live, self.archived = list(events), list(events)
        for each in events:
            if each.type not in HIDDEN:
                self.hear(self.customer, each)
        last = events[-1]
        self.talk = replace(
            self.talk,
            state=state,
            epoch=last.epoch,
            last_seq=last.seq,
            agent_id=agent_id,
            due_ms=due_ms,
            owed_turns=owed_turns,
        )

    def judge(self, *, with_bot=True):
        stored = Stored(
            END,
            talks={TALK: self.talk} if self.talk else {},
            people={person.agent_id: person for person in self.people},
            live={TALK: self.live} if self.live else {},
            archived={TALK: self.archived},
        )
        ledgers = [self.customer, self.ann, self.bob]
        return judge(ledgers, stored, grace_s=GRACE_S, with_bot=with_bot)

    def flaws(self, **options):
        return {finding.flaw.value for finding in self.judge(**options).findings}


def raw(each):
    return {
        "conversation_id": each.conversation_id,
        "seq": each.seq,
        "type": each.type,
        "at_ms": each.at_ms,
        "epoch": each.epoch,
        "data": dict(each.data),
    }
