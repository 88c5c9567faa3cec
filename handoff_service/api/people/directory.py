"""Tells the console who works here, and which teams, skills, tags and outcomes there are."""

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import select

from handoff_service.api.bodies import answer
from handoff_service.archive.account_store import list_accounts
from handoff_service.archive.accounts import Account
from handoff_service.archive.database import Database
from handoff_service.archive.tables.inbox import TagRow
from handoff_service.domain import Agent, Presence
from handoff_service.routing.needs import RoutingRules
from handoff_service.services import SERVICES

#: So many tags are told, in order: more nobody reads.
MOST_TAGS = 500


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may sign in; presence and load are those of the desk at this moment."""

    agent_id: str
    name: str
    role: str
    teams: list[str]
    skills: list[str]
    languages: list[str]
    presence: str
    load: int
    capacity: int


@dataclass(frozen=True, slots=True)
class DirectoryAnswer:
    """Everybody, and the words that conversations are sorted by."""

    agents: list[Colleague]
    teams: list[str]
    skills: list[str]
    tags: list[str]
    dispositions: list[str]


async def show_directory(request: web.Request) -> web.Response:
    """Show the directory."""
    services = request.app[SERVICES]
    accounts = await list_accounts(services.database)
    known = await services.store.agents.get_many([account.account_id for account in accounts])
    agents = {agent.agent_id: agent for agent in known}
    routing = services.settings_keeper.routing.now
    tags = {*services.rules.tags, *await _tags(services.database)}
    teams = {team for account in accounts for team in account.teams}
    skills = {skill for account in accounts for skill in account.skills}
    return answer(
        DirectoryAnswer(
            agents=[_colleague(account, agents.get(account.account_id)) for account in accounts],
            teams=sorted(teams | _named(routing, "team") | set(services.hours.teams)),
            skills=sorted(skills | _named(routing, "skill")),
            tags=sorted(tags),
            dispositions=list(services.rules.dispositions),
        )
    )


def _colleague(account: Account, agent: Agent | None) -> Colleague:
    """Without an agent they have never been at the desk."""
    return Colleague(
        agent_id=account.account_id,
        name=account.name,
        role=account.role.value,
        teams=list(account.teams),
        skills=sorted(account.skills),
        languages=list(account.languages),
        presence=(agent.presence if agent else Presence.OFFLINE).value,
        load=agent.load if agent else 0,
        capacity=agent.capacity if agent else account.capacity,
    )


def _named(rules: RoutingRules, field: str) -> set[str]:
    """Return the teams or the skills that rules of routing name."""
    lists = (rules.topics, rules.reasons, rules.flags, rules.tiers)
    every = [rules.default, *(rule for named in lists for rule in named.values())]
    return {name for rule in every if (name := getattr(rule, field)) is not None}


async def _tags(database: Database) -> list[str]:
    found = select(TagRow.tag).distinct().order_by(TagRow.tag).limit(MOST_TAGS)
    async with database.session() as session:
        return list(await session.scalars(found))
