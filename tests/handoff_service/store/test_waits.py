"""Customers in line: gone, back in time, asked about another language, content with less."""

import pytest

from handoff_service.domain import State
from handoff_service.store.results import (
    AbandonResult,
    AskResult,
    ConsentResult,
    WidenResult,
)

GONE_MS = 120_000


async def abandon(desk, name):
    outcome = await desk.store.waits.abandon(
        name, gone_since_ms=desk.now - GONE_MS, now_ms=desk.now
    )
    return outcome.result


async def last(desk, name):
    return (await desk.store.conversations.events(name))[-1]


@pytest.mark.parametrize("state", [State.WAITING, State.OFFERED])
async def test_who_is_gone_too_long_is_out_of_line_and_with_the_bot(desk, state):
    await desk.agent()
    name = await desk.talk(state)
    epoch = await desk.epoch(name)
    desk.clock.advance(GONE_MS)

    assert await abandon(desk, name) is AbandonResult.ABANDONED

    talk, event = await desk.get(name), await last(desk, name)
    assert (talk.state, talk.epoch, talk.agent_id) == (State.BOT, epoch + 1, None)
    assert event.data["waited_ms"] == GONE_MS
    assert event.data["buttons"][0]["payload"] == {"action": "request_person"}
    assert await desk.store.queue.place(name) is None
    assert (await desk.store.agents.get("anna")).load == 0


async def test_who_is_seen_in_time_keeps_the_place(desk):
    name, behind = await desk.talk(State.WAITING), await desk.talk(State.WAITING)
    desk.clock.advance(GONE_MS - 1)
    await desk.store.line.attend([name], now_ms=desk.now)
    desk.clock.advance(1)

    assert await abandon(desk, name) is AbandonResult.BACK
    assert await abandon(desk, behind) is AbandonResult.ABANDONED
    assert await desk.store.queue.place(name) == 1


@pytest.mark.parametrize(
    "state", [State.BOT, State.ASSIGNED, State.MESSAGE_LEFT, State.PARKED, State.CLOSED]
)
async def test_who_is_not_in_line_is_never_gone(desk, state):
    await desk.agent()
    name = await desk.talk(state)
    desk.clock.advance(10 * GONE_MS)
    await desk.store.line.attend([name], now_ms=desk.now - GONE_MS)

    assert await abandon(desk, name) is AbandonResult.GONE
    assert await desk.state(name) is state
    assert not await desk.store.redis.zcard(desk.store.keys.present)


async def test_a_left_message_that_is_offered_is_not_abandoned(desk):
    await desk.agent()
    name = await desk.talk(State.MESSAGE_LEFT)
    await desk.offer(name)
    desk.clock.advance(10 * GONE_MS)

    assert await abandon(desk, name) is AbandonResult.GONE
    assert await desk.state(name) is State.OFFERED


async def test_a_conversation_that_is_no_more_is_gone(desk):
    await desk.store.redis.zadd(desk.store.keys.present, {"nobody": 1})

    assert await abandon(desk, "nobody") is AbandonResult.GONE
    assert not await desk.store.redis.zcard(desk.store.keys.present)


async def ask(desk, name, *languages, epoch=None):
    return (
        await desk.store.waits.ask_consent(
            name,
            epoch=epoch or await desk.epoch(name),
            languages=languages or ("en", "zh-Hans", "zh-Hant"),
            now_ms=desk.now,
        )
    ).result


async def answer(desk, name, *, yes, message_id="a1"):
    return (
        await desk.store.waits.consent(
            name, message_id=message_id, text="Да", yes=yes, now_ms=desk.now
        )
    ).result


async def test_a_waiting_customer_is_asked_once_in_their_own_words(desk):
    name = await desk.talk(State.WAITING, locale="ru")

    assert await ask(desk, name) is AskResult.ASKED
    assert await ask(desk, name, "ko") is AskResult.REPEATED

    asked = (await last(desk, name)).data
    assert asked["languages"] == ["en", "zh-Hans", "zh-Hant"]
    assert "русский" in asked["text"]
    assert "английский или китайский" in asked["text"]
    assert [button["payload"] for button in asked["buttons"]] == [
        {"action": "any_language", "yes": True},
        {"action": "any_language", "yes": False},
    ]


async def test_characters_are_named_where_they_are_what_differs(desk):
    name = await desk.talk(State.WAITING, locale="zh-Hant")

    await ask(desk, name, "zh-Hans")

    assert "簡體" in (await last(desk, name)).data["text"]


async def test_only_a_yes_makes_any_language_do(desk):
    for yes in (False, True):
        name = await desk.talk(State.WAITING)
        await ask(desk, name)

        assert await answer(desk, name, yes=yes) is ConsentResult.ANSWERED

        assert (await desk.get(name)).any_language is yes
        assert (await desk.types(name))[-1] == ("handoff.widened" if yes else "message.posted")
        assert await desk.store.redis.llen(desk.store.keys.turns(name)) == 0


async def test_a_later_yes_counts_and_the_bot_forgets_it(desk):
    name = await desk.talk(State.WAITING)
    await ask(desk, name)
    await answer(desk, name, yes=False)
    await answer(desk, name, yes=True, message_id="a2")
    assert (await desk.get(name)).any_language

    await desk.store.handoffs.cancel(name, message_id="c1", now_ms=desk.now)
    await desk.request(name)

    assert not (await desk.get(name)).any_language
    assert await ask(desk, name) is AskResult.ASKED


@pytest.mark.parametrize("state", [State.BOT, State.ASSIGNED, State.CLOSED])
async def test_nothing_is_asked_or_answered_out_of_line(desk, state):
    await desk.agent()
    name = await desk.talk(state)
    before = await desk.types(name)

    assert await ask(desk, name) is AskResult.NOT_WAITING
    assert await answer(desk, name, yes=True) is ConsentResult.NOT_WAITING
    assert await desk.types(name) == before


async def test_who_was_not_asked_answers_nothing(desk):
    name = await desk.talk(State.WAITING)

    assert await answer(desk, name, yes=True) is ConsentResult.NOT_WAITING


async def test_a_stale_router_asks_and_widens_nothing(desk):
    name = await desk.talk(State.WAITING)
    epoch = await desk.epoch(name)
    await desk.store.handoffs.cancel(name, message_id="c1", now_ms=desk.now)
    await desk.request(name)
    before = await desk.types(name)

    assert await ask(desk, name, epoch=epoch) is AskResult.STALE
    widened = await desk.store.waits.widen(name, epoch=epoch, what="team", now_ms=desk.now)

    assert widened.result is WidenResult.STALE
    assert await desk.types(name) == before


async def test_each_thing_given_up_is_noted_once(desk):
    name = await desk.talk(State.WAITING)
    epoch = await desk.epoch(name)
    outcomes = [
        await desk.store.waits.widen(name, epoch=epoch, what=what, now_ms=desk.now)
        for what in ("level", "skill", "level")
    ]

    said = [outcome.result for outcome in outcomes]
    assert said == [WidenResult.WIDENED, WidenResult.WIDENED, WidenResult.REPEATED]
    events = await desk.store.conversations.events(name)
    assert [e.data["what"] for e in events if e.type == "handoff.widened"] == ["level", "skill"]
