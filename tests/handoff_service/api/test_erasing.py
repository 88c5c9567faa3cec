"""A customer wishes that everything known of them be deleted."""

import asyncio
import hashlib
import io
import json
from zipfile import ZipFile

from sqlalchemy import text

from handoff_service.archive.models import Model
from tests.handoff_service.gateway.harness import DEADLINE_S

WORDS = "my secret address is Elm Street 9"


async def asked_and_left(service):
    """A customer who talked and asked for a person; return page and headers."""
    page = await service.customer()
    await page.send("message", message_id="m1", text=WORDS)
    await page.event("message.posted", author="bot")
    return page, {"Authorization": f"Bearer {page.session['session_token']}"}


async def rows_with(service, words):
    """Return the tables that hold a text anywhere."""
    found = set()
    async with service.parts.database.session() as session:
        for table in Model.metadata.tables:
            rows = await session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
            if any(words in str(row) for row in rows):
                found.add(table)
    return found


async def test_everything_goes_and_the_agent_is_told(service):
    page, headers = await asked_and_left(service)
    agent = await service.agent(await service.account())
    await page.send("request_person", message_id="p1")
    offer = (await agent.until("offer"))["offer"]
    await agent.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    await agent.until("conversation")
    await service.in_history(page.id, 5)
    assert await rows_with(service, page.id)
    http = await service.http()

    async with http.post("/api/customer/erase", headers=headers) as answer:
        assert (answer.status, await answer.json()) == (200, {"done": True})

    gone = await agent.until("conversation_gone")
    assert (gone["conversation_id"], gone["reason"]) == (page.id, "erased")
    assert await page.event("conversation.erased")
    store = service.parts.store
    assert not await store.redis.exists(*store.keys.of_conversation(page.id))
    for index in store.keys.indexes.values():
        assert await store.redis.zscore(index, page.id) is None
    assert await store.redis.hget(store.keys.agent(agent.id), "load") == "0"
    assert service.bot.forgotten == [page.id]
    assert await rows_with(service, page.session["customer_id"]) == set()
    assert await rows_with(service, WORDS) == set()
    async with http.post("/api/customer/erase", headers=headers) as answer:
        assert answer.status == 401  # the token opens nothing any more


async def test_what_the_archiver_has_not_written_yet_is_never_written(service):
    page, headers = await asked_and_left(service)
    other = await service.customer()
    http = await service.http()

    async with http.post("/api/customer/erase", headers=headers) as answer:
        assert answer.status == 200
    await other.send("message", message_id="m1", text="hello")
    await service.in_history(other.id, 2)  # later in the same log

    assert await rows_with(service, WORDS) == set()
    assert await rows_with(service, page.session["customer_id"]) == set()


async def test_while_the_dialogue_engine_is_away_the_rest_goes_and_it_is_made_good_later(service):
    page, headers = await asked_and_left(service)
    service.bot.healthy = False
    http = await service.http()

    async with http.post("/api/customer/erase", headers=headers) as answer:
        assert (answer.status, await answer.json()) == (202, {"done": False})
    assert await rows_with(service, WORDS) == set()
    service.bot.healthy = True

    erasures = "SELECT done_ms FROM erasures"
    await service.parts.eraser.erase(page.session["customer_id"], actor="operator")
    async with service.parts.database.session() as session:
        assert [row.done_ms is not None for row in await session.execute(text(erasures))] == [True]
    assert await rows_with(service, page.session["customer_id"]) == set()


async def test_the_operator_reads_out_and_deletes_a_customer(service):
    page, _ = await asked_and_left(service)
    await service.in_history(page.id, 3)
    http = await service.http()
    path = f"/internal/customers/{page.session['customer_id']}"
    headers = {"Authorization": f"Bearer {service.settings.internal_secret}"}

    async with http.get(path, headers=headers) as answer:
        bundle = ZipFile(io.BytesIO(await answer.read()))
    assert bundle.testzip() is None
    listed = {file["name"]: file for file in json.loads(bundle.read("manifest.json"))["files"]}
    assert listed.keys() | {"manifest.json"} == set(bundle.namelist())
    for name, file in listed.items():
        assert hashlib.sha256(bundle.read(name)).hexdigest() == file["sha256"]
    talk = json.loads(bundle.read(f"conversations/0001_{page.id}.json"))
    assert [message["text"] for message in talk["messages"]][:1] == [WORDS]
    assert WORDS in bundle.read(f"conversations/0001_{page.id}.html").decode()
    assert page.session["customer_id"] in bundle.read("profile.json").decode()
    assert page.id in bundle.read("records/conversations.jsonl").decode()
    assert "manifest.json" in bundle.read("README.txt").decode()
    async with http.delete(path, headers=headers) as answer:
        assert answer.status == 200
    async with http.get(path, headers=headers) as answer:
        assert answer.status == 404
    async with asyncio.timeout(DEADLINE_S):
        assert await page.event("conversation.erased")
