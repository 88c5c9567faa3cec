"""The bot is silent after a handoff, however late its reply arrives."""

import os
import signal

import pytest

from baton.client.phrases import phrases


@pytest.mark.parametrize("part", ["rasa", "actions"])
async def test_a_reply_that_comes_after_the_handoff_is_refused(part, ready, agent, visitor):
    async with visitor() as customer:
        talk = customer.conversation_id
        stopped = ready.pids()[part]
        os.kill(stopped, signal.SIGSTOP)
        try:
            asked = await customer.send(phrases("en").question)
            await customer.request_person()
            await agent.until_offer(talk)
            await agent.accept(talk)
            await customer.until_agent(after=asked)
        finally:
            os.kill(stopped, signal.SIGCONT)

        await agent.say(talk, "I am here.")
        await customer.until_said("I am here.")
        await agent.hand_back(talk)
        await customer.until_state("bot")
        # Turns of a conversation run in order: once this one is answered, the late one is over.
        answers = await customer.say(phrases("en").question)

        spoken = [event for event in customer.transcript(after=asked) if event.author == "bot"]
        assert spoken == answers
        assert [event.kind for event in answers] == ["answer"]


async def test_the_bot_says_nothing_while_an_agent_talks(agent, visitor):
    async with visitor("ko") as customer:
        talk = customer.conversation_id
        handed = (await customer.say(phrases("ko").person))[-1].seq
        await agent.until_offer(talk)
        await agent.accept(talk)

        for number in range(3):
            await customer.send(phrases("ko").question)
            await agent.say(talk, f"answer {number}")
            await customer.until_said(f"answer {number}")

        await customer.drain()
        assert not [event for event in customer.transcript(after=handed) if event.author == "bot"]
