"""When nobody could give a sign of life, nobody is lost for it."""

from handoff_service.domain import Presence, State
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.routing.chores import Chores


async def test_after_a_gap_longer_than_the_grace_agents_have_their_grace_again(desk, settings):
    await desk.agent("anna")
    talking = await desk.talk(State.ASSIGNED, agent_id="anna")
    chores = Chores(desk.store, clock=desk.clock, rules=Live(DeskRules.of(settings)))
    grace_ms = settings.agent_grace_s * 1000
    desk.clock.advance(3 * grace_ms)  # Redis was away: heartbeats could not be written
    ended_ms = desk.now
    desk.clock.end_gap()

    due_ms = await chores.step()
    assert await desk.state(talking) is State.ASSIGNED
    assert due_ms <= ended_ms + grace_ms

    desk.clock.advance(grace_ms - 1)
    await chores.step()
    assert await desk.state(talking) is State.ASSIGNED

    desk.clock.advance(1)
    await chores.step()
    assert await desk.state(talking) is State.WAITING
    assert (await desk.store.agents.get("anna")).presence is Presence.OFFLINE
