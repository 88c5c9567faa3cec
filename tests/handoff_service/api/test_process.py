"""`python -m handoff_service` as a process: starts, stops, says what is wrong."""

import asyncio
import signal
import sys

import aiohttp
import pytest

from tests.handoff_service.gateway.harness import DEADLINE_S, free_port


async def start(environment):
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "handoff_service", env={"PYTHONPATH": "."} | environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


@pytest.fixture
def environment(make_settings):
    """What a process needs to run on this test's desk."""
    port = free_port()
    settings = make_settings(port=port, public_url=f"http://127.0.0.1:{port}")
    names = (
        "internal_secret", "signing_key", "rasa_token", "redis_url", "sql_url", "desk", "port",
        "public_url",
    )  # fmt: skip
    return {f"BATON_{name.upper()}": str(getattr(settings, name)) for name in names}


async def listening(process):
    async with asyncio.timeout(DEADLINE_S):
        while line := (await process.stderr.readline()).decode():
            if "listening on" in line:
                return
    pytest.fail("the process ended")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
async def test_it_serves_until_told_to_stop_and_sends_customers_elsewhere(environment, name):
    process = await start(environment)
    await listening(process)
    url = environment["BATON_PUBLIC_URL"]

    async with aiohttp.ClientSession(url) as http:
        async with http.post("/api/customer/session", json={}) as answer:
            token = (await answer.json())["session_token"]
        async with http.ws_connect("/ws/customer", origin=url) as ws:
            await ws.send_json({"type": "hello", "token": token})
            assert (await ws.receive_json())["type"] == "welcome"
            process.send_signal(getattr(signal, name))
            while (message := await ws.receive(timeout=DEADLINE_S)).type is aiohttp.WSMsgType.TEXT:
                pass
            assert message.data == aiohttp.WSCloseCode.GOING_AWAY
    _, err = await asyncio.wait_for(process.communicate(), DEADLINE_S)

    assert process.returncode == 0
    assert "Traceback" not in err.decode()


async def test_bad_settings_are_all_named_in_plain_words():
    process = await start({"BATON_PORT": "many", "BATON_SIGNING_KEY": "short"})

    _, err = await asyncio.wait_for(process.communicate(), DEADLINE_S)

    words = err.decode()
    assert process.returncode == 2
    for name in ("BATON_PORT", "BATON_SIGNING_KEY", "BATON_INTERNAL_SECRET", "BATON_RASA_TOKEN"):
        assert name in words
    assert "Traceback" not in words
    assert "short" not in words


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"BATON_REDIS_URL": "redis://:hush-hush@127.0.0.1:9/0"}, "BATON_REDIS_URL"),
        ({"BATON_SQL_URL": "postgresql+asyncpg://u:hush-hush@127.0.0.1:9/x"}, "BATON_SQL_URL"),
        ({"BATON_HOST": "192.0.2.1"}, "192.0.2.1"),
    ],
)
async def test_what_cannot_be_reached_is_told_with_its_setting(environment, changes, remedy):
    process = await start(environment | {"BATON_REDIS_TIMEOUT_S": "1"} | changes)

    _, err = await asyncio.wait_for(process.communicate(), 60)

    last = err.decode().strip().splitlines()[-1]
    assert process.returncode == 1
    assert remedy in last
    assert "hush-hush" not in err.decode()
    assert "Traceback" not in err.decode()


MISTAKES = {
    "BATON_HOURS_FILE": (
        "teams:\n  all:\n    zone: Nowhere\n    hours: {mon: 9-18}\n",
        ["3: zone", "4: '9-18'"],
    ),
    "BATON_ROUTING_FILE": (
        "topics:\n  a: {level: 2}\nreasons:\n  b: {priority: high}\n",
        ["2: level", "4: 'high'"],
    ),
    "BATON_WIDGET_FILE": (
        "sites:\n  shop: {colour: red}\n  other: {theme: black}\n",
        ["2: 'red' is no colour", "3: 'black' is unknown"],
    ),
    "BATON_PROACTIVE_FILE": (
        "rules:\n  - {id: A, text: {en: Hi}}\n  - {id: b, text: {xx: Hi}, once_per: week}\n",
        ["2: 'A': expected", "3: 'xx' is not one of", "3: 'week': visit, day"],
    ),
}


@pytest.mark.parametrize("setting", MISTAKES)
async def test_a_file_with_mistakes_is_told_them_all_before_it_listens(
    setting, environment, tmp_path
):
    text, problems = MISTAKES[setting]
    file = tmp_path / "rules.yml"
    file.write_text(text)

    process = await start(environment | {setting: str(file)})
    _, err = await asyncio.wait_for(process.communicate(), DEADLINE_S)

    told = err.decode()
    assert process.returncode == 2
    assert all(f"{file}:{problem}" in told for problem in problems), told
    assert "Traceback" not in told
