"""What people and processes of a desk do: one call each, its arguments fixed when it is sent."""

from hypothesis.stateful import RuleBasedStateMachine

from handoff_service.conversation import Handoff
from handoff_service.domain import ClosedBy, Presence, State
from handoff_service.errors import NoSuchAgent, NoSuchConversation
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.routing.chores import Chores
from handoff_service.store.holdings import Target
from handoff_service.store.results import AcceptResult
from handoff_service.turn import BACK_TO_BOT, Reply
from tests.handoff_service.machine.world import World

TALKS, AGENTS, WORKERS = ("c0", "c1", "c2"), ("anna", "ben"), ("w0", "w1")
ASKED = Handoff(reason="asked", topic="billing", language="en", summary="help")
HOUR_MS = 3_600_000
#: A customer without an open tab for so long is gone.
GONE_MS = 120_000
#: What the bot may say to a turn.
ANSWERS = {
    "an answer": ([Reply("answer", "Ask.")], None),
    "small talk and an answer": ([Reply("smalltalk", "Hi."), Reply("answer", "Ask.")], None),
    "nothing": ([], None),
    "a handoff": ([Reply("handoff", "")], ASKED),
    "back to the bot": ([Reply(BACK_TO_BOT, "Back.")], None),
}
TARGETS = {
    "pass to anna": Target("agent", "anna", "Anna"),
    "pass to a team": Target("team", "billing", "Billing"),
}
#: Whom a supervisor may pass on to besides.
ANYONE = Target("anyone", "", "")
#: What an agent does with a conversation that is theirs.
HOLDERS_DO = (
    *("write", "write", "write", "edit", "draft", "hand back", "wrap up", "close"),
    *("park", "pass to anna", "pass to a team"),
)


