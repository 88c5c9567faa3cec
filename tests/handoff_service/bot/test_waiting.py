"""The turn loop while the customer waits for a person, against a real engine and real processes."""

import asyncio

import pytest

from handoff_service.bot.facts import local_hour
from handoff_service.bot.rasa import parse_answer
from handoff_service.conversation import Conversation
from handoff_service.domain import State
from handoff_service.errors import BotFaulty
from tests.handoff_service.bot.conftest import says

HOUR_MS = 3_600_000


async def said(desk, name):
    return [
        event.data["text"]
        for event in await desk.store.conversations.events(name)
        if event.type.value == "message.posted" and event.data["author"] == "bot"
    ]


async def test_the_engine_is_told_that_the_customer_waits_and_may_say_nothing(
    desk, start_worker, engine
):
    engine.script = lambda request: says("so") if "?" in request["text"] else says()
    await start_worker()
    name = await desk.talk(State.WAITING)

    await desk.say(name, "ok")
    await desk.say(name, "how long?")

    await desk.wait_for("message.posted", name=name, count=3)
    assert await said(desk, name) == ["so"]
    assert [request["metadata"]["waiting"] for request in engine.requests] == [True, True]
    assert await desk.state(name) is State.WAITING


async def test_the_words_that_go_back_to_the_bot_end_the_waiting(desk, start_worker, engine):
    engine.script = lambda _: says("Gladly!", kind="back_to_bot")
    await start_worker()
    name = await desk.talk(State.WAITING)

    await desk.say(name, "never mind")

    await desk.wait_for("handoff.cancelled", name=name)
    assert await desk.state(name) is State.BOT
    assert await said(desk, name) == ["Gladly!"]


async def test_a_process_killed_in_mid_turn_answers_once_who_still_waits(
    desk, start_worker, worker_process, engine
):
    asked, killed = asyncio.Event(), asyncio.Event()

    async def answer(request):
        asked.set()
        await killed.wait()
        return says(f"answer to {request['text']}")

    engine.script = answer
    await desk.agent()
    waits, served = await desk.talk(State.WAITING), await desk.talk(State.OFFERED)
    process = await worker_process()
    for name in (waits, served):
        await desk.say(name, "one")
    await asyncio.wait_for(asked.wait(), 20)

    process.kill()
    await process.wait()
    await desk.accept(served)
    killed.set()
    await start_worker()

    await desk.wait_for("message.posted", name=waits, count=2)
    await desk.say(waits, "two")
    await desk.wait_for("message.posted", name=waits, count=4)
    assert await said(desk, waits) == ["answer to one", "answer to two"]
    assert await said(desk, served) == []


def test_only_who_waits_may_be_left_without_a_word():
    assert parse_answer(b'{"messages": []}', may_be_silent=True).replies == ()
    with pytest.raises(BotFaulty):
        parse_answer(b'{"messages": []}')


@pytest.mark.parametrize(
    ("utc_hour", "offset_min", "hour"),
    [(0, 0, 0), (23, 60, 0), (23, 540, 8), (2, -300, 21), (18, 330, 23), (18, 345, 0),
     (5, None, None)],
)  # fmt: skip
def test_the_hour_at_the_customers_is_the_clocks_and_the_browsers(utc_hour, offset_min, hour):
    talk = Conversation("c1", "u1", State.BOT, 1, 1, "en", started_ms=0, utc_offset_min=offset_min)

    now_ms = 20_000 * 24 * HOUR_MS + utc_hour * HOUR_MS + HOUR_MS // 4

    assert local_hour(talk, now_ms=now_ms) == hour
