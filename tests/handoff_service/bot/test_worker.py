"""The turn loop against a real server: each message is answered once, in order."""

import asyncio
import logging

import aiohttp

from handoff_service.bot.rasa import RasaClient
from handoff_service.bot.worker import BotWorker
from handoff_service.domain import State
from handoff_service.store import open_store
from handoff_service.wording import Wording
from tests.handoff_service.bot.conftest import fails, says
from tests.handoff_service.desk import Desk


def _said(events, author):
    return [
        event.data["text"]
        for event in events
        if event.type.value == "message.posted" and event.data["author"] == author
    ]


async def _answers(desk, name, count):
    """Wait for so many answers of the bot, return them all."""
    asked = len(_said(await desk.store.conversations.events(name), "customer"))
    await desk.wait_for("message.posted", name=name, count=asked + count)
    return _said(await desk.store.conversations.events(name), "bot")


async def test_a_message_is_answered(desk, start_worker):
    await start_worker()
    name = await desk.talk()

    await desk.say(name, "hello")

    assert await _answers(desk, name, 1) == ["answer to hello"]


async def test_messages_written_at_once_are_answered_in_order(desk, start_worker, engine):
    for _ in range(2):
        await start_worker()
    name = await desk.talk()
    texts = [f"question {number}" for number in range(15)]
    for text in texts:
        await desk.say(name, text)

    answers = await _answers(desk, name, len(texts))

    assert answers == [f"answer to {text}" for text in texts]
    assert [request["text"] for request in engine.requests] == texts
    assert engine.most_open == 1


async def test_many_conversations_are_answered_together_but_not_all_at_once(
    desk, start_worker, engine
):
    gate = asyncio.Event()

    async def wait_at_the_gate(request):
        if engine.open == 3:
            gate.set()
        await gate.wait()
        return says(f"answer to {request['text']}")

    engine.script = wait_at_the_gate
    await start_worker(bot_concurrency=3)
    names = [await desk.talk() for _ in range(12)]
    for name in names:
        await desk.say(name, name)

    for name in names:
        assert await _answers(desk, name, 1) == [f"answer to {name}"]
    assert engine.most_open == 3


async def test_a_handoff_puts_the_conversation_in_the_queue(desk, start_worker, engine):
    handoff = {"reason": "asked", "topic": "", "language": "en", "summary": "help"}
    engine.script = lambda _: {
        "messages": [{"kind": "handoff", "text": "", "handoff": handoff}],
        "language": "ru",
    }
    await start_worker()
    name = await desk.talk()

    await desk.say(name, "человека!")

    requested = await desk.wait_for("handoff.requested", name=name)
    assert requested.data["text"].startswith("Сейчас все сотрудники заняты")
    assert await desk.state(name) is State.WAITING


async def test_a_handoff_without_a_known_language_speaks_the_conversations(
    desk, start_worker, engine
):
    handoff = {"reason": "asked", "topic": "", "language": "fr", "summary": ""}
    engine.script = lambda _: {
        "messages": [{"kind": "handoff", "text": "", "handoff": handoff}],
        "language": "fr",
    }
    await start_worker()
    name = await desk.talk(locale="ko")

    await desk.say(name, "?")

    requested = await desk.wait_for("handoff.requested", name=name)
    assert "상담원" in requested.data["text"]
    assert (await desk.get(name)).language == "ko"


async def test_while_the_engine_is_down_the_customer_is_told_once_and_answered_after(
    desk, start_worker, engine, caplog
):
    await engine.stop()
    await start_worker()
    name = await desk.talk(locale="ko")
    with caplog.at_level(logging.WARNING):
        await desk.say(name, "hello")
        await desk.say(name, "still there?")
        delayed = await desk.wait_for("bot.delayed", name=name)

        await engine.start()
        answers = await _answers(desk, name, 2)

    assert "메시지는 잘 받았으니" in delayed.data["text"]
    assert answers == ["answer to hello", "answer to still there?"]
    first = [
        event
        for event in await desk.store.conversations.events(name)
        if event.type.value == "bot.delayed" and event.data["turn"] == 1
    ]
    assert len(first) == 1
    assert caplog.text.count("turn 1 of") == 1, "logged once"


async def test_an_engine_that_says_later_is_asked_again(desk, start_worker, engine):
    tries = []

    def loading(request):
        tries.append(request)
        return fails(503, "loading") if len(tries) < 4 else says("at last")

    engine.script = loading
    await start_worker()
    name = await desk.talk()

    await desk.say(name)

    assert await _answers(desk, name, 1) == ["at last"]
    assert len(tries) == 4


async def test_a_refused_turn_is_answered_with_an_apology_and_the_offer_of_a_person(
    desk, start_worker, engine, caplog
):
    engine.script = lambda request: fails(400) if request["text"] == "bad" else says("fine")
    await start_worker()
    name = await desk.talk(locale="ru")
    with caplog.at_level(logging.ERROR):
        await desk.say(name, "bad")
        await desk.say(name, "good")
        answers = await _answers(desk, name, 2)

    events = await desk.store.conversations.events(name)
    [apology] = [event.data for event in events if event.data.get("kind") == "offer_person"]
    assert apology["text"].startswith("Извините")
    assert apology["buttons"] == [
        {"title": "Связаться с сотрудником", "payload": {"action": "request_person"}}
    ]
    assert answers[1] == "fine"
    assert caplog.text.count("cannot be answered") == 1
    assert sum(request["text"] == "bad" for request in engine.requests) == 1


