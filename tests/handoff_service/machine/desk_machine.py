"""Customers, agents, bots, routers and time in any order; each may crash between any two calls."""

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from handoff_service.domain import ClosedBy, Handoff, Presence, State
from handoff_service.errors import NoSuchAgent, NoSuchConversation
from handoff_service.routing.chores import Chores
from handoff_service.store.holdings import Target
from handoff_service.store.results import AcceptResult, RepairResult
from handoff_service.turn import BACK_TO_BOT, Reply
from tests.handoff_service.machine.world import FATES, WHOLE, World

TALKS, AGENTS, WORKERS = ("c0", "c1", "c2"), ("anna", "ben"), ("w0", "w1")
ASKED = Handoff(reason="asked", topic="billing", language="en", summary="help")
HOUR_MS = 3_600_000
LATEST = 9_999_999_999_999
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

fates = st.sampled_from(FATES)
#: Which of those whom a rule is about, and what they believe of the epoch: mostly the truth.
which = st.integers(0, 5)
lags = st.sampled_from((0, 0, 0, 1, 2))
#: What an agent does with a conversation that is theirs.
HOLDERS_DO = (
    *("write", "write", "write", "draft", "hand back", "wrap up", "close"),
    *("park", "pass to anna", "pass to a team"),
)
TARGETS = {
    "pass to anna": Target("agent", "anna", "Anna"),
    "pass to a team": Target("team", "billing", "Billing"),
}
IN_QUEUE = (State.WAITING, State.OFFERED, State.MESSAGE_LEFT)


def when(*states):
    """Let a rule run only while a conversation is in one of `states`."""
    return precondition(lambda self: self.among(*states))


