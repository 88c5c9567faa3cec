"""Agents and waiting conversations in one line each, for the tests of routing."""

from handoff_service.conversation import Needs
from handoff_service.domain import Agent, Presence
from handoff_service.routing.policy import Waiting

NOW = 1_000_000


def agent(
    name,
    languages="en",
    *,
    load=0,
    capacity=2,
    idle_since=0,
    presence="online",
    skills=None,
    teams="",
):
    return Agent(
        agent_id=name,
        name=name,
        languages=tuple(languages.split()),
        capacity=capacity,
        presence=Presence(presence),
        load=load,
        last_assigned_ms=idle_since,
        skills=skills or {},
        teams=tuple(teams.split()),
    )


def talk(
    name="c",
    language="en",
    *,
    since=NOW,
    passed_by="",
    passed_ms=None,
    skill=None,
    level=1,
    team=None,
    priority=5,
    sla_ms=None,
    weight=1,
    **more,
):
    return Waiting(
        conversation_id=name,
        epoch=2,
        language=language,
        waiting_since_ms=since,
        needs=Needs(
            skill=skill, level=level, team=team, priority=priority, sla_ms=sla_ms, weight=weight
        ),
        needs_since_ms=more.pop("needs_since", since),
        passed_by=tuple(passed_by.split()),
        passed_ms=passed_ms,
        **more,
    )
