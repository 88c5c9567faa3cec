"""Makes legal histories by chance: what the live store could have written, event by event."""

import random

from handoff_service.domain import Event

DAY_MS = 86_400_000
AGENTS = ("a_1", "a_2", "a_3")
REASONS = ("asked", "low_confidence", "technical_issue")
TOPICS = ("", "hub", "billing")
#: Pauses between two events, ms: mostly short, sometimes over a night, now and then over a week.
PAUSES = (0, 1000, 20_000, 90_000, 600_000, 5 * 3_600_000, 2 * DAY_MS, 8 * DAY_MS)
WEIGHTS = (1, 6, 6, 5, 4, 2, 1, 1)


class History:
    """One conversation that goes its way through the states."""

    def __init__(self, chance: random.Random, name: str, customer: str, at_ms: int) -> None:
        self.chance, self.name, self.at_ms = chance, name, at_ms
        self.events: list[Event] = []
        self.state, self.epoch, self.agent, self.parked_by = "bot", 1, None, None
        self.add("conversation.started", customer_id=customer,
                 locale=chance.choice(["en", "ko"]), site=chance.choice(["", "shop"]))  # fmt: skip

    def add(self, type, /, **data):
        self.at_ms += self.chance.choices(PAUSES, WEIGHTS)[0]
        event = Event(self.name, len(self.events) + 1, type, self.at_ms, self.epoch, data)
        self.events.append(event)
        return event

    def go(self, steps: int) -> list[Event]:
        """Take steps, each legal where it is taken."""
        for _ in range(steps):
            self.chance.choice(STEPS[self.state])(self)
            if self.chance.random() < 0.15:
                self.chance.choice(ASIDE)(self)
        return self.events

    # -- words

    def customer(self):
        action = self.chance.choice([None, None, None, "helped", "not_helped"])
        payload = {"action": action} if action else None
        self.add("message.posted", author="customer", text="?", payload=payload)
        self.state = {"closed": "bot", "wrap_up": "assigned"}.get(self.state, self.state)
        if self.state == "parked":
            self.state = "waiting"
            self.add("conversation.resumed", reason="customer", agent_id=None, place=1)

    def bot(self):
        kind = self.chance.choice(["answer", "answer", "answer", "clarify", "smalltalk", "notice",
                                   "offer_person"])  # fmt: skip
        more = {}
        if kind == "answer" and self.chance.random() < 0.9:
            more = {"sources": [{"article_id": self.chance.choice(["reset", "pay"])}],
                    "index_version": self.chance.choice(["i1", "i2"])}  # fmt: skip
        if self.chance.random() < 0.5:
            more["release"] = self.chance.choice(["r1", "r2"])
        intent = self.chance.choice(["ask", "ask", "helped", "not_helped"])
        self.add("message.posted", author="bot", text="!", kind=kind, intent=intent, **more)

    def agent_says(self):
        self.add("message.posted", author="agent", text="Hello", agent_id=self.agent)

    # -- the desk

    def request(self):
        needs = {"priority": 5}
        if self.chance.random() < 0.5:
            needs["sla_ms"] = self.chance.choice([1000, 60_000, 3_600_000])
        if self.chance.random() < 0.4:
            needs["team"] = "berlin"
        self.state = "waiting"
        self.add("handoff.requested", reason=self.chance.choice(REASONS), language="en",
                 topic=self.chance.choice(TOPICS), needs=needs)  # fmt: skip

    def offer(self):
        self.add("handoff.offered", agent_id=self.chance.choice(AGENTS), deadline_ms=0)
        self.chance.choice([self.decline, self.accept, self.accept])()

    def decline(self):
        self.add("handoff.declined", agent_id="a_1", reason="busy")

    def accept(self):
        self.agent = self.chance.choice(AGENTS)
        self.state = "assigned"
        self.add("handoff.assigned", agent_id=self.agent, agent_name="x", text="")

    def take_over(self):
        before, self.agent = (
            self.agent,
            self.chance.choice(
                [name for name in AGENTS if self.state != "assigned" or name != self.agent]
            ),
        )
        self.state = "assigned"
        self.add("handoff.taken_over", agent_id=self.agent, agent_name="x", from_agent_id=before)

    def cancel(self):
        self.state = "bot"
        self.add("handoff.cancelled")

    def abandon(self):
        self.state = "bot"
        self.add("handoff.abandoned", waited_ms=1)

    def leave_message(self):
        self.state = "message_left"
        self.add("message.posted", author="customer", text="Call me")
        self.add("message.left", contact="x@y.example", text="Call me")

    def park(self):
        self.state, self.parked_by = "parked", self.agent
        self.add("conversation.parked", agent_id=self.agent, until_ms=0)

    def resume(self):
        self.state, self.agent = "assigned", self.parked_by
        self.add("conversation.resumed", reason="agent", agent_id=self.agent, place=None)

    def due(self):
        self.state = "waiting"
        self.add("conversation.resumed", reason="due", agent_id=None, place=1)

    def transfer(self):
        self.state = "waiting"
        kind = self.chance.choice(["team", "agent", "skill"])
        self.add("handoff.transferred", agent_id=self.agent, to={"kind": kind, "id": "seoul"})

    def lose(self):
        self.state = "waiting"
        self.add("agent.lost", agent_id=self.agent, place=1)

    def hand_back(self):
        self.state = "bot"
        self.add("handoff.returned", agent_id=self.agent)

    def wrap_up(self):
        self.state = "wrap_up"
        self.add("conversation.wrapped_up", agent_id=self.agent, disposition="solved")

    def close(self):
        self.state = "closed"
        self.add("conversation.closed", by="agent", reason="done")

    # -- beside the road

    def vote(self):
        bots = [e.seq for e in self.events if e.data.get("author") == "bot"]
        if bots:
            self.add("answer.voted", seq=self.chance.choice(bots),
                     helpful=self.chance.random() < 0.5)  # fmt: skip

    def mark(self):
        said = [e for e in self.events if e.data.get("author") in {"bot", "customer"}]
        if said:
            event = self.chance.choice(said)
            bot = event.data["author"] == "bot"
            verdict = self.chance.choice(["right", "wrong"] if bot else ["missing", "right"])
            self.add("answer.marked", seq=event.seq, verdict=verdict, agent_id="a_1",
                     author_name="Ann")  # fmt: skip

    def ask(self):
        kind = self.chance.choice(["csat", "nps", "ces"])
        about = self.chance.choice(self.events).seq
        after = self.chance.choice(["person", "answer"])
        agent = {"agent_id": self.agent} if self.agent else {}
        asked = {e.data["about"] for e in self.events if e.type == "survey.asked"}
        if about not in asked:
            self.add("survey.asked", kind=kind, about=about, after=after, **agent)

    def reply(self):
        asked = [e for e in self.events if e.type == "survey.asked"]
        if asked:
            data = self.chance.choice(asked).data
            high = {"csat": 5, "nps": 10, "ces": 7}[data["kind"]]
            score = self.chance.choice([None, 1, high - 1, high])
            told = {"score": score} if score is not None else {"skipped": True}
            self.add("survey.answered", kind=data["kind"], about=data["about"],
                     after=data["after"], **told)  # fmt: skip

    def rate(self):
        self.add("conversation.rated", stars=self.chance.randint(1, 5), comment="")

    def speak(self):
        self.add("language.changed", language=self.chance.choice(["en", "ko", "ru"]))

    def identify(self):
        self.add("customer.identified", customer_id=self.chance.choice(["u_1", "u_2"]))


STEPS = {
    "bot": [History.customer, History.bot, History.bot, History.request, History.close],
    "waiting": [History.customer, History.bot, History.offer, History.offer, History.take_over,
                History.cancel, History.abandon, History.leave_message, History.close],
    "assigned": [History.customer, History.agent_says, History.agent_says, History.park,
                 History.transfer, History.lose, History.hand_back, History.wrap_up,
                 History.wrap_up, History.take_over, History.close],
    "wrap_up": [History.customer, History.close, History.close],
    "parked": [History.customer, History.resume, History.due, History.take_over, History.close,
               History.hand_back],
    "message_left": [History.offer, History.take_over, History.close, History.bot],
    "closed": [History.customer, History.request, History.rate],
}  # fmt: skip
ASIDE = [History.vote, History.vote, History.mark, History.ask, History.reply, History.reply,
         History.speak, History.identify]  # fmt: skip
