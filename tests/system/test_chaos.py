"""`baton chaos` as a whole: a short run, hurried people, two replicas, faults every few seconds."""

import asyncio
import json
import os
import sys

from tests.system.conftest import ROOT

#: The shortest run in which customers come to talks, and processes come back.
SHORT = "--minutes 0.5 --pace 10 --every 3 --agents 5 --customers 14 --replicas 2 --without-bot"


async def run_chaos(*arguments):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "baton",
        "chaos",
        *SHORT.split(),
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_nothing_is_lost_doubled_or_forgotten_while_processes_die(tmp_path):
    code, out, err = await run_chaos("--seed", "3", "--one-redis", "--json", "--keep", tmp_path)

    report = json.loads(out)
    assert code == 0, json.dumps(report["findings"], indent=1) + err
    assert report["acked"] > 50, "hardly anybody said a word"
    assert report["conversations"] > 10
    assert len(report["faults"]) >= 4
    assert len(list((tmp_path / "ledgers").glob("agent-*.jsonl"))) == 5


async def test_a_timing_file_that_is_none_is_refused(tmp_path):
    file = tmp_path / "talks.jsonl"
    file.write_text("hello\n")

    code, out, err = await run_chaos("--timing", file)

    assert (code, out) == (2, "")
    assert "talks.jsonl:1" in err


#: Read by every Python that finds it on its path: a service that says "stored" to one agent's
#: message in five, and does not store it.
FORGETFUL = """
import itertools
from handoff_service.store.conversations import Conversations
from handoff_service.store.results import Outcome, PostResult

post, numbers = Conversations.post_agent_message, itertools.count(1)

async def post_or_not(self, conversation_id, **words):
    if next(numbers) % 5 == 0:
        return Outcome(PostResult.POSTED, seq=1, epoch=words["epoch"])
    return await post(self, conversation_id, **words)

Conversations.post_agent_message = post_or_not
"""


async def test_a_service_that_forgets_is_found_out(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(FORGETFUL)
    path = f"PYTHONPATH={tmp_path}{os.pathsep}{ROOT}"

    code, out, err = await run_chaos(
        *("--minutes", "0.25", "--every", "600", "--pace", "20", "--one-redis", "--json"),
        *("--set", path),
    )

    report = json.loads(out)
    assert code == 1, err
    assert {finding["flaw"] for finding in report["findings"]} == {"lost"}
    assert all("agent-" in finding["why"] for finding in report["findings"])


async def test_a_setting_without_a_value_is_refused():
    code, out, err = await run_chaos("--set", "BATON_ABANDON_S")

    assert (code, out) == (2, "")
    assert "'BATON_ABANDON_S' is not NAME=VALUE" in err
