"""Another Rasa model while customers talk: every turn is answered, once."""

import asyncio
import json
import shutil

from baton.client.events import MESSAGE
from baton.client.phrases import LOCALES, phrases
from learning.live import swap

#: How often the model changes while everybody asks.
SWAPS = 4


async def test_a_model_swap_under_load_drops_no_turn(ready, visitor, tmp_path):
    folder = ready.folder / "rasa" / "models"
    old = folder / json.loads((folder / "current.json").read_text())["file"]
    new = shutil.copy(old, tmp_path / "another.tar.gz")
    secrets = json.loads((ready.folder / "secrets.json").read_text())
    rasa = f"http://127.0.0.1:{ready.record()['ports']['rasa']}"
    pid, answered, swapped = ready.pids()["rasa"], asyncio.Semaphore(0), asyncio.Event()

    async def ask_until_swapped(locale):
        asked = 0
        async with visitor(locale) as customer:
            while not swapped.is_set():
                answers = await customer.say(phrases(locale).question)
                assert [answer.kind for answer in answers] == ["answer"]
                asked += 1
                answered.release()
            await customer.drain()
            said = [event.author for event in customer.transcript() if event.type == MESSAGE]
        assert said == ["customer", "bot"] * asked

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
