"""Redis forgets what is closed and archived, and takes it back when the customer returns."""

import pytest

from handoff_service.archive.archiver import Archiver
from handoff_service.archive.retention import BATCH, Retention
from handoff_service.archive.transcripts import find_record, read_events
from handoff_service.audit.auditor import Auditor
from handoff_service.audit.places import Limits
from handoff_service.conversation import Identity
from handoff_service.domain import Event, EventType, State
from handoff_service.errors import NoSuchConversation
from handoff_service.past import past_of
from handoff_service.store.results import PostResult, RateResult, RestoreResult, VoteResult
from tests.handoff_service.archive.talks import Talk

KEEP_MS = 60_000


@pytest.fixture
def archiver(store, database, clock):
    """An archiver that leaves 50 events of a long conversation."""

    async def shorten(reached):
        await store.past.shorten(reached, keep=50)

    return Archiver(
        store.log, database, consumer="w_1", clock=clock, batch=100, keep_ms=1000, shorten=shorten
    )


@pytest.fixture
def retention(store, clock):
    """A retention that leaves what was closed within the last minute."""
    return Retention(store, clock=clock, keep_ms=KEEP_MS)


async def drain(archiver):
    while await archiver.step():
        pass


async def keys_of(store, name):
    return [key async for key in store.redis.scan_iter(f"{store.keys.conversation(name)}*")]


async def wrong(store, clock, settings):
    auditor = Auditor(store, clock=clock, limits=Limits.of(settings))
    return [finding async for page in auditor.pages() for finding in page.findings]


async def past(database, name):
    return past_of(await read_events(database, name), keep=200)


async def test_what_is_closed_and_archived_leaves_no_key(desk, store, archiver, retention, clock):
    await desk.agent()
    name = await desk.talk(State.WRAP_UP)
    await desk.say(name)
    await desk.close(name)
    await drain(archiver)
    assert await retention.step() == 0, "closed just now"

    clock.advance(KEEP_MS)

    assert await retention.step() == 1
    assert await keys_of(store, name) == []
    assert await store.redis.zcard(store.keys.closed) == 0
    assert await retention.step() == 0


async def test_what_is_not_archived_stays(desk, store, archiver, retention, clock):
    first = await desk.talk(State.CLOSED)
    await drain(archiver)
    last = await desk.talk(State.CLOSED)
    clock.advance(KEEP_MS)
    [entry] = await store.log.read_group("w_2", count=1)  # and does not acknowledge it

    assert await retention.step() == 1
    assert await keys_of(store, first) == []
    assert await desk.state(last) is State.CLOSED

    await store.log.ack([entry.log_id])
    await drain(archiver)
    assert await retention.step() == 1


async def test_a_rating_after_the_end_is_waited_for(desk, store, archiver, retention, clock):
    name = await desk.talk(State.CLOSED)
    await drain(archiver)
    clock.advance(KEEP_MS)
    await store.conversations.rate(name, message_id="r", stars=5, comment="", now_ms=desk.now)

    assert await retention.step() == 0
    await drain(archiver)
    assert await retention.step() == 1


@pytest.mark.parametrize("state", [state for state in State if state is not State.CLOSED])
async def test_what_is_open_is_never_forgotten(desk, store, archiver, clock, state):
    await desk.agent()
    name = await desk.talk(state)
    await store.redis.zadd(store.keys.closed, {name: 0})  # as a crash might have left it
    await drain(archiver)
    clock.advance(KEEP_MS)

    gone = await store.past.forget(
        [name], until_ms=desk.now, archived_before=await store.log.archived_before()
    )

    assert gone == []
    assert await desk.state(name) is state
    assert await store.redis.zcard(store.keys.closed) == 0


async def test_many_go_in_batches(desk, store, archiver, retention, clock):
    for _ in range(BATCH + 7):
        await desk.talk(State.CLOSED)
    await drain(archiver)
    clock.advance(KEEP_MS)

    assert [await retention.step() for _ in range(3)] == [BATCH, 7, 0]