class Steps(RuleBasedStateMachine):
    """A fresh desk and the ways to act on it. `server` is set by `machine_on`."""

    server = None

    def __init__(self):
        super().__init__()
        self.world = World(self.server)
        self.store = self.world.store
        self.chores = Chores(
            self.store, clock=self.world.clock, rules=Live(DeskRules.of(self.server.settings))
        )
        self.numbers = iter(range(1, 1_000_000))
        self.jobs = []  #: what workers have in hand: (job, turn)
        self.sent = []  #: commands that went out, with everything fixed: any may arrive again

    @property
    def now(self):
        return self.world.now

    def new(self, prefix):
        return f"{prefix}{next(self.numbers)}"

    def among(self, *states):
        """Return the conversations in any of these states."""
        return [talk for talk in self.world.talks.values() if talk.state in states]

    def one(self, n, *states):
        found = self.among(*states)
        return found[n % len(found)]

    def send(self, call, fate, *, again=True, **fixed):
        """Make a call whose arguments are fixed, and remember it: it may arrive once more."""

        async def command():
            try:
                return await call(**fixed, now_ms=self.now)  # the time it arrives at the service
            except (NoSuchConversation, NoSuchAgent):
                return None

        if again:
            self.sent.append(command)
        return self.world.send(command, fate)

    def _write(self, talk, fate):
        write = self.store.conversations.post_customer_message
        self._customer(write, talk, fate, text="help", locale="en")

    def _ask(self, talk, fate):
        self._customer(self.store.handoffs.request, talk, fate)

    def _offer(self, talk, fate, *, agent_id=AGENTS[0], lag=0):
        self.send(
            self.store.handoffs.offer,
            fate,
            conversation_id=talk.conversation_id,
            agent_id=agent_id,
            epoch=max(talk.epoch - lag, 0),
            deadline_ms=self.now + self.server.settings.offer_timeout_s * 1000,
        )

    def _accept(self, talk, fate):
        if talk.agent_id:
            self._agent(self.store.handoffs.accept, talk, 0, fate)

    def _customer(self, call, talk, fate, **more):
        self.send(
            call,
            fate,
            conversation_id=talk.conversation_id,
            message_id=self.new("m"),
            **more,
        )

    def _annotate(self, talk, what, n, fate):
        """What a colleague does who has not got the conversation."""
        annotations = self.store.annotations
        if what == "note":
            call, more = annotations.note, {"text": "look", "mentions": ["ben"]}
        elif what == "priority":
            call, more = annotations.prioritize, {"priority": n}
        else:
            add, remove = ([f"t{n}"], []) if what == "tag" else ([], [f"t{n}"])
            call, more = annotations.tag, {"add": add, "remove": remove}
        self.send(
            call,
            fate,
            conversation_id=talk.conversation_id,
            agent_id="sue",
            author_name="Sue",
            message_id=self.new("s"),
            **more,
        )

    async def _step_aside(self, *, agent_id, presence, now_ms):
        """As the agent's socket does it: in two steps, between which the process may end."""
        await self.store.agents.set_presence(agent_id, presence=presence, now_ms=now_ms)
        if presence is not Presence.ONLINE:
            await self.store.handoffs.withdraw_offers(agent_id, now_ms=now_ms)

    def _unfenced(self, call, talk, agent_id, fate, **more):
        """Names no epoch: it is about the conversation as it is when the call comes."""
        self.beat({agent_id})  # whoever acts has an open socket
        self.send(
            call,
            fate,
            again=False,
            conversation_id=talk.conversation_id,
            agent_id=agent_id,
            **more,
        )

    def _try(self, what, talk, lag, fate, *, agent_id=None):
        handoffs, conversations = self.store.handoffs, self.store.conversations
        if what == "accept":
            call, more = handoffs.accept, {}
        elif what == "decline":
            call, more = handoffs.decline, {"reason": "busy"}
        elif what == "write":
            more = {"message_id": self.new("a"), "text": "hello"}
            call = conversations.post_agent_message
        elif what == "hand back":
            call, more = handoffs.hand_back, {"note": "done"}
        elif what == "edit":
            more = {"message_id": self.new("e"), "of": "a1", "text": "hello again"}
            call = self.store.annotations.edit
        elif what == "draft":
            call, more = self.store.holdings.save_draft, {"text": self.new("draft ")}
        elif what == "park":
            call, more = self.store.holdings.park, {"until_ms": self.now + HOUR_MS}
        elif what in TARGETS:
            call, more = self.store.holdings.transfer, {"target": TARGETS[what], "note": "thanks"}
        elif what == "wrap up":
            ends_ms = self.now + self.server.settings.wrap_up_s * 1000
            call, more = handoffs.wrap_up, {"disposition": "solved", "ends_ms": ends_ms}
        else:
            call, more = conversations.close, {"by": ClosedBy.AGENT, "reason": "solved"}
        self._agent(call, talk, lag, fate, agent_id=agent_id, **more)

    def _agent(self, call, talk, lag, fate, *, agent_id=None, **more):
        self.send(
            call,
            fate,
            conversation_id=talk.conversation_id,
            agent_id=agent_id or talk.agent_id,
            epoch=max(talk.epoch - lag, 0),
            **more,
        )

    def beat(self, agent_ids):
        for agent_id in agent_ids:
            self.world.run(self.store.agents.heartbeat(agent_id, now_ms=self.now))

    async def _do_chores(self):
        await self.chores.step()
        gone_since_ms = self.now - GONE_MS
        for talk in self.among(State.WAITING, State.OFFERED):
            await self.store.waits.abandon(
                talk.conversation_id, gone_since_ms=gone_since_ms, now_ms=self.now
            )

    async def _serve_all(self):
        """All other agents are gone and all times are over; what waits is taken and closed."""
        now = self.world.clock.advance(2 * HOUR_MS)
        who = {"agent_id": "sue", "now_ms": now}
        sue = {"name": "Sue", "languages": ["en"], "capacity": 99, "presence": Presence.ONLINE}
        await self.store.agents.register(**who, **sue)
        await self.store.line.attend(TALKS, now_ms=now)  # or they would be gone, too
        await self.chores.step()
        handoffs, conversations = self.store.handoffs, self.store.conversations
        for name in [*await self.store.queue.waiting(), *await self.store.queue.left()]:
            epoch = (await conversations.get(name)).epoch
            await handoffs.offer(name, epoch=epoch, deadline_ms=now + HOUR_MS, **who)
            accepted = await handoffs.accept(name, epoch=epoch, **who)
            assert accepted.result is AcceptResult.ACCEPTED, name
            await conversations.close(
                name, by=ClosedBy.AGENT, reason="solved", epoch=accepted.epoch, **who
            )

    async def _answer_all(self):
        turns = self.store.turns
        while jobs := [
            *await turns.take_over("last", idle_ms=0, count=10),
            *await turns.claim("last", count=10, block_ms=1),
        ]:
            for job in jobs:
                if work := await turns.next(job, now_ms=self.now):
                    await turns.complete(
                        job, work.turn, replies=[Reply("answer", "Yes.")], now_ms=self.now
                    )
