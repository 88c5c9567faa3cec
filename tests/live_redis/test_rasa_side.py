"""Rasa's dialogues behind sentinels and in a cluster, with the redis-py that Rasa needs."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import START_S
from tests.fleet import Cluster, Sentinels, wait_until

ROOT = Path(__file__).parents[2]
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"

pytestmark = pytest.mark.system


@pytest.fixture(params=["sentinel", "cluster"])
def fleet(request, redis_program):
    made = (
        Sentinels(redis_program)
        if request.param == "sentinel"
        else Cluster(redis_program, key="baton:{rasa}:")
    )
    yield made
    made.stop()


@pytest.fixture
def keeper(fleet):
    process = subprocess.Popen(
        [str(RASA_PYTHON), str(ROOT / "tests" / "live_redis" / "keep_dialogue.py"), fleet.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout.readline() == "ready\n"
    yield process
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


def save(keeper, name):
    keeper.stdin.write(f"{name}\n")
    keeper.stdin.flush()
    return keeper.stdout.readline().strip()


def test_dialogues_go_on_after_a_failover(fleet, keeper):
    assert save(keeper, "talk1") == "hello"
    old = fleet.primary()
    old.kill()
    wait_until(lambda: fleet.primary() is not old, "a new primary")

    deadline = time.monotonic() + START_S
    answers = [save(keeper, "talk2")]
    while answers[-1] != "hello" and time.monotonic() < deadline:
        answers.append(save(keeper, "talk2"))  # the service, too, asks again for a failed turn

    assert answers[-1] == "hello"
    assert save(keeper, "talk1") == "hello"
