"""A write decided under an old epoch, or by somebody who is not the owner, is refused."""

import pytest

from handoff_service.domain import ClosedBy, State
from handoff_service.store.results import (
    AcceptResult,
    CloseResult,
    CompleteResult,
    DeclineResult,
    ExpireResult,
    HoldResult,
    NoteResult,
    OfferResult,
    PostResult,
)
from tests.handoff_service.desk import ASKED, TEAM


def _post(store, name, epoch, now_ms):
    return store.conversations.post_agent_message(
        name, agent_id="anna", epoch=epoch, message_id="x", text="hi", now_ms=now_ms
    )


FENCED = {
    "post": (State.ASSIGNED, PostResult.STALE, _post),
    "close": (State.ASSIGNED, CloseResult.STALE, lambda s, n, e, t: s.conversations.close(
        n, by=ClosedBy.AGENT, reason="", agent_id="anna", epoch=e, now_ms=t)),
    "hand_back": (State.ASSIGNED, HoldResult.STALE, lambda s, n, e, t: s.handoffs.hand_back(
        n, agent_id="anna", epoch=e, now_ms=t)),
    "wrap_up": (State.ASSIGNED, HoldResult.STALE, lambda s, n, e, t: s.handoffs.wrap_up(
        n, agent_id="anna", epoch=e, disposition="", ends_ms=t, now_ms=t)),
    "transfer": (State.ASSIGNED, HoldResult.STALE, lambda s, n, e, t: s.holdings.transfer(
        n, agent_id="anna", epoch=e, target=TEAM, now_ms=t)),
    "park": (State.ASSIGNED, HoldResult.STALE, lambda s, n, e, t: s.holdings.park(
        n, agent_id="anna", epoch=e, until_ms=t + 9, now_ms=t)),
    "draft": (State.ASSIGNED, HoldResult.STALE, lambda s, n, e, t: s.holdings.save_draft(
        n, agent_id="anna", epoch=e, text="hm", now_ms=t)),
    "offer": (State.WAITING, OfferResult.STALE, lambda s, n, e, t: s.handoffs.offer(
        n, agent_id="anna", epoch=e, deadline_ms=t, now_ms=t)),
    "accept": (State.OFFERED, AcceptResult.GONE, lambda s, n, e, t: s.handoffs.accept(
        n, agent_id="anna", epoch=e, now_ms=t)),
    "decline": (State.OFFERED, DeclineResult.GONE, lambda s, n, e, t: s.handoffs.decline(
        n, agent_id="anna", epoch=e, reason="", now_ms=t)),
    "expire": (State.OFFERED, ExpireResult.GONE, lambda s, n, e, t: s.handoffs.expire_offer(
        n, agent_id="anna", epoch=e, now_ms=t + 60_000)),
}  # fmt: skip


@pytest.mark.parametrize("write", FENCED)
async def test_a_stale_epoch_is_refused_and_nothing_changes(desk, write):
    state, refusal, call = FENCED[write]
    await desk.agent()
    name = await desk.talk(state)
    before = await desk.types(name)

    outcome = await call(desk.store, name, await desk.epoch(name) - 1, desk.now)

    assert outcome.result is refusal
    assert await desk.types(name) == before


@pytest.mark.parametrize(
    ("write", "refusal"),
    [
        ("post", PostResult.NOT_YOURS),
        ("close", CloseResult.NOT_YOURS),
        ("hand_back", HoldResult.NOT_YOURS),
        ("wrap_up", HoldResult.NOT_YOURS),
        ("accept", AcceptResult.TAKEN),
        ("decline", DeclineResult.GONE),
    ],
)
async def test_another_agent_is_refused(desk, write, refusal):
    state, _, call = FENCED[write]
    await desk.agent("boris")
    await desk.agent("anna")
    name = await desk.talk(state, agent_id="boris")

    outcome = await call(desk.store, name, await desk.epoch(name), desk.now)

    assert outcome.result is refusal


async def test_an_agent_cannot_write_or_close_before_accepting(desk):
    await desk.agent()
    name = await desk.talk(State.OFFERED)
    epoch = await desk.epoch(name)

    posted = await FENCED["post"][2](desk.store, name, epoch, desk.now)
    closed = await FENCED["close"][2](desk.store, name, epoch, desk.now)

    assert (posted.result, closed.result) == (PostResult.NOT_YOURS, CloseResult.NOT_YOURS)


async def test_the_bots_late_answer_after_a_handoff_is_not_heard(desk):
    name = await desk.talk()
    await desk.say(name)
    job, turn = await desk.work()
    await desk.request(name)
    before = await desk.types(name)

    late = await desk.complete(job, turn, "I know the answer!")
    note = await desk.store.turns.note_delay(turn, language="en", now_ms=desk.now)

    assert (late.result, note.result) == (CompleteResult.STALE, NoteResult.STALE)
    assert await desk.types(name) == before


async def test_the_bots_late_answer_is_not_heard_even_when_the_bot_has_the_conversation_again(desk):
    name = await desk.talk()
    await desk.say(name)
    job, turn = await desk.work()
    await desk.request(name)
    await desk.store.handoffs.cancel(name, message_id="c", now_ms=desk.now)

    late = await desk.complete(job, turn, "an answer to what was asked before", handoff=ASKED)

    assert late.result is CompleteResult.STALE
    assert await desk.state(name) is State.BOT


async def test_an_agent_cannot_write_after_closing(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    epoch = await desk.epoch(name)
    await desk.close(name)

    assert (
        await FENCED["post"][2](desk.store, name, epoch, desk.now)
    ).result is PostResult.NOT_YOURS
