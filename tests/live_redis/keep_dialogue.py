"""Run by Rasa's Python: saves dialogues in the Redis of argv[1], one for each line of stdin."""

# ruff: noqa: T201  (a program: it speaks on stdout)

import asyncio
import sys

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores.tracker import BoundedTrackerStore
from bot.turn import TurnFailed


async def main():
    store = BoundedTrackerStore(Domain.empty(), host=sys.argv[1])
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while line := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        tracker = DialogueStateTracker(line, slots=[])
        tracker.update(UserUttered("hello"))
        try:
            await store.save(tracker)
            found = await store.retrieve(line)
            print(found.latest_message.text, flush=True)
        except TurnFailed as failed:
            print(failed.code, flush=True)


asyncio.run(main())
