"""The customer's socket while nobody is on duty: when people are back, and leaving a message."""

from datetime import UTC, datetime, timedelta

from tests.handoff_service.gateway.harness import handoff


async def test_nobody_on_duty_a_message_can_be_left(service):
    page = await service.customer(locale="ko")
    await page.send("request_person", message_id="p1")
    assert (await page.event("handoff.requested"))["data"]["on_duty"] is False

    await page.send("leave_message", message_id="l1", contact="me@example.org", text="call me")
    await page.until("ack", message_id="l1")

    assert await page.event("message.left")
    await page.until("state", state="message_left")


def closed_until(hours, *, topic, folder):
    """Write business hours of two teams: open all day, and next in so many hours for a topic."""
    opens = (datetime.now(UTC) + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
    file = folder / "hours.yml"
    file.write_text(
        "default: all\nteams:\n  all: {zone: UTC, hours: {mon-sun: 00:00-24:00}}\n"
        f"  late: {{zone: UTC, topics: [{topic}], "
        f"hours: {{mon-sun: {opens:%H}:00-{opens:%H}:59}}}}\n"
    )
    return file, opens


async def test_outside_the_hours_of_the_topic_the_page_is_told_when_people_are_back(
    start_service, tmp_path
):
    file, opens = closed_until(9, topic="hub_restarts", folder=tmp_path)
    service = await start_service(hours_file=file)
    service.bot.answers["fault"] = handoff()
    page = await service.customer()
    assert "back_at_ms" not in page.welcome

    await page.send("message", message_id="m1", text="fault")

    requested = await page.event("handoff.requested")
    back_at_ms = int(opens.timestamp() * 1000)
    assert requested["data"]["back_at_ms"] == back_at_ms
    assert requested["data"]["articles"] == [{"title": "Reset", "url": "/help/en/reset"}]
    assert (await page.until("state", state="waiting"))["back_at_ms"] == back_at_ms
    await service.agent(await service.account())
    assert "back_at_ms" not in await page.until("state", on_duty=True)


async def test_a_contact_given_to_the_bot_leaves_the_message_and_the_agent_reads_it(service):
    service.bot.answers["fault"] = handoff(contact="me@example.org")
    page = await service.customer()
    await page.send("message", message_id="m1", text="fault")
    assert (await page.event("message.left"))["data"]["contact"] == "me@example.org"
    await page.until("state", state="message_left")

    agent = await service.agent(await service.account())

    offer = (await agent.until("offer"))["offer"]
    assert (offer["contact"], offer["triage"][0]["answer"]) == ("me@example.org", "Hub 2")
    await page.until("state", state="offered")
    await agent.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    await page.until("state", state="assigned")


async def test_words_that_say_how_to_be_reached_leave_a_message_while_nobody_is_there(service):
    page = await service.customer()
    await page.send("request_person", message_id="p1")
    await page.until("state", state="waiting")

    await page.send("message", message_id="m1", text="it is about my order")
    await page.until("ack", message_id="m1")
    for _ in range(2):  # sent again, because its acknowledgement was lost
        await page.send("message", message_id="m2", text="mail me@example.org please")
        await page.until("ack", message_id="m2")

    assert (await page.event("message.left"))["data"]["contact"] == "me@example.org"
    await page.until("state", state="message_left")
    posted = [
        f["event"]["data"]["text"] for f in page.frames
        if f["type"] == "event" and f["event"]["data"].get("author") == "customer"
    ]  # fmt: skip
    assert posted == ["it is about my order", "mail me@example.org please"]


async def test_with_somebody_on_duty_an_address_is_only_a_message(service):
    await service.agent(await service.account(capacity=1))
    first, page = await service.customer(), await service.customer()
    for customer, message_id in ((first, "p1"), (page, "p2")):
        await customer.send("request_person", message_id=message_id)
        await customer.event("handoff.requested")

    await page.send("message", message_id="m1", text="mail me@example.org please")
    await page.until("ack", message_id="m1")

    assert not [f for f in page.frames if f.get("state") == "message_left"]
