"""A vote on an answer: stored with what the answer was, whoever has the conversation by then."""

import pytest

from handoff_service.domain import State
from handoff_service.store.results import VoteResult
from tests.handoff_service.desk import PATHS


@pytest.fixture
async def vote(desk):
    """Return a function that votes on an event of a conversation."""

    async def cast(name, seq, *, helpful=True, message_id=None):
        return await desk.store.conversations.vote(
            name,
            message_id=message_id or desk.new("v"),
            seq=seq,
            helpful=helpful,
            now_ms=desk.now,
        )

    return cast


async def last_event(desk, name):
    return (await desk.store.conversations.events(name))[-1]


async def test_a_vote_is_stored_with_what_the_answer_was(desk, vote):
    name = await desk.talk()
    answer = await desk.answer(
        name, query="как сбросить «пароль»?", confidence=0.93, index_version="20261122-1a2b"
    )

    outcome = await vote(name, answer, helpful=False)

    event = await last_event(desk, name)
    assert (outcome.result, outcome.seq) == (VoteResult.VOTED, event.seq)
    assert event.type.value == "answer.voted"
    assert event.data == {
        "seq": answer,
        "helpful": False,
        "query": "как сбросить «пароль»?",
        "sources": [{"article_id": "reset", "locale": "en"}],
        "confidence": 0.93,
        "index_version": "20261122-1a2b",
    }
    assert event.for_customer().data == {"seq": answer, "helpful": False}


async def test_what_the_answer_did_not_say_the_vote_does_not_either(desk, vote):
    name = await desk.talk()
    answer = await desk.answer(name, sources=({"article_id": "a"}, {"article_id": "b"}))

    await vote(name, answer)

    assert (await last_event(desk, name)).data == {
        "seq": answer,
        "helpful": True,
        "sources": [{"article_id": "a"}, {"article_id": "b"}],
    }


async def test_a_vote_may_be_changed(desk, vote):
    name = await desk.talk()
    answer = await desk.answer(name)

    for helpful in (True, False, True):
        await vote(name, answer, helpful=helpful)

    events = await desk.store.conversations.events(name)
    votes = [event.data["helpful"] for event in events if event.type.value == "answer.voted"]
    assert votes == [True, False, True]


async def test_only_an_answer_that_quotes_an_article_can_be_voted_on(desk, vote):
    name, other = await desk.talk(), await desk.talk()
    beyond = await desk.answer(other) + 20
    greeting = await desk.answer(name, kind="smalltalk")
    unsure = await desk.answer(name, kind="clarify")
    without = await desk.answer(name, sources=())
    started, question = 1, greeting - 1
    before = await desk.types(name)

    for seq in (started, question, greeting, unsure, without, beyond, 2**53):
        outcome = await vote(name, seq)
        assert (outcome.result, outcome.seq) == (VoteResult.NO_ANSWER, 0)

    assert await desk.types(name) == before


@pytest.mark.parametrize("state", list(State))
async def test_a_vote_is_taken_in_every_state_and_moves_nothing(desk, vote, state):
    await desk.agent()
    name = await desk.talk()
    answer = await desk.answer(name)
    for step in PATHS[state]:
        await getattr(desk, step)(name, "anna")
    keys, redis = desk.store.keys, desk.store.redis

    async def position():
        talk = await desk.get(name)
        timer = await redis.zscore(keys.timers, name)
        owed = await redis.lrange(keys.turns(name), 0, -1), await redis.xlen(keys.jobs)
        return talk.state, talk.epoch, talk.agent_id, talk.closed_ms, timer, owed

    before = await position()
    desk.clock.advance(10)
    outcome = await vote(name, answer)

    assert outcome.result is VoteResult.VOTED
    assert await position() == before


async def test_a_late_vote_does_not_spoil_the_answer_that_is_owed(desk, vote):
    name = await desk.talk()
    answer = await desk.answer(name)
    await desk.say(name, "and then?")
    job, turn = await desk.work()

    await vote(name, answer)
    outcome = await desk.complete(job, turn, "Wait.")

    assert outcome.result.value == "COMPLETED"
