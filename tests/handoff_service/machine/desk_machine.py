"""Customers, agents, bots, routers and time in any order; each may crash between any two calls."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from handoff_service.domain import ClosedBy, Presence, State
from handoff_service.store.results import RepairResult
from tests.handoff_service.machine.steps import (
    AGENTS,
    ANSWERS,
    ANYONE,
    HOLDERS_DO,
    TALKS,
    TARGETS,
    WORKERS,
    Steps,
)
from tests.handoff_service.machine.world import FATES, WHOLE

LATEST = 9_999_999_999_999
IN_QUEUE = (State.WAITING, State.OFFERED, State.MESSAGE_LEFT)

fates = st.sampled_from(FATES)
#: Which of those whom a rule is about, and what they believe of the epoch: mostly the truth.
which = st.integers(0, 5)
lags = st.sampled_from((0, 0, 0, 1, 2))


def when(*states):
    """Let a rule run only while a conversation is in one of `states`."""
    return precondition(lambda self: self.among(*states))


class DeskMachine(Steps):
    """One example: what happens on one desk."""

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
            )
            self._write(self.world.talk(name), WHOLE)
            self.claim(WORKERS[0], take_over=False)  # in hand while all else goes on
            for step in (self._ask, self._offer, self._accept)[:way]:
                step(self.world.talk(name), WHOLE)
        if not online:
            self.agent_changes(AGENTS[0], Presence.AWAY, capacity, WHOLE)

    # -- customers

    @rule(n=which, fate=fates)
    def customer_writes(self, n, fate):
        self._write(self.one(n, *State), fate)

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
            )
        self._customer(waits.consent, talk, fate, text="Yes" if yes else "No", yes=yes)

    @when(State.WRAP_UP, State.CLOSED)
    @rule(n=which, fate=fates, stars=st.integers(1, 5))
    def customer_rates(self, n, fate, stars):
        talk = self.one(n, State.WRAP_UP, State.CLOSED)
        self._customer(self.store.conversations.rate, talk, fate, stars=stars, comment="")

    @rule(n=which, what=st.sampled_from(("note", "tag", "untag", "priority")), fate=fates)
    def somebody_sorts(self, n, what, fate):
        self._annotate(self.one(n, *State), what, n, fate)

    @rule(n=which, fate=fates)
    def customer_closes(self, n, fate):
        self.send(
            self.store.conversations.close,
            fate,
            again=False,  # it names no epoch: it closes whatever is open when it comes
            conversation_id=self.one(n, *State).conversation_id,
            by=ClosedBy.CUSTOMER,
            reason="done",
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
            **more,
        )

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

    @rule(
        n=which,
        to=st.sampled_from((*TARGETS.values(), ANYONE)),
        first=st.booleans(),
        lag=lags,
        fate=fates,
    )
    def supervisor_passes_on(self, n, to, first, lag, fate):
        talk = self.one(n, *State)
        self.send(
            self.store.holdings.reassign,
            fate,
            conversation_id=talk.conversation_id,
            by="sue",
            epoch=max(talk.epoch - lag, 0),
            target=to,
            first=first,
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
        )

    @precondition(lambda self: self.jobs)
    @rule(n=which, fate=fates)
    def be_late(self, n, fate):
        _, turn = self.jobs[n % len(self.jobs)]
        self.send(self.store.turns.note_delay, fate, turn=turn, language="en")

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


def machine_on(server):
    """Return the machine as it runs on one server."""
    return type("Desk", (DeskMachine,), {"server": server})
