"""Finds to whom a conversation can be passed on."""

from typing import Literal

from handoff_service.domain import Agent
from handoff_service.errors import NoSuchAgent
from handoff_service.refusals import NotFound
from handoff_service.store import Store
from handoff_service.store.holdings import Target


async def find_target(store: Store, kind: Literal["agent", "team", "skill"], name: str) -> Target:
    """Return an agent by id, a team or a skill by name.

    Raises:
        NotFound: nobody who ever signed in is, or has, that: the customer would wait for nobody.
        StoreUnavailable: as the store says.
    """
    if kind == "agent":
        try:
            found = await store.agents.get(name)
        except NoSuchAgent as error:
            raise NotFound from error
        return Target("agent", found.agent_id, found.name)
    if not any(_has(agent, kind, name) for agent in await store.agents.everyone()):
        raise NotFound
    return Target(kind, name, name)


def _has(agent: Agent, kind: str, name: str) -> bool:
    return name in (agent.teams if kind == "team" else agent.skills)
