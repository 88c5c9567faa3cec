"""The customer's socket in line: place and wait, being seen, being asked, leaving a number."""

import asyncio
from time import perf_counter

import pytest

from handoff_service.domain import State
from handoff_service.gateway.waiting_room import NEAR
from handoff_service.store.pace import Handled
from tests.handoff_service.gateway.harness import DEADLINE_S

MINUTE = 60_000


async def busy_desk(service, *, minutes=()):
    """Give the desk one agent, who talks with a customer, and talks of so many minutes before."""
    await learn_of_talks(service, minutes)
    agent = await service.agent(await service.account(capacity=1))
    served = await in_line(service)
    offer = (await agent.until("offer"))["offer"]
    await agent.send("accept", conversation_id=served.id, epoch=offer["epoch"])
    await served.until("state", state="assigned")
    agent.epoch = (await agent.until("conversation"))["summary"]["epoch"]
    agent.serves = served.id
    return agent


async def learn_of_talks(service, minutes):
    store, now_ms = service.parts.store, service.parts.clock.now_ms()
    talks = [Handled(f"t{n}:9", "en", None, 4_000, m * MINUTE) for n, m in enumerate(minutes)]
    await store.paces.note(talks, [], now_ms=now_ms)
    await service.parts.timekeeper.note()


async def in_line(service):
    page = await service.customer()
    await page.send("request_person", message_id="p1")
    await page.until("state", state="waiting")
    return page


async def seen_ms(service, page):
    store = service.parts.store
    return await store.redis.zscore(store.keys.present, page.id)


async def frame_with(page, field):
    """Return the first frame about the state, come or to come, that has this field."""
    while True:
        frame = await page.until("state")
        if field in frame:
            return frame


async def test_the_wait_is_told_beside_the_place_and_again_on_coming_back(service):
    await busy_desk(service, minutes=range(2, 22))
    page = await in_line(service)

    frame = await frame_with(page, "wait_ms")

    low, high = frame["wait_ms"]
    assert 0 <= low < high
    assert frame["place"] == 1
    assert "may_leave" not in frame
    again = await service.customer(page.session)
    assert again.welcome["wait_ms"] == frame["wait_ms"]


async def test_the_wait_is_told_as_soon_as_it_is_known_though_nobody_moves(service):
    await busy_desk(service)
    page = await in_line(service)
    while not await service.parts.waiting_room.look(perf_counter()):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)  # nobody looks again by themselves
    assert not [frame for frame in page.frames if "wait_ms" in frame]

    await learn_of_talks(service, range(2, 22))

    assert (await frame_with(page, "wait_ms"))["place"] == 1


async def test_with_few_talks_known_nothing_is_told_of_the_wait(service):
    await busy_desk(service, minutes=range(2, 11))
    first, page = await in_line(service), await in_line(service)
    await first.send("cancel_handoff", message_id="c1")

    frame = await page.until("state", place=1)

    assert "wait_ms" not in frame


async def test_a_wait_above_the_limit_offers_to_leave_a_number_instead(start_service):
    service = await start_service(max_wait_s=60)
    agent = await busy_desk(service, minutes=(30,) * 20)
    page = await in_line(service)

    assert (await frame_with(page, "may_leave"))["wait_ms"][0] > MINUTE
    await page.send("leave_message", message_id="l1", contact="+49 170 1234567", text="Call me.")
    await page.until("state", state="message_left")

    await agent.send("close", conversation_id=agent.serves, epoch=agent.epoch)
    offer = (await agent.until("offer"))["offer"]
    assert (offer["contact"], offer["callback"]) == ("+49 170 1234567", True)


async def test_with_nobody_on_duty_a_message_may_be_left_at_once(service):
    page = await service.customer()
    await page.send("request_person", message_id="p1")

    assert (await page.until("state", state="waiting"))["may_leave"] is True


async def test_a_step_of_the_line_costs_no_look_for_each_who_waits(service):
    store, pages = service.parts.store, [await in_line(service) for _ in range(8)]

    async def looks():
        stats = await store.redis.info("commandstats")
        return stats.get("cmdstat_zrank", {"calls": 0})["calls"]

    before = await looks()
    await pages[0].send("cancel_handoff", message_id="c1")
    for place, page in enumerate(pages[1:], start=1):
        await page.until("state", place=place)

    assert await looks() == before
    assert len(pages) > NEAR + 2  # else nobody was told in turns


