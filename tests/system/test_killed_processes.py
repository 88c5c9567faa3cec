"""kill -9 of each process, at each step of a conversation at once: nothing acknowledged is lost."""

import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from baton.client.events import MESSAGE
from baton.client.phrases import LOCALES, phrases
from baton.client.system import looks
from tests.system.history import check_complete, until_archived

#: How many messages each side of the talk writes; half before the kill, half after.
WORDS = 6
#: Longest wait (s) for what needs the killed process back: Rasa's imports on a busy machine.
BACK_S = 90.0


@pytest.mark.parametrize("part", ["service", "rasa", "actions", "redis"])
async def test_a_killed_process_loses_nothing(part, ready, new_agent, visitor):
    async with AsyncExitStack() as stack:
        agent = await stack.enter_async_context(new_agent(capacity=3))
        talking, assigned, offered, waiting, asking = [
            await stack.enter_async_context(visitor(locale)) for locale in LOCALES
        ]
        for customer in (talking, assigned, offered, waiting):
            await customer.request_person()
            if customer is not waiting:
                await agent.until_offer(customer.conversation_id)
            if customer in (talking, assigned):
                await agent.accept(customer.conversation_id)
                await customer.until_agent()
        place = await waiting.changes.until(lambda: waiting.place, what="place in line")
        assert place == 1, "the agent holds all three, so the fourth waits"
        rasa = ready.pids()["rasa"]
        os.kill(rasa, signal.SIGSTOP)  # the turn below is under way until somebody ends it
        asked = await asking.send(phrases(asking.locale).question)
        said, heard = await _write(talking, agent, range(WORDS // 2))

        old = ready.kill(part)
        if part != "rasa":
            os.kill(rasa, signal.SIGCONT)
        more_said, more_heard = await _write(talking, agent, range(WORDS // 2, WORDS))
        await ready.until_restarted(part, old)

        for key in said + more_said:
            await talking.stored(key, deadline_s=BACK_S)
        for key in heard + more_heard:
            await agent.stored(key, deadline_s=BACK_S)
        answer = await asking.until_event(
            lambda event: event.ends_a_turn, what="answer", after=asked, deadline_s=BACK_S
        )
        assert answer.kind == "answer"
        await agent.until_offer(offered.conversation_id, deadline_s=BACK_S)
        await agent.accept(offered.conversation_id)
        await offered.until_agent()
        await agent.close_conversation(assigned.conversation_id)
        await agent.until_offer(waiting.conversation_id, deadline_s=BACK_S)
        await agent.accept(waiting.conversation_id)
        await waiting.until_agent()
        for customer in (talking, offered, waiting):
            await _last_words(customer, agent)
        again = await asking.say(phrases(asking.locale).question)
        assert [event.author for event in again] == ["bot"]
        await asking.request_person()
        await agent.until_offer(asking.conversation_id)
        await agent.accept(asking.conversation_id)
        await _last_words(asking, agent)

        for customer in (talking, assigned, offered, waiting, asking):
            await customer.until_state("closed")
            await customer.drain()
            stored = await until_archived(ready, customer.conversation_id, seq=max(customer.events))
            check_complete(stored, customer)
        _check_words(talking)
        assert _bot_messages(asking) == 2


async def test_rasa_killed_in_mid_turn_answers_it_after_its_restart_once(ready, visitor):
    """The turn is in its action's hands: understood, decided, not yet saved or answered."""
    first, held, last = "How do I get a refund?", phrases("en").question, "How do I add a hub?"
    actions = ready.pids()["actions"]
    async with visitor("en") as customer:
        await customer.say(first)
        os.kill(actions, signal.SIGSTOP)
        try:
            asked = await customer.send(held)
            async for _ in looks(BACK_S, "call of the action"):
                if _waits_to_be_read(ready.record()["ports"]["actions"]):
                    break
            old = ready.kill("rasa")
        finally:
            os.kill(actions, signal.SIGCONT)
        await ready.until_restarted("rasa", old)

        answer = await customer.until_event(
            lambda event: event.ends_a_turn, what="answer", after=asked, deadline_s=BACK_S
        )
        again = await customer.say(last)
        await customer.drain()

        assert answer.kind == "answer"
        assert [event.author for event in again] == ["bot"]
        assert _bot_messages(customer) == 3


def _waits_to_be_read(port):
    """Tell whether a connection to a local port holds a whole call that nobody has read yet."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, _, state, queues, *_ = line.split()
        unread = int(queues.partition(":")[2], 16)
        # 01: established; a call carries some kilobytes, a health check less than one
        if int(local.partition(":")[2], 16) == port and state == "01" and unread > 1000:
            return True
    return False


async def _write(customer, agent, numbers):
    """Write on both sides without waiting for acknowledgements; return the ids."""
    said, heard = [], []
    for number in numbers:
        said.append(await customer.write(f"said {number}"))
        heard.append(await agent.write(customer.conversation_id, f"heard {number}"))
    return said, heard


async def _last_words(customer, agent):
    talk = customer.conversation_id
    await agent.say(talk, f"last words to {talk}")
    await customer.until_said(f"last words to {talk}")
    await customer.send("and goodbye")
    await agent.until_said(talk, "and goodbye")
    await agent.close_conversation(talk)


def _check_words(customer):
    texts = [event.text for event in customer.transcript() if event.type == MESSAGE]
    for side in ("said", "heard"):
        mine = [text for text in texts if text.startswith(side)]
        assert mine == [f"{side} {number}" for number in range(WORDS)]


def _bot_messages(customer):
    return sum(event.author == "bot" for event in customer.transcript())
