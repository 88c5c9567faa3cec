"""Paints the floor as a supervisor sees it, of what was read. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence

from handoff_service.conversation import Conversation
from handoff_service.domain import Agent, Presence, State
from handoff_service.floor.fit import Fit, fit
from handoff_service.floor.rows import (
    AgentRow,
    Group,
    Hint,
    Picture,
    Read,
    Risk,
    TalkRow,
    Totals,
    WaitingRow,
)
from handoff_service.routing.policy import Requirement, Waiting, Widening, requirement
from handoff_service.routing.staffing import Staffing
from handoff_service.routing.wait import Interval, Pace, Unknown, forecast

#: A promise is at risk when less than this part of its time is left.
RISK_SHARE = 0.25
#: Longest excerpt of what a customer asked, in characters.
EXCERPT_CHARS = 160


def paint(
    read: Read,
    *,
    now_ms: int,
    widening: Widening,
    pace: Callable[[Requirement], Pace],
    width: float,
    shown: int,
    last_hour: tuple[int, int] | None = None,
    hints: Sequence[Hint] = (),
) -> Picture:
    """Make the picture of what was read.

    Args:
        read: The live store's part.
        now_ms: The moment.
        widening: How long a conversation insists on what it needs.
        pace: How long talks of a kind took lately.
        width: Of the forecasts' intervals, as a standard normal score.
        shown: So many of those in line are shown; the rest are only counted.
        last_hour: How many were answered and how many gave up; None: not known.
        hints: What is unusual.
    """
    online = [agent for agent in read.agents if agent.presence is Presence.ONLINE]
    line = _Line(online, now_ms=now_ms, widening=widening, pace=pace, width=width)
    rows = [
        line.row(waiting, read.talks.get(waiting.conversation_id), place=place)
        for place, waiting in enumerate(read.line, start=1)
    ]
    offered = [_offered(read.talks[name], now_ms=now_ms) for name in read.offered]
    everybody = sorted([*offered, *rows], key=lambda row: (row.place is not None, row.place or 0))
    risks = Counter(row.risk for row in everybody)
    return Picture(
        at_ms=now_ms,
        totals=Totals(
            waiting=read.waiting_count + len(offered),
            longest_since_ms=min((row.since_ms for row in everybody), default=None),
            at_risk=risks[Risk.AT_RISK],
            breached=risks[Risk.BREACHED],
            counted=len(everybody),
            left=read.left_count,
            parked=read.parked_count,
            online=len(online),
            away=sum(agent.presence is Presence.AWAY for agent in read.agents),
            load=sum(agent.load for agent in online),
            capacity=sum(agent.capacity for agent in online),
            answered_1h=last_hour[0] if last_hour else None,
            abandoned_1h=last_hour[1] if last_hour else None,
        ),
        waiting=tuple(everybody[: shown + len(offered)]),
        agents=tuple(_agent_row(agent, read) for agent in _in_order(read.agents)),
        more_agents=read.more_agents,
        teams=_groups(everybody, online, _team_of, _teams_of),
        languages=_groups(everybody, online, _language_of, _languages_of),
        hints=tuple(hints),
    )


class _Line:
    """Goes through the line once, from its head."""

    def __init__(
        self,
        online: Sequence[Agent],
        *,
        now_ms: int,
        widening: Widening,
        pace: Callable[[Requirement], Pace],
        width: float,
    ) -> None:
        self._online, self._now_ms, self._widening = online, now_ms, widening
        self._pace, self._width = pace, width
        self._staffing = Staffing(online)
        self._before: Counter[Requirement] = Counter()
        self._fits: dict[tuple[Requirement, tuple[str, ...]], Fit] = {}

    def row(self, waiting: Waiting, talk: Conversation | None, *, place: int) -> WaitingRow:
        need = requirement(waiting, self._widening, now_ms=self._now_ms)
        case = (need, waiting.passed_by)
        if case not in self._fits:
            self._fits[case] = fit(need, self._online, passed_by=waiting.passed_by)
        wait = self._forecast(need._replace(agent_id=None, lenient=False))
        needs = waiting.needs
        due_ms = waiting.waiting_since_ms + needs.sla_ms if needs.sla_ms else None
        return WaitingRow(
            conversation_id=waiting.conversation_id,
            epoch=waiting.epoch,
            place=place,
            since_ms=waiting.waiting_since_ms,
            due_ms=due_ms,
            risk=risk_of(due_ms, sla_ms=needs.sla_ms, wait=wait, now_ms=self._now_ms),
            wait_ms=(wait.low_ms, wait.high_ms) if wait else None,
            fit=self._fits[case],
            language=waiting.language,
            skill=needs.skill,
            level=needs.level,
            team=needs.team,
            priority=needs.priority,
            tier=needs.tier,
            returned=waiting.returned,
            agent_id=None,
            agent_name=None,
            deadline_ms=None,
            **_about(talk),
        )

    def _forecast(self, need: Requirement) -> Interval | None:
        kind = self._staffing.settled_for(need)
        slots = self._staffing.slots(kind)
        ahead = self._staffing.ahead(kind, self._before)
        self._before[kind] += 1
        told = forecast(ahead, slots.all, free=slots.free, pace=self._pace(kind))
        return None if isinstance(told, Unknown) else told.interval(self._width)


def risk_of(due_ms: int | None, *, sla_ms: int | None, wait: Interval | None, now_ms: int) -> Risk:
    """Return how it stands with an answer promised until `due_ms`, within `sla_ms`."""
    if due_ms is None or sla_ms is None:
        return Risk.NONE
    left_ms = due_ms - now_ms
    if left_ms <= 0:
        return Risk.BREACHED
    late = wait is not None and wait.high_ms > left_ms
    return Risk.AT_RISK if late or left_ms < RISK_SHARE * sla_ms else Risk.FINE


def _offered(talk: Conversation, *, now_ms: int) -> WaitingRow:
    needs, since_ms = talk.needs, talk.waiting_since_ms or now_ms
    due_ms = since_ms + needs.sla_ms if needs.sla_ms else None
    return WaitingRow(
        conversation_id=talk.conversation_id,
        epoch=talk.epoch,
        place=None,
        since_ms=since_ms,
        due_ms=due_ms,
        risk=risk_of(due_ms, sla_ms=needs.sla_ms, wait=None, now_ms=now_ms),
        wait_ms=None,
        fit=Fit.OK,
        language=talk.language,
        skill=needs.skill,
        level=needs.level,
        team=needs.team,
        priority=needs.priority,
        tier=needs.tier,
        returned=False,
        agent_id=talk.agent_id,
        agent_name=talk.agent_name,
        deadline_ms=talk.deadline_ms,
        **_about(talk),
    )


def _about(talk: Conversation | None) -> dict[str, str]:
    handoff = talk.handoff if talk else None
    return {
        "topic": handoff.topic if handoff else "",
        "reason": handoff.reason if handoff else "",
        "excerpt": handoff.summary[:EXCERPT_CHARS] if handoff else "",
        "customer": _customer(talk) if talk else "",
    }


def _customer(talk: Conversation) -> str:
    return (talk.identity.name if talk.identity else None) or ""


def _agent_row(agent: Agent, read: Read) -> AgentRow:
    talks = [read.talks[name] for name in read.held.get(agent.agent_id, ()) if name in read.talks]
    mine = [talk for talk in talks if talk.agent_id == agent.agent_id]
    return AgentRow(
        agent_id=agent.agent_id,
        name=agent.name,
        presence=agent.presence.value,
        reason=agent.presence_reason or "",
        since_ms=agent.presence_since_ms,
        load=agent.load,
        capacity=agent.capacity,
        usual_capacity=agent.usual_capacity,
        languages=agent.languages,
        skills=agent.skills,
        teams=agent.teams,
        talks=tuple(_talk_row(talk) for talk in sorted(mine, key=_age)),
    )


def _talk_row(talk: Conversation) -> TalkRow:
    offered = talk.state is State.OFFERED
    return TalkRow(
        conversation_id=talk.conversation_id,
        epoch=talk.epoch,
        state=talk.state.value,
        since_ms=talk.waiting_since_ms if offered else talk.assigned_ms,
        unanswered_ms=None if offered else talk.unanswered_ms,
        language=talk.language,
        topic=talk.handoff.topic if talk.handoff else "",
        customer=_customer(talk),
    )


def _age(talk: Conversation) -> int:
    return talk.assigned_ms or talk.waiting_since_ms or 0


def _in_order(agents: Sequence[Agent]) -> list[Agent]:
    ranks = {Presence.ONLINE: 0, Presence.AWAY: 1, Presence.OFFLINE: 2}
    return sorted(agents, key=lambda agent: (ranks[agent.presence], agent.name, agent.agent_id))


def _groups(
    rows: Sequence[WaitingRow],
    online: Sequence[Agent],
    of_row: Callable[[WaitingRow], str | None],
    of_agent: Callable[[Agent], Sequence[str]],
) -> tuple[Group, ...]:
    """Count those who wait and those who are there by what both are sorted by."""
    waiting: dict[str, list[int]] = {}
    for row in rows:
        if name := of_row(row):
            waiting.setdefault(name, []).append(row.since_ms)
    there: dict[str, list[Agent]] = {}
    for agent in online:
        for name in of_agent(agent):
            there.setdefault(name, []).append(agent)
    return tuple(
        Group(
            name=name,
            waiting=len(waiting.get(name, ())),
            longest_since_ms=min(waiting.get(name, ()), default=None),
            online=len(there.get(name, ())),
            load=sum(agent.load for agent in there.get(name, ())),
            capacity=sum(agent.capacity for agent in there.get(name, ())),
        )
        for name in sorted(waiting.keys() | there.keys())
    )


def _team_of(row: WaitingRow) -> str | None:
    return row.team


def _teams_of(agent: Agent) -> Sequence[str]:
    return agent.teams


def _language_of(row: WaitingRow) -> str | None:
    return row.language


def _languages_of(agent: Agent) -> Sequence[str]:
    return agent.languages