async def test_a_promise_is_kept_count_of_once_on_a_desk_of_two_services(start_service):
    service, other = await start_service(), await start_service()
    agent = await busy_desk(service, minutes=(1,) * 20)
    page = await in_line(other)
    await frame_with(page, "wait_ms")

    await agent.send("close", conversation_id=agent.serves, epoch=agent.epoch)
    offer = (await agent.until("offer"))["offer"]
    await agent.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    await page.until("state", state="assigned")
    for one in (other, service):
        await one.parts.timekeeper.note()

    recent = await service.parts.store.paces.recent()
    assert [wait.name.split(":")[0] for wait in recent.waited] == [page.id]
    assert [talk.name.split(":")[0] for talk in recent.handled[20:]] == [agent.serves]
    assert service.parts.timekeeper.measured == 1
    http = await service.http()
    async with http.get("/metrics") as answer:
        assert "baton_waits_measured 1.0" in await answer.text()


@pytest.mark.parametrize("comes_back_to", ["the same service", "another service"])
async def test_who_comes_back_in_time_has_the_same_place_and_is_seen(start_service, comes_back_to):
    services = [await start_service(), await start_service()]
    page, behind = await in_line(services[0]), await in_line(services[0])
    store = services[0].parts.store
    await page.ws.close()
    await store.redis.zadd(store.keys.present, {page.id: 1, behind.id: 1})

    back = await services[comes_back_to == "another service"].customer(page.session)

    assert (back.welcome["state"], back.welcome["place"]) == ("waiting", 1)
    assert await seen_ms(services[0], back) > 1
    await services[0].parts.waiting_room.note_present()
    assert await seen_ms(services[0], behind) > 1


async def test_who_is_not_there_is_not_noted(service):
    page = await in_line(service)
    store = service.parts.store
    await page.send("cancel_handoff", message_id="c1")
    await page.until("state", state="bot")

    await service.parts.waiting_room.note_present()

    assert await store.redis.zcard(store.keys.present) == 0


async def test_who_was_taken_out_of_line_reads_so_and_may_go_back(service):
    page = await in_line(service)
    await page.ws.close()
    now_ms = service.parts.clock.now_ms()
    await service.parts.store.waits.abandon(page.id, gone_since_ms=now_ms, now_ms=now_ms)

    back = await service.customer(page.session)

    assert back.welcome["state"] == "bot"
    event = await back.event("handoff.abandoned")
    assert event["data"]["buttons"][0]["payload"] == {"action": "request_person"}
    assert event["data"]["text"]
    await service.in_history(page.id, event["seq"])
    await counted(service, "baton_abandoned_total", 1)


async def counted(service, name, number):
    """Wait until a counter has come to this number; counters tell nobody."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            if service.parts.metrics.registry.get_sample_value(name) == number:
                return
            await asyncio.sleep(0.02)


async def asked(service):
    page = await in_line(service)
    store, now_ms = service.parts.store, service.parts.clock.now_ms()
    epoch = (await store.conversations.get(page.id)).epoch
    await store.waits.ask_consent(page.id, epoch=epoch, languages=["ko"], now_ms=now_ms)
    await page.event("handoff.consent_asked")
    return page


CLICK = {"text": "Yes, that is fine", "payload": {"action": "any_language", "yes": True}}


async def test_the_answer_to_another_language_is_taken_and_not_put_to_the_bot(service):
    page = await asked(service)

    for _ in range(2):  # sent again, because its acknowledgement was lost
        await page.send("message", message_id="a1", **CLICK)
        await page.until("ack", message_id="a1")

    assert (await page.event("message.posted"))["data"]["payload"]["yes"] is True
    assert (await service.parts.store.conversations.get(page.id)).any_language
    await page.drain()
    assert service.bot.seen == []
    assert [e["type"] for e in page.events()].count("message.posted") == 1
    assert "handoff.widened" not in [e["type"] for e in page.events()]


async def test_an_answer_that_comes_too_late_is_only_what_was_said(service):
    page = await asked(service)
    await page.send("cancel_handoff", message_id="c1")
    await page.until("state", state=State.BOT.value)

    await page.send("message", message_id="a1", **CLICK)

    assert "payload" not in (await page.event("message.posted", author="customer"))["data"]
    assert await page.event("message.posted", author="bot")
    assert service.bot.seen[0]["payload"] is None


async def test_closing_the_page_for_long_leaves_the_line_and_an_open_page_never_does(start_service):
    service = await start_service(abandon_s=10)  # the shortest there is: this is real time
    here, gone = await in_line(service), await in_line(service)  # who would be gone first
    await gone.ws.close()

    async with asyncio.timeout(60):
        async for entry in service.parts.store.log.tail("0-0"):
            if entry.type == "handoff.abandoned":
                break

    assert entry.conversation_id == gone.id
    back = await service.customer(gone.session)
    assert back.welcome["state"] == "bot"
    assert (await service.parts.store.conversations.get(here.id)).state is State.WAITING
