"""Pages that watch lists hear of changes once the history has them, and of nothing else."""

import json

from handoff_service.archive.transcripts import read_events
from tests.handoff_service.gateway.test_agent import talking


async def test_who_watches_hears_of_changes_that_the_history_has(service):
    ann = await service.agent(await service.account(login="ann"))
    page, _ = await talking(service, ann)
    await ann.send("watch", topics=["inbox"])

    await page.send("message", message_id="m-9", text="Are you there?")
    sent = await page.event("message.posted", text="Are you there?")

    written = 0
    while written < sent["seq"]:  # told again after the last event was written, or no end
        changed = await ann.until("changed", topic="inbox")
        assert changed.get("conversation_ids", [page.id]) == [page.id]
        written = len(await read_events(service.parts.database, page.id))


async def test_who_stops_watching_hears_no_more(service):
    ann = await service.agent(await service.account(login="ann"))
    bob = await service.agent(await service.account(login="bob"), online=False)
    page, _ = await talking(service, ann)
    for tab in (ann, bob):
        await tab.send("watch", topics=["inbox"])
    await bob.send("watch", topics=[])

    await page.send("message", message_id="m-9", text="Are you there?")
    await ann.until("changed")
    await bob.drain()

    assert not [frame for frame in bob.frames if frame["type"] == "changed"]


async def test_only_who_sees_all_watches_the_floor(service):
    ann = await service.agent(await service.account(login="ann"))
    sofia = await service.agent(
        await service.account(login="sofia", role="supervisor"), online=False
    )

    await ann.send("watch", topics=["floor"])
    await sofia.send("watch", topics=["floor"])
    assert (await ann.until("error"))["code"] == "not_allowed"
    await ann.send("presence", status="away")

    told = None
    while told != []:  # not what happened before; an agent's presence concerns no conversation
        told = (await sofia.until("changed", topic="floor")).get("conversation_ids")


async def test_who_begins_to_watch_is_told_once_the_history_has_what_was_before(service):
    ann = await service.agent(await service.account(login="ann"))
    page, _ = await talking(service, ann)
    await page.send("message", message_id="m-9", text="Are you there?")
    sent = await page.event("message.posted", text="Are you there?")

    await ann.send("watch", topics=["inbox"])
    await ann.until("changed", topic="inbox")

    assert len(await read_events(service.parts.database, page.id)) >= sent["seq"]


async def test_a_list_that_nobody_knows_is_refused(service):
    ann = await service.agent(await service.account(login="ann"))

    await ann.raw(json.dumps({"type": "watch", "topics": ["weather"]}))

    assert (await ann.until("error"))["code"] == "bad_frame"
