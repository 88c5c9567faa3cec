"""The router and those in line: who is gone, who may be asked about languages."""

import pytest

from handoff_service.domain import Presence, State
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.routing.chores import Chores
from handoff_service.routing.policy import Widening


@pytest.fixture
def chores(desk, settings):
    """Return the chores of a replica that leads from now on."""
    return Chores(desk.store, clock=desk.clock, rules=Live(DeskRules.of(settings)))


async def test_a_customer_who_stays_away_is_taken_out_of_line_at_the_very_time(
    desk, settings, chores
):
    gone, here = await desk.talk(State.WAITING), await desk.talk(State.WAITING)
    desk.clock.advance(settings.abandon_s * 1000 - 10)
    await desk.store.line.attend([here], now_ms=desk.now)

    assert await chores.step() == desk.now + 10
    assert await desk.state(gone) is State.WAITING

    desk.clock.advance(10)
    await chores.step()

    assert (await desk.wait_for("handoff.abandoned", name=gone)).data["waited_ms"]
    assert await desk.state(here) is State.WAITING
    assert await desk.store.queue.place(here) == 1


async def test_customers_who_could_not_be_seen_are_given_the_whole_time_anew(desk, settings):
    """Nobody led, so perhaps nothing ran: who waits had nowhere to say so."""
    name = await desk.talk(State.WAITING)
    desk.clock.advance(10 * settings.abandon_s * 1000)
    chores = Chores(desk.store, clock=desk.clock, rules=Live(DeskRules.of(settings)))
    began = desk.now

    assert await chores.step() > desk.now + 5
    desk.clock.advance(settings.abandon_s * 1000 - 1)
    await chores.step()
    assert await desk.state(name) is State.WAITING

    desk.clock.advance(1)
    await chores.step()

    assert desk.now == began + settings.abandon_s * 1000
    assert await desk.state(name) is State.BOT


async def test_an_abandoned_customers_agent_has_room_again(desk, settings, chores):
    await desk.agent(capacity=1)
    name = await desk.talk(State.OFFERED)
    desk.clock.advance(settings.abandon_s * 1000)
    # The deadline of the offer is over as well; whichever comes first, the slot is free.
    await desk.store.agents.heartbeat("anna", now_ms=desk.now)

    await chores.step()
    await chores.step()

    assert await desk.state(name) is State.BOT
    assert (await desk.store.agents.get("anna")).load == 0


async def test_who_speaks_what_nobody_online_speaks_is_asked_and_served_after_a_yes(
    desk, start_router
):
    await start_router()
    name = await desk.talk(State.WAITING, locale="ko")

    await desk.agent(languages=("en", "ru"))

    asked = await desk.wait_for("handoff.consent_asked", name=name)
    assert asked.data["languages"] == ["en", "ru"]
    assert "handoff.offered" not in await desk.types(name)

    await desk.store.waits.consent(name, message_id="a1", text="네", yes=True, now_ms=desk.now)

    assert (await desk.wait_for("handoff.offered", name=name)).data["agent_id"] == "anna"


async def test_after_a_no_only_a_speaker_is_waited_for(desk, start_router):
    await start_router()
    name = await desk.talk(State.WAITING, locale="ko")
    await desk.agent(languages=("en",))
    await desk.wait_for("handoff.consent_asked", name=name)

    await desk.store.waits.consent(name, message_id="a1", text="no", yes=False, now_ms=desk.now)
    await desk.agent("bo", languages=("ko",))

    assert (await desk.wait_for("handoff.offered", name=name)).data["agent_id"] == "bo"
    assert (await desk.types(name)).count("handoff.consent_asked") == 1


async def test_who_is_served_in_their_language_soon_enough_is_not_asked(desk, start_router):
    await start_router()
    await desk.agent(languages=("ko", "en"), capacity=1)
    await desk.agent("bo", languages=("en",))
    first = await desk.talk(State.WAITING, locale="ko")
    await desk.wait_for("handoff.offered", name=first)
    name = await desk.talk(State.WAITING, locale="ko")
    await desk.accept(first)

    await desk.close(first)
    await desk.wait_for("handoff.offered", name=name)

    assert "handoff.consent_asked" not in await desk.types(name)


async def test_a_busy_speaker_is_waited_for_only_so_long(desk, start_router):
    await start_router()
    await desk.agent(languages=("ko",), capacity=1)
    await desk.agent("bo", languages=("en",))
    first = await desk.talk(State.WAITING, locale="ko")
    await desk.wait_for("handoff.offered", name=first)
    await desk.accept(first)
    name = await desk.talk(State.WAITING, locale="ko")
    for agent_id in ("anna", "bo"):
        await desk.store.agents.heartbeat(agent_id, now_ms=desk.now + 10**9)
    await desk.store.line.attend([name], now_ms=desk.now + 10**9)

    desk.clock.advance(Widening().language_ms)

    asked = await desk.wait_for("handoff.consent_asked", name=name)
    assert asked.data["languages"] == ["en"]


async def test_with_nobody_online_nobody_is_asked(desk, start_router):
    await start_router()
    await desk.agent(languages=("en",), presence=Presence.AWAY)
    korean = await desk.talk(State.WAITING, locale="ko")
    await desk.agent("bo", languages=("ko",))
    await desk.wait_for("handoff.offered", name=korean)

    assert "handoff.consent_asked" not in await desk.types(korean)