async def test_who_comes_back_finds_everything(
    desk, store, database, archiver, retention, clock, settings
):
    await desk.agent()
    name = await desk.talk()
    identity = Identity("4711", name="Kim", flags=("vip",))
    await store.conversations.note_visit(
        name, customer_id=f"of-{name}", identity=identity, page={"title": "Shop"}, now_ms=desk.now
    )
    answer = await desk.answer(name)
    said = await desk.say(name, message_id="before")
    await desk.request(name)
    await desk.offer(name)
    await desk.accept(name)
    wrote = await store.conversations.post_agent_message(
        name, agent_id="anna", epoch=await desk.epoch(name), message_id="a1", text="Hi",
        now_ms=desk.now,
    )  # fmt: skip
    await desk.close(name)
    stars = {"message_id": "r1", "stars": 4, "comment": ""}
    rated = await store.conversations.rate(name, **stars, now_ms=desk.now)
    before, events = await desk.get(name), await store.conversations.events(name)
    await drain(archiver)
    clock.advance(KEEP_MS)
    assert await retention.step() == 1
    with pytest.raises(NoSuchConversation):
        await desk.get(name)

    outcome = await store.past.restore(await past(database, name), now_ms=desk.now)
    again = await store.past.restore(await past(database, name), now_ms=desk.now)

    assert (outcome.result, again.result) == (RestoreResult.RESTORED, RestoreResult.EXISTS)
    assert (outcome.seq, outcome.epoch) == (before.last_seq, before.epoch)
    after = await desk.get(name)
    kept = ("customer_id", "identity", "state", "epoch", "last_seq", "language", "started_ms",
            "known_agent")  # fmt: skip
    assert [getattr(after, each) for each in kept] == [getattr(before, each) for each in kept]
    assert await store.conversations.events(name) == events
    assert await wrong(store, clock, settings) == []
    assert await retention.step() == 0, "it stays as long as one that is closed now"

    repeated = await desk.say(name, message_id="before")
    assert (repeated.result, repeated.seq) == (PostResult.REPEATED, said.seq)
    rated_again = await store.conversations.rate(name, **stars, now_ms=desk.now)
    assert (rated_again.result, rated_again.seq) == (RateResult.REPEATED, rated.seq)
    by_agent = await store.redis.hget(store.keys.ids(name), "anna:a1")
    assert int(by_agent) == wrote.seq
    voted = await store.conversations.vote(
        name, message_id="v", seq=answer, helpful=True, now_ms=desk.now
    )
    assert voted.result is VoteResult.VOTED
    fresh = await desk.say(name, "one more thing")
    assert fresh.result is PostResult.POSTED
    assert await desk.state(name) is State.BOT
    job, turn = await desk.work()
    assert turn.turn == 3
    await desk.complete(job, turn, "Here.")
    assert await wrong(store, clock, settings) == []
    await drain(archiver)
    live = await store.conversations.events(name)
    assert list(await read_events(database, name)) == live
    assert [event.seq for event in live] == list(range(1, len(live) + 1))
    assert (await find_record(database, name)).state == "bot"


async def test_what_was_open_when_redis_was_lost_comes_back_closed(desk, store, database, archiver):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    await drain(archiver)
    epoch = await desk.epoch(name)
    await store.redis.delete(*await keys_of(store, name))

    await store.past.restore(await past(database, name), now_ms=desk.now)

    talk = await desk.get(name)
    assert (talk.state, talk.epoch > epoch) == (State.CLOSED, True)
    assert (await desk.types(name))[-1] == "conversation.closed"
    await drain(archiver)
    assert (await find_record(database, name)).state == "closed"


async def test_of_a_long_conversation_the_latest_events_stay(
    desk, store, database, archiver, clock, settings
):
    name = await desk.talk()
    for number in range(400):
        await desk.say(name, f"number {number}")
    assert len(await store.conversations.events(name)) == 401

    await drain(archiver)

    left = await store.conversations.events(name)
    assert await wrong(store, clock, settings) == []
    assert 50 <= len(left) < 250, "about 50: whole nodes of the stream go at once"
    assert left[-1].seq == 401
    assert len(await read_events(database, name)) == 401


def test_a_past_knows_who_took_over_and_what_was_whispered():
    talk = Talk().add("conversation.started", customer_id="u", locale="en")
    talk.add("handoff.assigned", agent_id="a_1", agent_name="Ann")
    talk.add("handoff.taken_over", agent_id="a_2", agent_name="Sofia")
    talk.add("whisper.posted", message_id="w1", agent_id="a_2", text="hm")

    past = past_of(talk.events, keep=10)

    assert (past.known_agent, past.ids) == ("a_2", {"a_2:w1": 4})


def test_a_past_without_its_beginning_is_none():
    event = Event("c_1", 2, EventType.MESSAGE_POSTED, 1, 1, {"author": "customer"})

    assert past_of([], keep=9) is None
    assert past_of([event], keep=9) is None
