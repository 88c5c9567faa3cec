"""A reload keeps the conversation; what was written while offline arrives once."""

from baton.client.phrases import phrases


async def test_a_reload_brings_the_whole_conversation_back(visitor):
    async with visitor("zh-Hans") as customer:
        await customer.say(phrases("zh-Hans").question)
        before = customer.transcript()

    async with visitor("zh-Hans", visitor_token=customer.visitor_token) as again:
        await again.until_event("message.posted", what="history", after=before[-1].seq - 1)

        assert again.conversation_id == customer.conversation_id
        assert again.transcript() == before


async def test_what_is_written_offline_arrives_once_and_in_order(visitor):
    async with visitor("zh-Hant") as customer:
        await customer.go_away()
        keys = [await customer.write(f"offline {number}") for number in range(3)]

        await customer.come_back()
        for key in keys:
            await customer.stored(key)

        await customer.drain()
        own = [event.text for event in customer.transcript() if event.author == "customer"]
        assert own == [f"offline {number}" for number in range(3)]


async def test_what_happened_while_offline_is_seen_once_after_the_return(agent, visitor):
    async with visitor() as customer:
        talk = customer.conversation_id
        await customer.request_person()
        await agent.until_offer(talk)
        await agent.accept(talk)
        await customer.until_agent()
        await customer.go_away()
        for number in range(3):
            await agent.say(talk, f"missed {number}")

        await customer.come_back()

        await customer.until_said("missed 2")
        said = [event.text for event in customer.transcript() if event.author == "agent"]
        assert said == [f"missed {number}" for number in range(3)]
        assert customer.repeated == 0