async def test_a_turn_over_which_the_engine_stumbles_is_not_tried_for_ever(
    desk, start_worker, engine
):
    engine.script = lambda request: fails(500) if request["text"] == "bad" else says("fine")
    await start_worker()
    name = await desk.talk()

    await desk.say(name, "bad")

    assert (await _answers(desk, name, 1))[0].startswith("I am sorry")
    assert len(engine.requests) == 4


async def test_a_late_answer_is_not_heard_after_the_customer_asked_for_a_person(
    desk, start_worker, engine
):
    asked, answer = asyncio.Event(), asyncio.Event()

    async def slow(_):
        asked.set()
        await answer.wait()
        return says("I am late")

    engine.script = slow
    await start_worker()
    name = await desk.talk()
    await desk.say(name)
    await asyncio.wait_for(asked.wait(), 10)

    await desk.request(name)
    answer.set()
    other = await desk.talk()
    await desk.say(other)
    await _answers(desk, other, 1)  # by now the late answer was offered to the store, and refused

    assert _said(await desk.store.conversations.events(name), "bot") == []
    assert await desk.store.redis.xlen(desk.store.keys.jobs) == 0


async def test_a_turn_is_given_up_when_a_person_takes_over_while_the_engine_is_down(
    desk, start_worker, engine
):
    engine.script = lambda request: fails(503) if request["text"] == "first" else says("second")
    await start_worker()
    name = await desk.talk()
    await desk.say(name, "first")
    await desk.wait_for("bot.delayed", name=name)

    await desk.request(name)
    await desk.store.handoffs.cancel(name, message_id="c", now_ms=desk.now)
    await desk.say(name, "back again")

    assert await _answers(desk, name, 1) == ["second"]


async def test_a_dead_workers_turn_is_taken_over_and_answered_once(desk, start_worker, engine):
    """A worker that was killed never says goodbye: its claim just gets old."""
    name = await desk.talk()
    for text in ("one", "two"):
        await desk.say(name, text)
    await desk.work("killed in mid-turn")

    await start_worker()

    assert await _answers(desk, name, 2) == ["answer to one", "answer to two"]


async def test_a_process_killed_in_mid_turn_loses_and_repeats_nothing(
    desk, start_worker, engine, worker_process
):
    asked, killed = asyncio.Event(), asyncio.Event()

    async def answer(request):
        asked.set()
        await killed.wait()
        return says(f"answer to {request['text']}")

    engine.script = answer
    process = await worker_process()
    name = await desk.talk()
    for text in ("one", "two", "three"):
        await desk.say(name, text)
    await asyncio.wait_for(asked.wait(), 20)

    process.kill()
    await process.wait()
    killed.set()
    await start_worker()

    answers = await _answers(desk, name, 3)
    assert answers == ["answer to one", "answer to two", "answer to three"]


async def test_a_worker_that_stops_in_mid_turn_leaves_the_turn_to_another_at_once(
    desk, start_worker, engine
):
    asked = asyncio.Event()

    async def hang(_):
        asked.set()
        await asyncio.Event().wait()

    engine.script = hang
    worker = await start_worker(bot_takeover_s=120)
    name = await desk.talk()
    await desk.say(name, "one")
    await asyncio.wait_for(asked.wait(), 10)

    engine.script = lambda _: says("by the other one")
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    await start_worker(bot_takeover_s=120)

    assert await _answers(desk, name, 1) == ["by the other one"]


async def test_a_slow_turn_stays_with_its_worker(desk, start_worker, engine):
    """It lasts longer than the take-over time, but its claim is kept fresh."""

    async def slow(_):
        await desk.wait_for("bot.delayed", name=slow_name, count=1)
        await desk.wait_for("message.posted", name=marker, count=1)
        return says("worth the wait")

    slow_name, marker = await desk.talk(), await desk.talk()
    engine.script = slow
    for _ in range(2):
        await start_worker(bot_takeover_s=2)
    await desk.say(slow_name, "slow one")
    await desk.wait_for("bot.delayed", name=slow_name)
    for _ in range(3):  # more than two seconds of other people's delays go by
        other = await desk.talk()
        await desk.say(other, "wait with me")
        await desk.wait_for("bot.delayed", name=other)
    await desk.store.handoffs.request(marker, message_id="x", now_ms=desk.now)
    await desk.say(marker)

    assert await _answers(desk, slow_name, 1) == ["worth the wait"]
    assert sum(request["text"] == "slow one" for request in engine.requests) == 1


async def test_turns_go_on_after_a_restart_of_redis(own_redis_server, make_settings, engine, clock):
    settings = make_settings(redis_url=own_redis_server.url, bot_takeover_s=2)
    gate = asyncio.Event()

    async def wait(request):
        await gate.wait()
        return says(f"answer to {request['text']}")

    engine.script = wait
    async with await open_store(settings) as store, aiohttp.ClientSession() as session:
        desk = Desk(store, clock)
        rasa = RasaClient(session, url=engine.url, token="t" * 16, timeout_s=10)
        worker = BotWorker(
            store, rasa, clock=clock, settings=settings, worker_id="w", wording=Wording.load()
        )
        task = asyncio.ensure_future(worker.run())
        name = await desk.talk()
        await desk.say(name, "one")

        await asyncio.to_thread(own_redis_server.kill)
        gate.set()
        await asyncio.to_thread(own_redis_server.start)
        await desk.say(name, "two")

        assert await _answers(desk, name, 2) == ["answer to one", "answer to two"]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
