"""Says what other settings would mean at this moment, beside the words of their document."""

from collections.abc import Iterator
from dataclasses import dataclass

from handoff_service.hours import Hours
from handoff_service.routing.needs import RoutingRules, needs_of
from handoff_service.services import Services
from handoff_service.sites import Sites

#: So many of those who wait are asked for what new rules would mean to them: the first in line.
MOST_ASKED = 1000


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that would be otherwise."""

    code: str  #: waiting_rerouted, opens_now, closes_now, site_added, site_removed
    name: str = ""  #: of the team or the site
    count: int = 0  #: of conversations
    of: int = 0  #: so many conversations were looked at


async def effects_of(services: Services, value: object) -> list[Effect]:
    """Return what would be otherwise now if `value`, of any area, held. Raises StoreUnavailable."""
    if isinstance(value, RoutingRules):
        return await _rerouted(services, value)
    if isinstance(value, Hours):
        return list(_other_duties(services.hours, value, now_ms=services.clock.now_ms()))
    if isinstance(value, Sites):
        return list(_other_sites(services.sites, value))
    return []


async def _rerouted(services: Services, rules: RoutingRules) -> list[Effect]:
    store = services.store
    names = (await store.queue.everyone())[:MOST_ASKED]
    talks = [talk for talk in await store.conversations.get_many(names) if talk.handoff]
    others = sum(
        not talk.met_agent
        and talk.handoff is not None
        and needs_of(rules, talk.handoff, talk.identity) != talk.needs
        for talk in talks
    )
    return [Effect("waiting_rerouted", count=others, of=len(talks))]


def _other_duties(before: Hours, after: Hours, *, now_ms: int) -> Iterator[Effect]:
    for name, team in after.teams.items():
        was_open = name in before.teams and before.teams[name].is_open(now_ms)
        if team.is_open(now_ms) != was_open:
            yield Effect("closes_now" if was_open else "opens_now", name)


def _other_sites(before: Sites, after: Sites) -> Iterator[Effect]:
    had, has = ([site.key for site in sites.all] for sites in (before, after))
    yield from (Effect("site_added", key) for key in has if key not in had)
    yield from (Effect("site_removed", key) for key in had if key not in has)