class DeskMachine(RuleBasedStateMachine):
    """One example: a fresh desk, and what happens on it. `server` is set by `machine_on`."""

    server = None

    def __init__(self):
        super().__init__()
        self.world = World(self.server)
        self.store = self.world.store
        self.chores = Chores(self.store, clock=self.world.clock, settings=self.server.settings)
        self.numbers = iter(range(1, 1_000_000))
        self.jobs = []  #: what workers have in hand: (job, turn)
        self.sent = []  #: commands that went out, with everything fixed: any may arrive again

    # -- helpers

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
                return await call(**fixed)
            except (NoSuchConversation, NoSuchAgent):
                return None

        if again:
            self.sent.append(command)
        return self.world.send(command, fate)

    # -- the beginning: somebody is there, and each customer has come some way already

    @initialize(online=st.booleans(), capacity=st.integers(1, 3), ways=st.tuples(*[which] * 3))
    def open(self, online, capacity, ways):
        for agent_id in AGENTS:
            self.agent_changes(agent_id, Presence.ONLINE, capacity, WHOLE)
        for name, way in zip(TALKS, ways, strict=True):
            self.send(
                self.store.conversations.start,
                WHOLE,
                conversation_id=name,
                customer_id=f"of-{name}",
                locale="en",
                now_ms=self.now,
            )
            for step in (self._ask, self._offer, self._accept)[:way]:
                step(self.world.talk(name), WHOLE)
        if not online:
            self.agent_changes(AGENTS[0], Presence.AWAY, capacity, WHOLE)

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
            now_ms=self.now,
        )

    def _accept(self, talk, fate):
        if talk.agent_id:
            self._agent(self.store.handoffs.accept, talk, 0, fate)

    # -- customers

    @rule(n=which, fate=fates)
    def customer_writes(self, n, fate):
        self._customer(
            self.store.conversations.post_customer_message,
            self.one(n, *State),
            fate,
            text="help",
            locale="en",
        )

    @when(State.BOT, State.CLOSED)
    @rule(n=which, fate=fates)
    def customer_asks_for_a_person(self, n, fate):
        self._ask(self.one(n, State.BOT, State.CLOSED), fate)

    @when(*IN_QUEUE)
    @rule(n=which, what=st.sampled_from(("cancel", "leave")), fate=fates)
    def customer_stops_waiting(self, n, what, fate):
        talk, handoffs = self.one(n, *IN_QUEUE), self.store.handoffs
        if what == "cancel":
            self._customer(handoffs.cancel, talk, fate)
        else:
            more = {"contact": "a@b.example", "text": "call me"}
            self._customer(handoffs.leave_message, talk, fate, **more)

    @when(State.WAITING)
    @rule(n=which, lag=lags, yes=st.booleans(), asked=st.booleans(), fate=fates)
    def customer_is_asked_about_languages(self, n, lag, yes, asked, fate):
        talk, waits = self.one(n, State.WAITING), self.store.waits
        if asked:
            self.send(
                waits.ask_consent,
                fate,
                conversation_id=talk.conversation_id,
                epoch=max(talk.epoch - lag, 0),
                languages=["ru"],
                now_ms=self.now,
            )
        self._customer(waits.consent, talk, fate, text="Yes" if yes else "No", yes=yes)

    @when(State.WRAP_UP, State.CLOSED)
    @rule(n=which, fate=fates, stars=st.integers(1, 5))
    def customer_rates(self, n, fate, stars):
        talk = self.one(n, State.WRAP_UP, State.CLOSED)
        self._customer(self.store.conversations.rate, talk, fate, stars=stars, comment="")

    @rule(n=which, fate=fates)
    def customer_closes(self, n, fate):
        self.send(
            self.store.conversations.close,
            fate,
            again=False,  # it names no epoch: it closes whatever is open when it comes
            conversation_id=self.one(n, *State).conversation_id,
            by=ClosedBy.CUSTOMER,
            reason="done",
            now_ms=self.now,
        )

    def _customer(self, call, talk, fate, **more):
        self.send(
            call,
            fate,
            conversation_id=talk.conversation_id,
            message_id=self.new("m"),
            now_ms=self.now,
            **more,
        )

    # -- agents

    @rule(
        agent_id=st.sampled_from(AGENTS),
        presence=st.sampled_from((*[Presence.ONLINE] * 3, *Presence)),
        capacity=st.integers(0, 3),
        fate=fates,
    )
    def agent_changes(self, agent_id, presence, capacity, fate):
        """Signs in, with some capacity, or only says whether they take conversations."""
        call, more = self._step_aside, {}
        if capacity:
            call = self.store.agents.register
            more = {"name": agent_id.title(), "languages": ["en"], "capacity": capacity}
        self.send(
            call,
            fate,
            again=False,
            agent_id=agent_id,
            presence=presence,
            now_ms=self.now,
            **more,
        )

    async def _step_aside(self, *, agent_id, presence, now_ms):
        """As the agent's socket does it: in two steps, between which the process may end."""
        await self.store.agents.set_presence(agent_id, presence=presence, now_ms=now_ms)
        if presence is not Presence.ONLINE:
            await self.store.handoffs.withdraw_offers(agent_id, now_ms=now_ms)

    @when(State.OFFERED)
    @rule(n=which, what=st.sampled_from(("accept", "accept", "decline")), lag=lags, fate=fates)
    def agent_answers(self, n, what, lag, fate):
        self._try(what, self.one(n, State.OFFERED), lag, fate)

    @when(State.ASSIGNED, State.WRAP_UP)
    @rule(n=which, what=st.sampled_from(HOLDERS_DO), lag=lags, fate=fates)
    def agent_acts(self, n, what, lag, fate):
        self._try(what, self.one(n, State.ASSIGNED, State.WRAP_UP), lag, fate)

    @when(State.PARKED)
    @rule(n=which, agent_id=st.sampled_from(AGENTS), fate=fates)
    def agent_resumes(self, n, agent_id, fate):
        talk = self.one(n, State.PARKED)
        self._unfenced(self.store.holdings.resume, talk, agent_id, fate)

    @rule(n=which, agent_id=st.sampled_from(AGENTS), whisper=st.booleans(), fate=fates)
    def supervisor_steps_in(self, n, agent_id, whisper, fate):
        talk, holdings = self.one(n, *State), self.store.holdings
        if not whisper:
            self._unfenced(holdings.take_over, talk, agent_id, fate)
            return
        more = {"author_name": "Sue", "message_id": self.new("w"), "text": "Offer a refund."}
        self._unfenced(holdings.whisper, talk, agent_id, fate, **more)

    def _unfenced(self, call, talk, agent_id, fate, **more):
        """Names no epoch: it is about the conversation as it is when the call comes."""
        self.beat({agent_id})  # whoever acts has an open socket
        self.send(
            call,
            fate,
            again=False,
            conversation_id=talk.conversation_id,
            agent_id=agent_id,
            now_ms=self.now,
            **more,
        )

    @rule(
        n=which,
        agent_id=st.sampled_from(AGENTS),
        what=st.sampled_from(("accept", "decline", *HOLDERS_DO)),
        lag=lags,
        fate=fates,
    )
    def intrude(self, n, agent_id, what, lag, fate):
        """Anybody tries anything: only who holds it, under the present epoch, may."""
        self._try(what, self.one(n, *State), lag, fate, agent_id=agent_id)

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
            now_ms=self.now,
            **more,
        )

    # -- bot workers, who may die with a job in hand

    @precondition(lambda self: self.world.owed)
    @rule(worker=st.sampled_from(WORKERS), take_over=st.booleans())
    def claim(self, worker, take_over):
        turns = self.store.turns
        claimed = (
            turns.take_over(worker, idle_ms=0, count=1)
            if take_over
            else turns.claim(worker, count=1, block_ms=1)
        )
        for job in self.world.run(claimed):
            work = self.world.run(turns.next(job, now_ms=self.now))
            if work is not None:
                self.jobs.append((job, work.turn))

    @precondition(lambda self: self.jobs)
    @rule(n=which, said=st.sampled_from(list(ANSWERS)), fate=fates)
    def complete(self, n, said, fate):
        job, turn = self.jobs.pop(n % len(self.jobs))
        replies, handoff = ANSWERS[said]
        self.send(
            self.store.turns.complete,
            fate,
            job=job,
            turn=turn,
            replies=replies,
            handoff=handoff,
            now_ms=self.now,
        )

    @precondition(lambda self: self.jobs)
    @rule(n=which, fate=fates)
    def be_late(self, n, fate):
        _, turn = self.jobs[n % len(self.jobs)]
        self.send(self.store.turns.note_delay, fate, turn=turn, language="en", now_ms=self.now)

    # -- routers and their chores, time

    @when(State.WAITING, State.MESSAGE_LEFT)
    @rule(n=which, agent_id=st.sampled_from(AGENTS), lag=lags, fate=fates)
    def offer(self, n, agent_id, lag, fate):
        talk = self.one(n, State.WAITING, State.MESSAGE_LEFT)
        self._offer(talk, fate, agent_id=agent_id, lag=lag)

    @rule(
        seconds=st.sampled_from((0, 1, 21, 31, 121, 3601)),
        beats=st.sets(st.sampled_from(AGENTS)),
        here=st.booleans(),
        fate=fates,
    )
    def time_passes(self, seconds, beats, here, fate):
        """Agents and customers are there or not; then a router does what is due, or a part."""
        self.world.clock.advance(int(seconds * 1000) + 1)
        self.beat(beats)
        if here:
            attend = self.store.line.attend
            self.world.run(
                attend([talk.conversation_id for talk in self.among(*IN_QUEUE)], now_ms=self.now)
            )
        self.world.send(self._do_chores, fate)

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

    @rule(n=which, agent_id=st.sampled_from(AGENTS))
    def mend_what_is_in_order(self, n, agent_id):
        """An audit may mend at any moment: what is in order, it leaves alone."""
        name, now, repairs = self.one(n, *State).conversation_id, self.now, self.store.repairs
        for mending in (
            repairs.place(name, latest_deadline_ms=LATEST, latest_end_ms=LATEST, now_ms=now),
            repairs.hold(name, agent_id=agent_id, now_ms=now),
            repairs.turns(name, now_ms=now),
            repairs.agent(agent_id, now_ms=now),
        ):
            assert self.world.run(mending) is RepairResult.FINE

    @precondition(lambda self: self.sent)
    @rule(n=st.integers(0, 30), fate=fates)
    def arrive_again(self, n, fate):
        """A command of earlier arrives once more, from a client that never got its answer."""
        self.world.send(self.sent[-1 - n % len(self.sent)], fate)

    # -- what must hold

    @invariant()
    def all_is_where_it_should_be(self):
        self.world.check()

    def teardown(self):
        """Workers and one agent that live on serve everybody: nobody is left without a way on."""
        self.world.run(self._answer_all())
        self.world.check()
        self.world.run(self._serve_all())
        self.world.check()
        left = {talk.conversation_id: talk.state for talk in self.world.talks.values()}
        assert set(left.values()) <= {State.CLOSED}, left

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


def machine_on(server):
    """Return the machine as it runs on one server."""
    return type("Desk", (DeskMachine,), {"server": server})
