"""One whole system for all journeys and faults; agents and customers to walk them with."""

import asyncio
import os
import secrets
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from baton.client.accounts import temporary_account
from baton.client.agent import Agent
from baton.client.customer import Customer
from baton.client.phrases import LOCALES
from baton.client.system import PrivateSystem
from baton.launcher.system import free_port

ROOT = Path(__file__).resolve().parents[2]

#: Tests write faster than people: limits that only they could reach are lifted.
SETTINGS = {
    "BATON_MESSAGES_PER_MINUTE": "6000",
    "BATON_MESSAGES_BURST": "1000",
    "BATON_IP_MESSAGES_PER_MINUTE": "60000",
    "BATON_SESSIONS_PER_MINUTE": "6000",
    "BATON_LOGINS_PER_MINUTE": "600",
    # What the site's own server would sign identities with.
    "BATON_IDENTITY_SECRET": secrets.token_hex(32),
}
#: Where nothing was built before, the first start exports, indexes and trains (s).
FIRST_START_S = 900.0
#: Longest test (s): one that waits for Rasa's restart on a busy machine, with its own deadlines.
SLOWEST_S = 240.0


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """Mark everything here before `-m` chooses; the first chosen test carries the start."""
    for item in _here(items):
        item.add_marker(pytest.mark.system)
        item.add_marker(pytest.mark.timeout(SLOWEST_S))
    outcome = yield
    for item in _here(items)[:1]:
        item.add_marker(pytest.mark.timeout(FIRST_START_S + SLOWEST_S), append=False)  # wins
    return outcome


def _here(items):
    return [item for item in items if Path(__file__).parent in item.path.parents]


@pytest.fixture(scope="session")
def system(tmp_path_factory):
    """A running system with its own data folder, used by every test of this folder."""
    folder = tmp_path_factory.mktemp("system") / "data"
    private = PrivateSystem(folder, port=free_port(), settings=SETTINGS)
    asyncio.run(_start(private))
    yield private
    asyncio.run(private.stop())


async def _start(private):
    try:
        await private.start(deadline_s=FIRST_START_S)
    except BaseException:
        await private.stop()
        raise


@pytest.fixture
async def ready(system):
    """The system, every part of it up: the test before may have ended one."""
    await system.until_ready()
    return system


@pytest.fixture
def identity_secret(ready):
    """The secret that the site's own server would share with the system."""
    return SETTINGS["BATON_IDENTITY_SECRET"]


@pytest.fixture
def new_agent(ready):
    """A way to open agents, each with an own account, for the length of a block."""

    @asynccontextmanager
    async def opened(*, capacity=50, languages=LOCALES, presence="online"):
        wanted = {"name": f"Agent {secrets.token_hex(2)}", "languages": list(languages)}
        async with (
            temporary_account(
                ready.url, ready.secret(), login="test", capacity=capacity, **wanted
            ) as credentials,
            Agent(ready.url, login=credentials.login, password=credentials.password) as agent,
        ):
            if presence:
                await agent.set_presence(presence)
            yield agent
            for conversation_id in list(agent.conversations):
                await agent.close_conversation(conversation_id)
            await agent.set_presence("offline")

    return opened


@pytest.fixture
async def agent(new_agent):
    """An agent who is online, speaks everything and holds any number of conversations."""
    async with new_agent() as opened:
        yield opened


@pytest.fixture
def visitor(ready):
    """A way to open customers, for the length of a block."""

    def make(locale="en", **options):
        return Customer(ready.url, locale=locale, **options)

    return make


@pytest.fixture
def baton(ready):
    """Run a `baton` command as a process on the system's data; return code, stdout, stderr."""

    async def run(*arguments, cwd=ROOT):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "baton",
            *arguments,
            cwd=cwd,
            env={**os.environ, "BATON_DATA_DIR": str(ready.folder)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()

    return run
