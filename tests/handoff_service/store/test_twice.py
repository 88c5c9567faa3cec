"""Each script run twice with the same arguments changes things once."""

import pytest

from handoff_service.conversation import Identity, Needs
from handoff_service.domain import ClosedBy, Presence, State
from handoff_service.sites import USUAL_SURVEY, SurveyAfter
from handoff_service.surveys import Kind
from tests.handoff_service.desk import ASKED, OFFER_MS, PARK_MS, TEAM

SOFIA = {"agent_id": "sofia", "author_name": "Sofia"}


async def withdraw(store, name, given):
    """Take an offer back from an agent who has gone away."""
    await store.agents.set_presence("anna", presence=Presence.AWAY, now_ms=given["now"])
    return await store.handoffs.withdraw_offer(name, agent_id="anna", now_ms=given["now"])


async def edit_message(store, name, given):
    """Write, which the second call finds done, and write it another way."""
    about = {"agent_id": "anna", "epoch": given["epoch"], "now_ms": given["now"]}
    await store.conversations.post_agent_message(name, message_id="x", text="hi", **about)
    return await store.annotations.edit(name, message_id="y", of="x", text="hello", **about)


async def answer_survey(store, name, given):
    """Ask, which the second call finds done, and answer."""
    await store.surveys.ask(
        name, kind=Kind.CSAT, after=SurveyAfter.PERSON, rules=USUAL_SURVEY, customer_id="u",
        words={"text": "How was it?"}, now_ms=given["now"],
    )  # fmt: skip
    return await store.surveys.answer(
        name, message_id="x", kind=Kind.CSAT, score=5, comment="", now_ms=given["now"]
    )


#: script → the state it starts from, and how it is called; `a` holds everything fixed beforehand.
CALLS = {
    "start_conversation": (State.BOT, lambda s, n, a: s.conversations.start(
        n, customer_id="u", locale="ko", now_ms=a["now"])),
    "note_visit": (State.BOT, lambda s, n, a: s.conversations.note_visit(
        n, customer_id=f"of-{n}", identity=Identity("42", flags=("vip",)), now_ms=a["now"])),
    "post_customer_message": (State.BOT, lambda s, n, a: s.conversations.post_customer_message(
        n, message_id="x", text="hi", locale="en", now_ms=a["now"])),
    "post_first_word": (State.BOT, lambda s, n, a: s.conversations.post_first_word(
        n, message_id="x", rule="r", text="hi", buttons=(), again_ms=None, now_ms=a["now"])),
    "post_agent_message": (State.ASSIGNED, lambda s, n, a: s.conversations.post_agent_message(
        n, agent_id="anna", epoch=a["epoch"], message_id="x", text="hi", now_ms=a["now"])),
    "note_seen": (State.BOT, lambda s, n, a: s.conversations.note_seen(
        n, seq=1, now_ms=a["now"])),
    "set_language": (State.BOT, lambda s, n, a: s.conversations.set_language(
        n, language="ru", now_ms=a["now"])),
    "rate": (State.WRAP_UP, lambda s, n, a: s.conversations.rate(
        n, message_id="x", stars=4, comment="", now_ms=a["now"])),
    "ask_survey": (State.WRAP_UP, lambda s, n, a: s.surveys.ask(
        n, kind=Kind.CSAT, after=SurveyAfter.PERSON, rules=USUAL_SURVEY, customer_id="u",
        words={"text": "How was it?"}, now_ms=a["now"])),
    "answer_survey": (State.WRAP_UP, answer_survey),
    "vote": (State.BOT, lambda s, n, a: s.conversations.vote(
        n, message_id="x", seq=a["answer"], helpful=True, now_ms=a["now"])),
    "close": (State.ASSIGNED, lambda s, n, a: s.conversations.close(
        n, by=ClosedBy.AGENT, reason="done", agent_id="anna", epoch=a["epoch"], now_ms=a["now"])),
    "close_due": (State.WRAP_UP, lambda s, n, a: s.conversations.close_due(
        n, now_ms=a["now"] + OFFER_MS)),
    "request_handoff": (State.BOT, lambda s, n, a: s.handoffs.request(
        n, message_id="x", now_ms=a["now"])),
    "cancel_handoff": (State.OFFERED, lambda s, n, a: s.handoffs.cancel(
        n, message_id="x", now_ms=a["now"])),
    "leave_message": (State.WAITING, lambda s, n, a: s.handoffs.leave_message(
        n, message_id="x", contact="c", text="t", now_ms=a["now"])),
    "offer": (State.WAITING, lambda s, n, a: s.handoffs.offer(
        n, agent_id="anna", epoch=a["epoch"], deadline_ms=a["now"] + 9, now_ms=a["now"])),
    "accept": (State.OFFERED, lambda s, n, a: s.handoffs.accept(
        n, agent_id="anna", epoch=a["epoch"], now_ms=a["now"])),
    "decline": (State.OFFERED, lambda s, n, a: s.handoffs.decline(
        n, agent_id="anna", epoch=a["epoch"], reason="", now_ms=a["now"])),
    "expire_offer": (State.OFFERED, lambda s, n, a: s.handoffs.expire_offer(
        n, agent_id="anna", epoch=a["epoch"], now_ms=a["now"] + OFFER_MS + 1)),
    "withdraw_offer": (State.OFFERED, withdraw),
    "agent_lost": (State.ASSIGNED, lambda s, n, a: s.handoffs.agent_lost(
        n, agent_id="anna", lost_at_ms=a["now"], now_ms=a["now"])),
    "hand_back": (State.ASSIGNED, lambda s, n, a: s.handoffs.hand_back(
        n, agent_id="anna", epoch=a["epoch"], now_ms=a["now"])),
    "wrap_up": (State.ASSIGNED, lambda s, n, a: s.handoffs.wrap_up(
        n, agent_id="anna", epoch=a["epoch"], disposition="", ends_ms=a["now"], now_ms=a["now"])),
    "transfer": (State.ASSIGNED, lambda s, n, a: s.holdings.transfer(
        n, agent_id="anna", epoch=a["epoch"], target=TEAM, now_ms=a["now"])),
    "reassign": (State.ASSIGNED, lambda s, n, a: s.holdings.reassign(
        n, by="sue", epoch=a["epoch"], target=TEAM, now_ms=a["now"])),
    "take_over": (State.OFFERED, lambda s, n, a: s.holdings.take_over(
        n, agent_id="anna", now_ms=a["now"])),
    "whisper": (State.ASSIGNED, lambda s, n, a: s.holdings.whisper(
        n, agent_id="sofia", author_name="Sofia", message_id="x", text="hm", now_ms=a["now"])),
    "annotate": (State.CLOSED, lambda s, n, a: s.annotations.note(
        n, **SOFIA, message_id="x", text="hm", mentions=["anna"], now_ms=a["now"])),
    "edit_message": (State.ASSIGNED, edit_message),
    "tag": (State.BOT, lambda s, n, a: s.annotations.tag(
        n, **SOFIA, message_id="x", add=["refund"], remove=["hub"], now_ms=a["now"])),
    "prioritize": (State.WAITING, lambda s, n, a: s.annotations.prioritize(
        n, **SOFIA, message_id="x", priority=9, now_ms=a["now"])),
    "park": (State.ASSIGNED, lambda s, n, a: s.holdings.park(
        n, agent_id="anna", epoch=a["epoch"], until_ms=a["now"] + 9, now_ms=a["now"])),
    "resume": (State.PARKED, lambda s, n, a: s.holdings.resume(
        n, agent_id="anna", now_ms=a["now"])),
    "resume_due": (State.PARKED, lambda s, n, a: s.holdings.resume_due(
        n, now_ms=a["now"] + PARK_MS)),
    "save_draft": (State.ASSIGNED, lambda s, n, a: s.holdings.save_draft(
        n, agent_id="anna", epoch=a["epoch"], text="Have you", now_ms=a["now"])),
    "note_read": (State.ASSIGNED, lambda s, n, a: s.holdings.note_read(
        n, agent_id="anna", seq=1, now_ms=a["now"])),
    "abandon": (State.WAITING, lambda s, n, a: s.waits.abandon(
        n, gone_since_ms=a["now"], now_ms=a["now"])),
    "ask_consent": (State.WAITING, lambda s, n, a: s.waits.ask_consent(
        n, epoch=a["epoch"], languages=["ko"], now_ms=a["now"])),
    "consent": (State.WAITING, lambda s, n, a: s.waits.consent(
        n, message_id="x", text="Yes", yes=True, now_ms=a["now"])),
    "widen": (State.WAITING, lambda s, n, a: s.waits.widen(
        n, epoch=a["epoch"], what="skill", now_ms=a["now"])),
    "reroute": (State.WAITING, lambda s, n, a: s.waits.reroute(
        n, epoch=a["epoch"], needs=Needs(skill="billing", priority=8), now_ms=a["now"])),
    "note_delay": (State.BOT, lambda s, _, a: s.turns.note_delay(
        a["turn"], language="en", now_ms=a["now"])),
    "complete_turn": (State.BOT, lambda s, _, a: s.turns.complete(
        a["job"], a["turn"], replies=[], handoff=ASKED, now_ms=a["now"])),
}  # fmt: skip


