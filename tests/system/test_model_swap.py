"""Another Rasa model while customers talk: every turn is answered, once."""

import asyncio
import json
import shutil

import aiohttp

from baton.client.events import MESSAGE, REQUESTED
from baton.client.load import Asking
from baton.client.phrases import LOCALES
from baton.client.questions import ROOT, read_questions
from handoff_service.archive.database import open_database
from handoff_service.archive.learning import candidates as kept
from handoff_service.archive.learning.candidates import Candidate
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

    releases = set()

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
        releases.update(e.data["release"] for e in customer.transcript() if e.author == "bot")
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

    assert releases == {old.name.split(".")[0], "another"}, "each answer names who gave it"
    assert ready.pids()["rasa"] == pid, "swapped, not restarted"


async def test_a_promotion_and_its_rollback_under_load_drop_no_turn(ready, visitor, baton):
    folder = ready.folder / "rasa" / "models"
    old = folder / json.loads((folder / "current.json").read_text())["file"]
    shutil.copy(old, folder / "another.tar.gz")
    database = await open_database(f"sqlite+aiosqlite:///{ready.folder / 'baton.db'}")
    await kept.begin_candidate(
        database, _passed("c_another", old.name, "another.tar.gz"), job_id=""
    )
    await database.close()
    asking, done = Asking(read_questions(ROOT)), asyncio.Event()
    pid = ready.pids()["rasa"]

    async def ask_until_done(locale):
        asked = 0
        async with visitor(locale) as customer:
            while not done.is_set():
                answers = await customer.say(asking.next(locale))
                if answers[-1].type == REQUESTED:
                    await customer.cancel_handoff()
                asked += 1
            await customer.drain()
        turns = _turns(customer)
        assert len(turns) == asked
        assert all(said and len(said) == len(set(said)) for said in turns)

    async def promote_and_roll_back():
        try:
            code, out, err = await baton("learn", "promote", "c_another", "--json")
            assert code == 0, err
            assert json.loads(out)["running"]
            assert await _serving(ready) == "another.tar.gz"
            assert json.loads((folder / "current.json").read_text())["file"] == "another.tar.gz"
            code, out, err = await baton("train", "--json")
            assert (code, json.loads(out)["live"]) == (0, "unchanged"), "it is not undone"
            code, out, err = await baton("learn", "rollback", "--json")
            assert code == 0, err
            assert await _serving(ready) == old.name
        finally:
            done.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(promote_and_roll_back())
        for locale in LOCALES[:2]:
            tasks.create_task(ask_until_done(locale))

    assert ready.pids()["rasa"] == pid, "swapped, not restarted"
    code, out, _ = await baton("learn", "history", "--json")
    told = [(one["action"], one["state"], one["model"]) for one in json.loads(out)]
    assert told[:2] == [("rollback", "done", old.name), ("promote", "done", "another.tar.gz")]
    code, _, err = await baton("learn", "rollback")
    assert (code, "nothing to go back to" in err) == (1, True)


async def _serving(ready):
    url = f"http://127.0.0.1:{ready.record()['ports']['rasa']}/webhooks/baton/health"
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        return (await answer.json())["checks"]["model"]["model"]


def _passed(candidate_id, base, model):
    return Candidate(
        candidate_id=candidate_id,
        created_ms=1,
        changed_ms=1,
        asked_by="operator",
        branch=None,
        revision="",
        base_model=base,
        model=model,
        base_index="",
        index_version="",
        state="passed",
        reasons=[],
    )


def _turns(customer):
    """Return what was said to each of the customer's messages."""
    turns = []
    for event in customer.transcript():
        if event.type == MESSAGE and event.author == "customer":
            turns.append([])
        elif event.ends_a_turn:
            turns[-1].append(event.text)
    return turns
