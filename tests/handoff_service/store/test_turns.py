"""The bot's mailbox: every message is answered once, in order, by whoever is alive."""

import asyncio

from handoff_service.conversation import Handoff
from handoff_service.domain import State
from handoff_service.store.results import CompleteResult, PostResult
from handoff_service.turn import Understood


async def test_messages_sent_at_once_are_answered_one_by_one_in_their_order(desk):
    name = await desk.talk()
    await asyncio.gather(*(desk.say(name, f"question {number}") for number in range(20)))
    asked = [
        event.data["text"]
        for event in await desk.store.conversations.events(name)
        if event.type.value == "message.posted"
    ]

    answered = []
    for _ in asked:
        job, turn = await desk.work()
        assert await desk.store.turns.claim("w2", count=9, block_ms=1) == [], "two jobs at a time"
        answered.append(turn.text)
        await desk.complete(job, turn, f"answer to {turn.text}")

    assert answered == asked
    assert await desk.store.turns.claim("w1", count=9, block_ms=1) == []
    events = await desk.store.conversations.events(name)
    assert [event.seq for event in events] == list(range(1, 42))


async def test_a_message_sent_twice_is_stored_and_owed_once(desk):
    name = await desk.talk()

    outcomes = await asyncio.gather(*(desk.say(name, message_id="same") for _ in range(10)))

    results = [outcome.result for outcome in outcomes]
    assert results.count(PostResult.POSTED) == 1
    assert results.count(PostResult.REPEATED) == 9
    assert {outcome.seq for outcome in outcomes} == {2}
    job, turn = await desk.work()
    await desk.complete(job, turn, "yes")
    assert (await desk.types(name)).count("message.posted") == 2
    assert await desk.store.turns.claim("w1", count=9, block_ms=1) == []


async def test_a_job_done_by_two_workers_is_answered_once(desk):
    name = await desk.talk()
    await desk.say(name)
    job, turn = await desk.work("slow")
    [again] = await desk.store.turns.take_over("quick", idle_ms=0, count=9)
    assert again == job

    quick = await desk.complete(again, turn, "first")
    slow = await desk.complete(job, turn, "second")

    assert (quick.result, slow.result) == (CompleteResult.COMPLETED, CompleteResult.REPEATED)
    said = [event.data.get("text") for event in await desk.store.conversations.events(name)]
    assert "second" not in said


async def test_a_late_worker_does_not_end_the_job_of_the_next_turn(desk):
    name = await desk.talk()
    await desk.say(name, "one")
    await desk.say(name, "two")
    job, turn = await desk.work("slow")
    await desk.complete(job, turn, "answer one")
    next_job, next_turn = await desk.work("quick")

    late = await desk.complete(job, turn, "answer one again")

    assert late.result is CompleteResult.REPEATED
    done = await desk.complete(next_job, next_turn, "answer two")
    assert done.result is CompleteResult.COMPLETED


async def test_a_kept_job_cannot_be_taken_and_a_taken_job_cannot_be_kept(desk):
    await desk.say(await desk.talk())
    job, _ = await desk.work("one")

    assert await desk.store.turns.keep("one", [job]) == {job.job_id}
    assert await desk.store.turns.take_over("two", idle_ms=60_000, count=9) == []

    assert await desk.store.turns.take_over("two", idle_ms=0, count=9) == [job]
    assert await desk.store.turns.keep("one", [job]) == set()
    assert await desk.store.turns.keep("two", [job]) == {job.job_id}


async def test_a_worker_that_stops_leaves_its_jobs_to_the_others_at_once(desk):
    await desk.say(await desk.talk())
    job, _ = await desk.work("one")

    await desk.store.turns.give_up("one", [job])
    await desk.store.turns.forget_worker("one")

    assert await desk.store.turns.take_over("two", idle_ms=60_000, count=9) == [job]


async def test_an_answer_changes_the_language_first_and_hands_over_last(desk):
    name = await desk.talk()
    await desk.say(name)
    job, turn = await desk.work()
    handoff = Handoff(reason="technical_issue", topic="hub", language="ko", triage=(), tried=())

    await desk.complete(job, turn, "one moment", handoff=handoff, language="ko")

    assert (await desk.types(name))[2:] == [
        "language.changed",
        "message.posted",
        "handoff.requested",
    ]
    last = (await desk.store.conversations.events(name))[-1]
    assert (last.data["triage"], last.data["tried"], last.data["place"]) == ([], [], 1)
    assert "상담원" in last.data["text"]
    assert (await desk.get(name)).handoff.reason == "technical_issue"