async def _everything(store, name):
    """Return all that a transition may change, as Redis holds it."""
    keys, redis = store.keys, store.redis
    sets = [
        keys.queue, keys.left, keys.offers, keys.timers,
        keys.parked, keys.closed, keys.present, keys.since, keys.held("anna"),
    ]  # fmt: skip
    return [
        await redis.hgetall(keys.conversation(name)),
        await redis.xrange(keys.events(name)),
        await redis.lrange(keys.turns(name), 0, -1),
        await redis.xrange(keys.jobs),
        await redis.xrange(keys.log),
        [await redis.zrange(key, 0, -1, withscores=True) for key in sets],
        await redis.hgetall(keys.agent("anna")),
    ]


@pytest.mark.parametrize("script", CALLS)
async def test_a_repeated_call_changes_nothing_and_acknowledges_the_same_event(desk, script):
    await desk.agent()
    state, call = CALLS[script]
    name = await desk.talk(state)
    given = {"epoch": await desk.epoch(name), "now": desk.now}
    if script in {"note_delay", "complete_turn"}:
        await desk.say(name)
        given["job"], given["turn"] = await desk.work()
    elif script == "consent":
        await CALLS["ask_consent"][1](desk.store, name, given)
    elif script == "vote":
        given["answer"] = await desk.answer(name)

    first = await call(desk.store, name, given)
    after = await _everything(desk.store, name)
    second = await call(desk.store, name, given)

    assert await _everything(desk.store, name) == after
    assert second.epoch == first.epoch
    if script not in {"start_conversation", "agent_lost", "note_delay"}:  # need no acknowledgement
        assert second.seq == first.seq


async def test_a_repeated_presence_is_signalled_once(desk):
    await desk.agent()
    before = await desk.store.signals.last_id()
    for _ in range(2):
        await desk.store.agents.set_presence("anna", presence=Presence.AWAY, now_ms=desk.now)

    assert len(await desk.store.redis.xrange(desk.store.keys.signals, min=f"({before}")) == 1
