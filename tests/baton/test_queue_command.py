"""`baton queue`: shows who waits where, finds what is out of place, mends it when asked to."""

import asyncio
import json
import os

import pytest
from click.testing import CliRunner

from baton.cli import main
from handoff_service.clock import SystemClock
from handoff_service.domain import State
from handoff_service.store import open_store
from tests.handoff_service.desk import Desk


@pytest.fixture
def on_desk(settings):
    """Return a function that runs a coroutine function on the desk, between two commands."""

    def run(work):
        async def opened():
            async with await open_store(settings) as store:
                return await work(Desk(store, SystemClock()))

        return asyncio.run(opened())

    return run


@pytest.fixture
def queue(settings):
    """Return a function that runs `baton queue`: exit code, stdout, stderr."""

    def run(*words):
        options = ["--redis-url", settings.redis_url, "--desk", settings.desk]
        result = CliRunner().invoke(main, ["queue", *words, *options])
        return result.exit_code, result.stdout, result.stderr

    return run


async def a_floor(desk):
    await desk.agent("anna")
    return [await desk.talk(State.ASSIGNED), await desk.talk(State.WAITING)]


async def out_of_line(desk):
    await desk.agent("anna")
    name = await desk.talk(State.WAITING)
    await desk.store.redis.zrem(desk.store.keys.queue, name)
    return name


def test_a_desk_in_order_is_clean(on_desk, queue):
    on_desk(a_floor)

    code, out, _ = queue("audit")

    assert code == 0
    assert "2 conversations, 1 agents: all in order" in out


def test_a_finding_is_told_then_mended_when_asked_to(on_desk, queue):
    name = on_desk(out_of_line)

    code, out, _ = queue("audit")
    assert code == 1
    assert "index_missing" in out
    assert name in out
    assert "--repair" in out

    code, out, _ = queue("audit", "--repair", "--json")
    assert code == 0
    [finding] = json.loads(out)["findings"]
    assert (finding["code"], finding["conversation_id"]) == ("index_missing", name)
    assert finding["mended"] is True
    assert queue("audit")[0] == 0


def test_what_cannot_be_mended_stays_a_finding(on_desk, queue):
    async def skip_a_number(desk):
        name = await desk.talk()
        await desk.store.redis.hincrby(desk.store.keys.conversation(name), "seq", 1)

    on_desk(skip_a_number)

    code, out, _ = queue("audit", "--repair")

    assert code == 1
    assert "event_gap" in out


def test_show_lists_who_waits_and_who_is_held(on_desk, queue):
    held, waiting = on_desk(a_floor)

    code, out, _ = queue("show", "--json")

    assert code == 0
    rows = {row["conversation_id"]: row for row in json.loads(out)}
    assert (rows[held]["state"], rows[held]["agent"]) == ("assigned", "Anna")
    assert (rows[waiting]["state"], rows[waiting]["place"]) == ("waiting", 1)
    assert waiting in queue("show")[1]


def test_without_a_running_system_the_remedy_is_named(tmp_path):
    environment = {"BATON_REDIS_URL": ""}
    words = ["queue", "audit", "--data", str(tmp_path)]

    result = CliRunner().invoke(main, words, env=environment)

    assert result.exit_code == 2
    assert "baton up" in result.stderr


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "http://127.0.0.1"])
def test_a_redis_that_cannot_be_used_is_named_without_a_traceback(url):
    result = CliRunner().invoke(main, ["queue", "show", "--redis-url", url])

    assert result.exit_code == 2
    assert "Error" in result.stderr
    assert "Traceback" not in result.output


def test_the_running_system_is_found_by_its_data_folder(on_desk, settings, tmp_path):
    on_desk(a_floor)
    port = int(settings.redis_url.rsplit(":", 1)[1].split("/")[0])
    (tmp_path / "run.json").write_text(json.dumps({"pid": os.getpid(), "ports": {"redis": port}}))

    words = ["queue", "audit", "--data", str(tmp_path), "--desk", settings.desk]
    result = CliRunner().invoke(main, words)

    # this server asks for no password, and says so of the one it is given
    assert result.exit_code == 2
    assert "AUTH" in result.stderr or "password" in result.stderr
