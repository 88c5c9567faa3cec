"""The floor's picture, from what was read: pure."""

import pytest

from handoff_service.conversation import Conversation, Needs
from handoff_service.domain import Agent, Presence, State
from handoff_service.floor.fit import Fit, fit
from handoff_service.floor.picture import paint, risk_of
from handoff_service.floor.rows import Read, Risk
from handoff_service.routing.policy import Requirement, Waiting, Widening
from handoff_service.routing.wait import PLAIN, Interval, Pace, Times

NOW = 1_000_000
PACE = Pace(Times(40, 5_000.0, 1e6), Times(40, 300_000.0, 1e9))


def agent(name, *, languages=("en",), skills=None, teams=(), load=0, presence=Presence.ONLINE):
    return Agent(
        agent_id=name, name=name.title(), languages=languages, capacity=2, usual_capacity=2,
        presence=presence, load=load, skills=skills or {}, teams=teams,
    )  # fmt: skip


def need(**more):
    usual = {
        "language": "en", "skill": None, "level": 1, "team": None, "agent_id": None, "weight": 1,
        "lenient": False,
    }  # fmt: skip
    return Requirement(**(usual | more))


@pytest.mark.parametrize(
    ("wanted", "online", "passed_by", "why"),
    [
        (need(), [], (), Fit.NOBODY),
        (need(), [agent("ann")], (), Fit.OK),
        (need(), [agent("ann", load=2)], (), Fit.FULL),
        (need(), [agent("ann")], ("ann",), Fit.PASSED),
        (need(language="ko"), [agent("ann")], (), Fit.LANGUAGE),
        (need(skill="returns", level=3), [agent("ann", skills={"returns": 2})], (), Fit.SKILL),
        (need(team="berlin"), [agent("ann")], (), Fit.TEAM),
        (need(agent_id="ann"), [agent("ann", load=2), agent("bob")], (), Fit.AGENT),
        (need(agent_id="gone"), [agent("bob")], (), Fit.OK),
        (
            need(language="ko", team="berlin"),
            [agent("ann", teams=("berlin",)), agent("min", languages=("ko",))],
            (),
            Fit.TOGETHER,
        ),
    ],
)
def test_why_nobody_takes_it(wanted, online, passed_by, why):
    assert fit(wanted, online, passed_by=passed_by) is why


@pytest.mark.parametrize(
    ("left_ms", "wait", "risk"),
    [
        (0, None, Risk.BREACHED),
        (24_999, None, Risk.AT_RISK),
        (25_000, None, Risk.FINE),
        (60_000, Interval(30_000, 61_000), Risk.AT_RISK),
        (60_000, Interval(30_000, 60_000), Risk.FINE),
    ],
)
def test_a_promise_is_at_risk_before_it_is_broken(left_ms, wait, risk):
    assert risk_of(NOW + left_ms, sla_ms=100_000, wait=wait, now_ms=NOW) is risk
    assert risk_of(None, sla_ms=None, wait=wait, now_ms=NOW) is Risk.NONE


def waiting(name, *, since_ms=NOW - 1000, **needs):
    return Waiting(name, 2, "en", since_ms, Needs(**needs), needs_since_ms=since_ms)


def talk(name, state, **more):
    return Conversation(name, "u", state, 2, 9, "en", 1, **more)


def test_the_whole_floor_is_on_it():
    read = Read(
        waiting_count=2,
        left_count=3,
        parked_count=1,
        line=[waiting("w1", sla_ms=500, team="berlin"), waiting("w2")],
        offered=["o1"],
        agents=[agent("bob", load=2, teams=("berlin",)), agent("ann", presence=Presence.AWAY)],
        held={"bob": ["o1", "a1", "moved"], "ann": []},
        talks={
            "o1": talk("o1", State.OFFERED, agent_id="bob", waiting_since_ms=NOW - 9000),
            "a1": talk("a1", State.ASSIGNED, agent_id="bob", assigned_ms=5, unanswered_ms=7),
            "moved": talk("moved", State.ASSIGNED, agent_id="ann"),
        },
    )

    seen = paint(
        read, now_ms=NOW, widening=Widening(), pace=lambda _: PACE, width=PLAIN, shown=1,
        last_hour=(8, 1),
    )  # fmt: skip

    assert [(row.conversation_id, row.place) for row in seen.waiting] == [("o1", None), ("w1", 1)]
    first = seen.waiting[1]
    assert (first.risk, first.fit, first.due_ms) == (Risk.BREACHED, Fit.FULL, NOW - 500)
    assert first.wait_ms is not None
    totals = seen.totals
    assert (totals.waiting, totals.longest_since_ms, totals.breached) == (3, NOW - 9000, 1)
    assert (totals.online, totals.away, totals.load, totals.capacity) == (1, 1, 2, 2)
    assert (totals.answered_1h, totals.abandoned_1h, totals.left) == (8, 1, 3)
    [bob, _] = seen.agents
    assert [(row.conversation_id, row.unanswered_ms) for row in bob.talks] == [
        ("a1", 7),
        ("o1", None),
    ]
    [team] = seen.teams
    assert (team.name, team.waiting, team.online, team.load) == ("berlin", 1, 1, 2)


def test_the_second_in_line_waits_longer_than_the_first():
    read = Read(
        waiting_count=9, left_count=0, parked_count=0,
        line=[waiting(f"w{number}") for number in range(9)], agents=[agent("bob", load=2)],
    )  # fmt: skip

    seen = paint(read, now_ms=NOW, widening=Widening(), pace=lambda _: PACE, width=PLAIN, shown=9)

    lows = [row.wait_ms[0] for row in seen.waiting]
    assert lows == sorted(lows)
    assert lows[-1] > lows[0]
