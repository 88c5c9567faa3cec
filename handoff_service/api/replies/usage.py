"""How often canned replies are used, and which are not."""

from aiohttp import web

from handoff_service.api.bodies import answer, read_values
from handoff_service.api.replies import bodies
from handoff_service.archive.account_store import names_of
from handoff_service.archive.reply_uses import DAY_MS, used_by_reply, uses_by_day
from handoff_service.refusals import NotFound
from handoff_service.services import SERVICES


async def show_usage(request: web.Request) -> web.Response:
    """List every reply of the desk with its uses, those that nobody uses included."""
    services = request.app[SERVICES]
    query = read_values(request.query, bodies.UsageQuery)
    since_ms = services.clock.now_ms() - query.days * DAY_MS
    used = await used_by_reply(services.database, since_ms=since_ms)
    found = [
        bodies.ReplyUsage(
            reply_id=name,
            uses=used[name].uses if name in used else 0,
            last_ms=used[name].last_ms if name in used else None,
        )
        for name in services.replies.replies
    ]
    found.sort(key=lambda usage: -usage.uses)
    return answer(bodies.UsageAnswer(since_ms=since_ms, replies=found))


async def show_reply_usage(request: web.Request) -> web.Response:
    """Show by whom, for which team, in which language and when a reply was used."""
    services = request.app[SERVICES]
    name = request.match_info["reply_id"]
    query = read_values(request.query, bodies.UsageQuery)
    if name not in services.replies.replies:
        raise NotFound
    since_ms = services.clock.now_ms() - query.days * DAY_MS
    uses = await uses_by_day(services.database, name, since_ms=since_ms)
    names = await names_of(services.database, {use.agent_id for use in uses})
    return answer(
        bodies.ReplyUsageAnswer(
            reply_id=name,
            since_ms=since_ms,
            uses=[
                bodies.DayUsage(
                    day_ms=use.day_ms,
                    agent_id=use.agent_id,
                    agent_name=names.get(use.agent_id, ""),
                    team=use.team,
                    language=use.language,
                    uses=use.uses,
                )
                for use in uses
            ],
        )
    )