async def test_what_was_understood_goes_with_whatever_the_bot_says_first(desk):
    handoff = Handoff(reason="asked", topic="hub", language="en", triage=(), tried=())
    understood = Understood(0.61, 0.92, ("ask_wifi", 0.2))
    kept = {"intent_confidence": 0.61, "scope_confidence": 0.92, "runner_up": ["ask_wifi", 0.2]}
    spoken, silent = await desk.talk(), await desk.talk()
    for name, words in ((spoken, ["first", "second"]), (silent, [])):
        await desk.say(name)
        await desk.complete(
            *await desk.work(), *words, handoff=handoff, understood=understood, intent="fault"
        )

    said = [e.data for e in await desk.store.conversations.events(spoken)][2:]
    [asked] = [e for e in (await desk.store.conversations.events(silent)) if "reason" in e.data]

    assert [data.get("understood") for data in said] == [kept, None, None]
    assert (asked.data["understood"], asked.data["intent"], asked.data["turn"]) == (
        kept, "fault", 1,
    )  # fmt: skip
    assert "understood" not in asked.for_customer().data


async def test_the_sentence_of_a_handoff_depends_on_whether_anybody_is_on_duty(desk):
    nobody, somebody = await desk.talk(), await desk.talk()

    await desk.request(nobody)
    await desk.agent()
    await desk.request(somebody)

    first, second = [
        (await desk.store.conversations.events(name))[-1].data for name in (nobody, somebody)
    ]
    assert (first["on_duty"], first["place"]) == (False, 1)
    assert "leave a message" in first["text"]
    assert (second["on_duty"], second["place"]) == (True, 2)
    assert "number 2 in line" in second["text"]


async def test_messages_written_to_a_person_are_not_owed_by_the_bot(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)

    await desk.say(name, "hello Anna")

    assert await desk.store.turns.claim("w", count=9, block_ms=1) == []


async def test_a_turn_owed_at_a_handoff_is_dropped_and_the_job_ends(desk):
    name = await desk.talk()
    await desk.say(name, "first")
    [job] = await desk.store.turns.claim("w", count=1)
    await desk.request(name)

    assert await desk.store.turns.next(job, now_ms=desk.now) is None

    await desk.store.handoffs.cancel(name, message_id="c", now_ms=desk.now)
    await desk.say(name, "second")
    job, turn = await desk.work()
    assert turn.text == "second"


async def test_a_message_posted_while_an_old_job_ends_is_not_forgotten(desk):
    """The old job is still claimed when the bot has the conversation again: it must serve, too."""
    name = await desk.talk()
    await desk.say(name, "first")
    old_job, old_turn = await desk.work()
    await desk.request(name)
    await desk.store.handoffs.cancel(name, message_id="c", now_ms=desk.now)
    await desk.say(name, "second")

    await desk.complete(old_job, old_turn, "late")

    _, turn = await desk.work()
    assert turn.text == "second"


async def test_the_note_of_delay_is_told_once_a_turn(desk):
    name = await desk.talk(locale="ru")
    await desk.say(name)
    job, turn = await desk.work()

    for _ in range(3):
        await desk.store.turns.note_delay(turn, language="ru", now_ms=desk.now)
    await desk.complete(job, turn, "done")
    await desk.store.turns.note_delay(turn, language="ru", now_ms=desk.now)

    assert (await desk.types(name)).count("bot.delayed") == 1


async def test_an_idle_conversation_that_is_owed_an_answer_does_not_close(desk, settings):
    name = await desk.talk()
    await desk.say(name)
    desk.clock.advance(settings.idle_close_s * 1000 + 1)

    await desk.store.conversations.close_due(name, now_ms=desk.now)

    assert await desk.state(name) is State.BOT
    look = await desk.store.queue.look(now_ms=desk.now, lost_at_ms=0, gone_at_ms=0)
    assert look.timers.ids == ()


async def test_each_word_of_customer_or_bot_puts_off_the_idle_close(desk, settings):
    idle_ms = settings.idle_close_s * 1000
    name = await desk.talk()

    async def closes_at():
        look = await desk.store.queue.look(now_ms=desk.now, lost_at_ms=0, gone_at_ms=0)
        return look.timers.next_ms

    desk.clock.advance(10)
    await desk.say(name)
    assert await closes_at() == desk.now + idle_ms

    desk.clock.advance(10)
    await desk.complete(*await desk.work(), "answer")
    assert await closes_at() == desk.now + idle_ms
