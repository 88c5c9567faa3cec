"""What the archive holds of a conversation, read from the SQL file itself."""

import asyncio
import json
import sqlite3
from contextlib import closing

from baton.client.events import Event
from baton.client.system import looks

#: Longest wait (s) for the archiver behind a restarted Redis.
ARCHIVE_S = 30.0


def archived_events(system, conversation_id):
    """Return the archived events in the order of their numbers."""
    with closing(sqlite3.connect(f"file:{system.folder}/baton.db?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT seq, type, at_ms, epoch, data FROM events "
            "WHERE conversation_id = ? ORDER BY seq",
            (conversation_id,),
        ).fetchall()
    return [
        Event(conversation_id, seq, kind, at_ms, epoch, json.loads(data))
        for seq, kind, at_ms, epoch, data in rows
    ]


async def until_archived(system, conversation_id, *, seq):
    """Return the archived events once there are `seq` of them.

    They may arrive out of order: what a killed archiver had claimed is taken over a little later.
    """
    async for _ in looks(ARCHIVE_S, f"{seq} events in the archive"):
        events = await asyncio.to_thread(archived_events, system, conversation_id)
        if len(events) >= seq:
            return events
    raise AssertionError


def check_complete(events, customer):
    """Assert that the archive holds what the customer saw: all of it, once, in order."""
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    ids = [event.data["message_id"] for event in events if event.data.get("message_id")]
    assert len(ids) == len(set(ids)), "a message is stored twice"
    stored = {event.seq: event for event in events}
    for event in customer.transcript():
        kept = stored[event.seq]
        assert (kept.type, kept.at_ms, kept.text) == (event.type, event.at_ms, event.text)
    assert customer.repeated == 0, "the customer was sent an event twice"
