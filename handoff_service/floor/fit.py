"""Says why nobody takes a waiting conversation. Pure."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from handoff_service.domain import Agent
from handoff_service.routing.policy import Requirement, has_room, qualifies, without_absent


class Fit(StrEnum):
    """Whether somebody could take it now, and if not, what is missing."""

    OK = "ok"  #: somebody has room: the offer is on its way
    FULL = "full"  #: whoever fits holds as much as they may
    PASSED = "passed"  #: whoever fits and has room has let it pass
    NOBODY = "nobody"  #: nobody is online
    AGENT = "agent"  #: it is kept for one agent, who is not free
    LANGUAGE = "language"  #: nobody online speaks it
    SKILL = "skill"  #: nobody online has the skill, or has it so well
    TEAM = "team"  #: nobody of the team is online
    TOGETHER = "together"  #: nobody online has all of these at once


def fit(need: Requirement, online: Sequence[Agent], *, passed_by: Collection[str]) -> Fit:
    """Return whether somebody of those online could take what needs `need`, or why not."""
    if not online:
        return Fit.NOBODY
    need = without_absent(need, {agent.agent_id for agent in online})
    fitting = [agent for agent in online if qualifies(agent, need)]
    if fitting:
        roomy = [agent for agent in fitting if has_room(agent, need.weight)]
        if not roomy:
            return Fit.AGENT if need.agent_id else Fit.FULL
        return Fit.PASSED if all(agent.agent_id in passed_by for agent in roomy) else Fit.OK
    alone = {
        Fit.LANGUAGE: need._replace(skill=None, level=1, team=None),
        Fit.SKILL: need._replace(language=None, team=None),
        Fit.TEAM: need._replace(language=None, skill=None, level=1),
    }
    for missing, part in alone.items():
        if not any(qualifies(agent, part) for agent in online):
            return missing
    return Fit.TOGETHER
