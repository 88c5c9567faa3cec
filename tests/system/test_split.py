"""A candidate beside the live bot: real processes, customers who talk, and no turn lost."""

import asyncio
import json
import os
import signal
import time
from contextlib import AsyncExitStack
from pathlib import Path

from baton.client.events import REQUESTED
from baton.client.load import Asking
from baton.client.questions import ROOT, read_questions
from baton.client.system import looks
from baton.client.web import get_page, open_http
from handoff_service.archive.database import open_database
from handoff_service.archive.learning import splits
from handoff_service.archive.tables.learn_candidates import LearnCandidateRow

#: So many begin after the split did; at one half all are on the same side once in 500 runs.
CUSTOMERS = 10


async def test_a_split_its_candidates_death_its_end_and_a_rollback_cost_no_turn(
    ready, visitor, baton
):
    asking = Asking(read_questions(ROOT))
    async with AsyncExitStack() as stack:
        database = await open_database(f"sqlite+aiosqlite:///{ready.folder / 'baton.db'}")
        stack.push_async_callback(database.close)
        live, twin = await _note_candidate(ready, database)
        older = await stack.enter_async_context(visitor("en"))
        await _ask(older, asking)
        await _run(baton, "split", "start", "ca_twin", "--share", "0.5")
        split = await splits.open_split(database)
        async for _ in looks(30, "the first moment of the split"):
            if time.time() * 1000 > split.started_ms:
                break
        customers = [await stack.enter_async_context(visitor("en")) for _ in range(CUSTOMERS)]

        await asyncio.gather(*(_ask(customer, asking) for customer in [older, *customers]))
        os.kill(_candidates_rasa(ready), signal.SIGKILL)
        await asyncio.gather(*(_ask(customer, asking) for customer in customers))
        within = {customer: _said_by_bot(customer) for customer in customers}
        await asyncio.gather(
            _run(baton, "split", "stop", "--promote"),
            *(_ask(customer, asking) for customer in customers),
        )
        promoted = await _serves(ready)
        await asyncio.gather(
            _run(baton, "rollback"), *(_ask(customer, asking) for customer in customers)
        )
        async for _ in looks(15, "the end of the split at the service"):
            last = (await _ask(customers[0], asking)).data
            if "arm" not in last and last.get("release", live) == live:
                break
        for customer in customers:
            await customer.drain()

    assert (promoted, await _serves(ready)) == ("twin.tar.gz", f"{live}.tar.gz")
    assert {said.data.get("arm") for said in _said_by_bot(older)} == {None}, "it began before"
    releases = {"live": set(), "candidate": set()}
    for customer in customers:
        ids = [one.data["message_id"] for one in _said_by_bot(customer)]
        assert len(ids) == len(set(ids)), "nothing is said twice"
        counted = [one.data for one in within[customer]]
        assert len({one["arm"] for one in counted}) <= 1, "a conversation keeps its bot"
        assert {one["split"] for one in counted} <= {split.split_id}
        for one in counted:
            releases[one["arm"]].add(one["release"])
    assert releases["live"] == {live}
    assert releases["candidate"] == {twin, live}, "where the candidate was dead the live bot spoke"


async def _note_candidate(ready, database):
    """Let the live model under another name be a candidate; return both releases."""
    models = ready.folder / "rasa" / "models"
    live = json.loads((models / "current.json").read_text())["file"]
    os.link(models / live, models / "twin.tar.gz")
    row = LearnCandidateRow(
        id="ca_twin", job_id="j_1", created_ms=1, changed_ms=1, asked_by="eve", base_model=live,
        model="twin.tar.gz", state="passed",
    )  # fmt: skip
    async with database.session() as session:
        session.add(row)
    return live.removesuffix(".tar.gz"), "twin"


async def _run(baton, *arguments):
    code, _, errors = await baton("learn", *arguments)
    assert code == 0, errors


async def _serves(ready):
    """Return which model the live bot has."""
    rasa = f"http://127.0.0.1:{ready.record()['ports']['rasa']}"
    async with open_http() as http:
        _, text = await get_page(http, f"{rasa}/webhooks/baton/health")
    return json.loads(text)["checks"]["model"]["model"]


async def _ask(customer, asking):
    """Ask something; return the last thing the bot said to it: it always says something."""
    answers = await customer.say(asking.next("en"), deadline_s=60)
    if answers[-1].type == REQUESTED:
        await customer.cancel_handoff()
    return answers[-1]


def _candidates_rasa(ready):
    """Return the id of the Rasa that the process that learns has started."""
    threads = Path(f"/proc/{ready.pids()['learning']}/task").glob("*/children")
    children = [int(pid) for file in threads for pid in file.read_text().split()]
    [rasa] = [pid for pid in children if b"bot.serve" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return rasa


def _said_by_bot(customer):
    return [event for event in customer.transcript() if event.author == "bot"]
