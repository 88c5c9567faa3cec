"""The board decides as the policy does, whatever happened before."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from handoff_service.domain import Presence
from handoff_service.routing.board import Board
from handoff_service.routing.policy import (
    Widening,
    choose_agent,
    order,
    requirement,
    without_absent,
)
from tests.handoff_service.routing.floors import NOW, agent, talk

WIDENING = Widening(
    level_ms=1000, skill_ms=2000, team_ms=3000, wanted_agent_ms=4000, language_ms=5000
)
NAMES = ("anna", "boris", "chen", "dana", "eun", "fedor")

agents = st.builds(
    agent,
    st.sampled_from(NAMES),
    st.sampled_from(["en", "ko", "en ko"]),
    load=st.integers(0, 3),
    capacity=st.integers(1, 3),
    idle_since=st.integers(0, 2),
    presence=st.sampled_from(["online", "online", "away"]),
    skills=st.sampled_from([{}, {"billing": 1}, {"billing": 3, "tech": 2}]),
    teams=st.sampled_from(["", "nord"]),
)
talks = st.builds(
    talk,
    st.integers(0, 30).map(str),
    st.sampled_from(["en", "ko", "ru"]),
    since=st.integers(NOW - 6000, NOW),
    skill=st.sampled_from([None, None, "billing", "tech"]),
    level=st.integers(1, 3),
    team=st.sampled_from([None, None, "nord"]),
    priority=st.sampled_from([0, 5, 9]),
    sla_ms=st.sampled_from([None, 500, 1000]),
    weight=st.sampled_from([1, 1, 2, 4]),
    any_language=st.booleans(),
    left=st.booleans(),
    returned=st.booleans(),
    wanted_agent=st.sampled_from([None, None, "anna"]),
    known_agent=st.sampled_from([None, "boris", "gone"]),
    passed_by=st.sampled_from(["", "", "anna", "boris chen"]),
    passed_ms=st.sampled_from([None, NOW - 9000, NOW - 20_000]),
)


class Floor(RuleBasedStateMachine):
    """The board beside a list of everybody, decided by brute force."""

    def __init__(self):
        super().__init__()
        self.board, self.now = Board(WIDENING), NOW
        self.agents, self.waiting = {}, {}

    @rule(one=agents)
    def an_agent_changes(self, one):
        self.board.put_agent(one)
        self.agents[one.agent_id] = one

    @rule(name=st.sampled_from(NAMES))
    def an_agent_leaves(self, name):
        self.board.drop_agent(name)
        self.agents.pop(name, None)

    @rule(one=talks)
    def a_conversation_waits(self, one):
        self.board.put(one, now_ms=self.now)
        self.waiting[one.conversation_id] = one

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def a_conversation_leaves(self, data):
        name = data.draw(st.sampled_from(sorted(self.waiting)))
        self.board.drop(name)
        del self.waiting[name]

    @rule(ms=st.integers(1, 3000))
    def time_goes_by(self, ms):
        self.now += ms

    @rule(limit=st.sampled_from([1, 3, 100]))
    def a_plan_is_made(self, limit):
        plan = self.board.plan(now_ms=self.now, limit=limit)

        assert [(match.waiting.conversation_id, match.agent_id) for match in plan.matches] == list(
            self.brute_force(limit)
        )

    def brute_force(self, limit):
        for one in sorted(self.waiting.values(), key=order):
            if not limit:
                return
            chosen = choose_agent(
                one,
                self.agents.values(),
                need=self.need(one),
                now_ms=self.now,
                spoken=self.speaks(one.language),
            )
            if chosen is not None:
                limit -= 1
                del self.waiting[one.conversation_id]
                load = chosen.load + one.needs.weight
                self.agents[chosen.agent_id] = replace(chosen, load=load)
                yield one.conversation_id, chosen.agent_id

    def need(self, one):
        online = [name for name, one in self.agents.items() if one.presence is Presence.ONLINE]
        return without_absent(requirement(one, WIDENING, now_ms=self.now), online)

    def speaks(self, language):
        return any(
            language in one.languages and one.presence is Presence.ONLINE
            for one in self.agents.values()
        )

    @invariant()
    def it_knows_the_same_people(self):
        assert self.board.waiting == set(self.waiting)
        online = {name for name, one in self.agents.items() if one.presence is Presence.ONLINE}
        assert self.board.agent_ids == online


Floor.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
test_the_board_decides_as_the_policy_does = Floor.TestCase


def _board(*waiting, agents=()):
    board = Board(WIDENING)
    for one in agents:
        board.put_agent(one)
    for one in waiting:
        board.put(one, now_ms=NOW)
    return board


@given(st.lists(talks, unique_by=lambda one: one.conversation_id, max_size=8), agents)
@settings(max_examples=100, deadline=None)
def test_a_plan_says_in_time_when_another_would_differ(waiting, one):
    """Between now and the moment it names, nothing becomes possible that was not."""
    board = _board(*waiting, agents=[one])
    look_again_ms = board.plan(now_ms=NOW, limit=100).look_again_ms

    before = board.plan(now_ms=(look_again_ms or NOW + 10**6) - 1, limit=100)

    assert (before.matches, before.to_ask, before.widened) == ((), (), ())


def test_each_step_of_widening_is_told_once():
    board = _board(talk(skill="tech", level=2, team="nord"))

    told = [
        what
        for ms in (0, 999, 1000, 2500, 3000, 9000)
        for _, what in board.plan(now_ms=NOW + ms, limit=9).widened
    ]

    assert told == ["level", "skill", "team"]


def test_a_customer_is_asked_once_when_the_last_who_speaks_the_language_leaves():
    board = _board(talk("c", "ko"), agents=[agent("anna"), agent("eun", "ko", load=2)])
    assert board.plan(now_ms=NOW, limit=9).to_ask == ()

    board.drop_agent("eun")

    asked = [one.conversation_id for one in board.plan(now_ms=NOW, limit=9).to_ask]
    assert asked == ["c"]
    assert board.plan(now_ms=NOW, limit=9).to_ask == ()


def test_a_customer_is_asked_once_there_is_somebody_who_speaks_another_language():
    board = _board(talk("c", "ko"), agents=[agent("eun", "ko", load=2)])
    late = NOW + WIDENING.language_ms
    assert board.plan(now_ms=late, limit=9).to_ask == ()

    board.put_agent(agent("anna"))

    asked = [one.conversation_id for one in board.plan(now_ms=late, limit=9).to_ask]
    assert asked == ["c"]


def test_with_nobody_online_nobody_is_asked():
    board = _board(talk("c", "ko"))

    assert board.plan(now_ms=NOW + 10**6, limit=9).to_ask == ()
