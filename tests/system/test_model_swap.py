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
    pid, swapped = ready.pids()["rasa"], asyncio.Event()

    async def ask_until_swapped(locale):
        asked = 0
        async with visitor(locale) as customer:
            while not swapped.is_set() or asked < 2:
                answers = await customer.say(phrases(locale).question)
                assert [answer.kind for answer in answers] == ["answer"]
                asked += 1
            await customer.drain()
            said = [event.author for event in customer.transcript() if event.type == MESSAGE]
        assert said == ["customer", "bot"] * asked
        return asked

    async def swap_to_and_fro():
        try:
            for number in range(SWAPS):
                there, back = (new, old) if number % 2 == 0 else (old, new)
                await asyncio.to_thread(
                    swap, rasa, token=secrets["rasa_token"], new=there, old=back
                )
        finally:
            swapped.set()

    asked = await asyncio.gather(*map(ask_until_swapped, LOCALES), swap_to_and_fro())

    assert sum(count for count in asked if count) > SWAPS * len(LOCALES) / 2
    assert ready.pids()["rasa"] == pid, "swapped, not restarted"
