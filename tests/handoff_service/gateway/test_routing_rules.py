"""The file of routing rules at work in a whole service."""

from tests.handoff_service.gateway.harness import handoff


async def test_the_more_urgent_is_offered_first_and_to_who_has_the_skill(start_service, tmp_path):
    file = tmp_path / "routing.yml"
    file.write_text(
        "topics:\n  order: {priority: 2}\n  refund: {priority: 8, skill: billing}\n", "utf-8"
    )
    service = await start_service(routing_file=file)
    pages = []
    for topic in ("order", "refund"):
        service.bot.answers[topic] = handoff(topic=topic)
        pages.append(await service.customer())
        await pages[-1].send("message", message_id=topic, text=topic)
        await pages[-1].event("handoff.requested")
    order, refund = pages
    jo = await service.account("jo", capacity=1, skills={"orders": 1})
    kim = await service.account("kim", capacity=1, skills={"billing": 1})

    kim_tab = await service.agent(kim)
    jo_tab = await service.agent(jo)

    offered = await kim_tab.until("offer")
    assert offered["offer"]["conversation_id"] == refund.id, "though the order waited longer"
    assert (await jo_tab.until("offer"))["offer"]["conversation_id"] == order.id
