"""Another Rasa model while customers talk: every turn is answered, once."""

import asyncio
import json
import shutil

from baton.client.events import MESSAGE, REQUESTED
from baton.client.load import Asking
from baton.client.phrases import LOCALES
from baton.client.questions import ROOT, read_questions
from learning.live import swap

#: How often the model changes while everybody asks.
SWAPS = 4


async def test_a_model_swap_under_load_drops_no_turn(ready, visitor, tmp_path):
    folder = ready.folder / "rasa" / "models"
    old = folder / json.loads((folder / "current.json").read_text())["file"]
    new = shutil.copy(old, tmp_path / "another.tar.gz")
    secrets = json.loads((ready.folder / "secrets.json").read_text())
    rasa = f"http://127.0.0.1:{ready.record()['ports']['rasa']}"
    asking = Asking(read_questions(ROOT))
    pid, answered, swapped = ready.pids()["rasa"], asyncio.Semaphore(0), asyncio.Event()

    async def ask_until_swapped(locale):
        asked = 0
        async with visitor(locale) as customer:
            while not swapped.is_set():
                answers = await customer.say(asking.next(locale))
                if answers[-1].type == REQUESTED:
                    await customer.cancel_handoff()
                asked += 1
                answered.release()
            await customer.drain()
        turns = _turns(customer)
        assert len(turns) == asked
        assert all(said and len(said) == len(set(said)) for said in turns)

    async def swap_to_and_fro():
        for number in range(SWAPS):
            for _ in LOCALES:  # turns go on before, between and after
                await answered.acquire()
            there, back = (new, old) if number % 2 == 0 else (old, new)
            await asyncio.to_thread(swap, rasa, token=secrets["rasa_token"], new=there, old=back)
        swapped.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(swap_to_and_fro())
        for locale in LOCALES:
            tasks.create_task(ask_until_swapped(locale))

    assert ready.pids()["rasa"] == pid, "swapped, not restarted"


def _turns(customer):
    """Return what was said to each of the customer's messages."""
    turns = []
    for event in customer.transcript():
        if event.type == MESSAGE and event.author == "customer":
            turns.append([])
        elif event.ends_a_turn:
            turns[-1].append(event.text)
    return turns
