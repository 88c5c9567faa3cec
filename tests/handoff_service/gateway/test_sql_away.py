"""While the history does not answer, people go on talking; afterwards nothing is missing in it."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import event as sql_events

from tests.handoff_service.gateway.test_agent import talking
from tests.handoff_service.gateway.test_return import forgotten

#: Connections that were taken away cannot be closed in good order.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@asynccontextmanager
async def sql_away(service):
    """The database refuses every connection, those that were open are gone."""
    engine = service.parts.database.engine

    def refuse(*_):
        raise sqlite3.OperationalError("unable to open database file")

    sql_events.listen(engine.sync_engine, "do_connect", refuse)
    await engine.dispose()
    try:
        yield
    finally:
        sql_events.remove(engine.sync_engine, "do_connect", refuse)


async def test_customers_bot_and_agents_go_on(service):
    ann = await service.agent(await service.account(login="ann"))

    async with sql_away(service):
        page, summary = await talking(service, ann)
        await ann.send(
            "message", conversation_id=page.id, epoch=summary["epoch"], message_id="a1", text="Hi"
        )
        await page.event("message.posted", text="Hi")
        again = await service.customer(session=page.session)
        await again.event("message.posted", text="Hi")
        ready = await (await (await service.http()).get("/readyz")).json()
        assert not ready["checks"]["sql"]["ok"]
        await ann.send("close", conversation_id=page.id, epoch=summary["epoch"], message_id="c1")
        await page.event("conversation.closed")
        last = await page.event("survey.asked")

    live = await service.parts.store.conversations.events(page.id)
    assert list(await service.in_history(page.id, last["seq"])) == live


async def test_agents_are_still_there(start_service):
    """Whether somebody may still be signed in cannot be asked; that they are here can be told."""
    service = await start_service(agent_grace_s=1)
    account = await service.account(login="ann")
    ann = await service.agent(account)
    await talking(service, ann)
    agents = service.parts.store.agents
    account_id = (await agents.everyone())[0].agent_id

    async with sql_away(service):
        before = (await agents.get(account_id)).last_seen_ms
        grace_later = before + service.parts.settings.agent_grace_s * 1000
        async with asyncio.timeout(15):
            while (await agents.get(account_id)).last_seen_ms <= grace_later:  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # a heartbeat raises no event


async def test_a_full_disk_is_named_and_stops_nobody(service):
    ann = await service.agent(await service.account(login="ann"))
    engine, full = service.parts.database.engine, {"pages": 1}

    @sql_events.listens_for(engine.sync_engine, "connect")
    def _small_disk(connection, _):
        connection.execute(f"PRAGMA max_page_count = {full['pages']}")

    await engine.dispose()
    page, summary = await talking(service, ann)
    for number in range(40):
        await ann.send(
            "message", conversation_id=page.id, epoch=summary["epoch"], message_id=f"a{number}",
            text="x" * 900,
        )  # fmt: skip
        last = await page.event("message.posted", text="x" * 900)
    check = await archive_check(service, ok=False)
    assert "has room on its disk" in check["why"]

    full["pages"] = 1_000_000
    await engine.dispose()

    await service.in_history(page.id, last["seq"])
    await archive_check(service, ok=True)


async def archive_check(service, *, ok):
    """Wait until /readyz says so of the archive; return what it says."""
    http = await service.http()
    async with asyncio.timeout(15):
        while True:
            body = await (await http.get("/readyz")).json()
            if body["checks"]["archive"]["ok"] is ok:
                return body["checks"]["archive"]
            await asyncio.sleep(0.05)  # nothing tells when the archiver has tried


async def test_of_a_long_conversation_the_latest_is_shown(service):
    page = await service.customer()
    for number in range(4):
        await page.send("message", message_id=f"m{number}", text=f"t{number}")
        await page.event("message.posted", author="bot")
    await service.in_history(page.id, 9)
    store = service.parts.store
    await store.redis.xtrim(store.keys.events(page.id), minid="4-0", approximate=False)

    whole = await service.customer(session=page.session)
    await whole.drain()
    async with sql_away(service):
        latest = await service.customer(session=page.session)
        await latest.drain()

    assert [event["seq"] for event in whole.events()] == list(range(1, 10))
    assert [event["seq"] for event in latest.events()] == list(range(4, 10))


async def test_who_returns_to_a_forgotten_conversation_is_asked_to_wait_not_begun_anew(service):
    page = await forgotten(service)

    async with sql_away(service):
        http = await service.http()
        body = {"locale": "en", "visitor_token": page.session["visitor_token"]}
        refused = await http.post("/api/customer/session", json=body)
        assert refused.status == 503
        await page.send("message", message_id="new", text="still there?")
        error = await page.until("error")
        assert error["code"] == "unavailable"

    session = await service.session(visitor_token=page.session["visitor_token"])
    assert session["conversation_id"] == page.id
    await page.send("message", message_id="new", text="still there?")
    await page.until("ack", message_id="new")
