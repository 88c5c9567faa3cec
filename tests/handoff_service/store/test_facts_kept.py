"""What the store keeps for the bot to know: votes against its answers, and what an agent did."""

from handoff_service.domain import State
from handoff_service.turn import Reply
from tests.handoff_service.desk import ASKED, SOURCE


async def vote(desk, name, seq, *, helpful):
    await desk.store.conversations.vote(
        name, message_id=desk.new("v"), seq=seq, helpful=helpful, now_ms=desk.now
    )
    return (await desk.get(name)).disliked


async def test_the_latest_answer_counts_as_disliked_until_the_vote_is_taken_back(desk):
    name = await desk.talk()
    assert not (await desk.get(name)).disliked
    first = await desk.answer(name)

    assert await vote(desk, name, first, helpful=False)
    assert not await vote(desk, name, first, helpful=True)
    assert await vote(desk, name, first, helpful=False)

    second = await desk.answer(name)
    assert not (await desk.get(name)).disliked, "that was about another answer"
    assert not await vote(desk, name, first, helpful=False)
    assert await vote(desk, name, second, helpful=False)


async def test_each_answer_of_the_latest_turn_is_the_latest(desk):
    name = await desk.talk()
    await desk.say(name)
    job, turn = await desk.work()
    answers = [Reply("answer", text, sources=(SOURCE,)) for text in ("one", "two")]
    last = await desk.store.turns.complete(job, turn, replies=answers, now_ms=desk.now)

    assert await vote(desk, name, last.seq - 1, helpful=False)
    assert await vote(desk, name, last.seq, helpful=True), "the first is still disliked"


async def test_smalltalk_after_a_disliked_answer_does_not_please(desk):
    name = await desk.talk()
    await vote(desk, name, await desk.answer(name), helpful=False)
    await desk.say(name, "hm")
    job, turn = await desk.work()

    await desk.complete(job, turn, "Mm.", kind="smalltalk")

    assert (await desk.get(name)).disliked


async def test_what_was_disliked_before_a_person_came_is_past(desk):
    await desk.agent()
    name = await desk.talk()
    await vote(desk, name, await desk.answer(name), helpful=False)
    for step in (desk.request, desk.offer, desk.accept):
        await step(name)

    await hand_back(desk, name)

    assert not (await desk.get(name)).disliked


async def test_the_bot_hears_once_what_the_agent_did(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    for text in (
        "Hello! See https://shop.example/refunds (and http://a.example/b?c=1).",
        "Again: https://shop.example/refunds，谢谢",
    ):
        await desk.store.conversations.post_agent_message(
            name, agent_id="anna", epoch=3, message_id=desk.new("a"), text=text, now_ms=desk.now
        )
    await desk.say(name, "I read https://elsewhere.example")
    await hand_back(desk, name, note='Refund "on its way"')
    told = (await desk.get(name)).handed_back

    await desk.say(name, "thanks")
    await desk.say(name, "and the hub?")
    job, turn = await desk.work()
    first = await desk.store.turns.next(job, now_ms=desk.now)
    await desk.complete(job, turn, "You are welcome.", kind="smalltalk")
    job, _ = await desk.work()
    second = await desk.store.turns.next(job, now_ms=desk.now)

    assert told == {
        "agent_name": "Anna",
        "note": 'Refund "on its way"',
        "articles": ["https://shop.example/refunds", "http://a.example/b?c=1"],
    }
    assert first.conversation.handed_back == told
    assert second.conversation.handed_back is None


async def test_it_is_heard_even_when_the_first_turn_hands_over_again(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    await hand_back(desk, name)
    await desk.say(name, "a person!")
    job, turn = await desk.work()

    await desk.complete(job, turn, handoff=ASKED)

    assert (await desk.get(name)).handed_back is None


async def test_who_is_on_duty_is_told_with_the_turn(desk):
    name = await desk.talk()
    await desk.say(name)
    [job] = await desk.store.turns.claim("w", count=1)

    alone = await desk.store.turns.next(job, now_ms=desk.now)
    await desk.agent()
    attended = await desk.store.turns.next(job, now_ms=desk.now)

    assert (alone.on_duty, attended.on_duty) == (False, True)


async def hand_back(desk, name, *, note=None):
    await desk.store.handoffs.hand_back(
        name, agent_id="anna", epoch=await desk.epoch(name), note=note, now_ms=desk.now
    )
