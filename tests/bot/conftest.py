"""A trained bot as it runs: real Rasa, real action server, real index, a Redis of its own."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest
import redis

from baton.launcher.redis_server import find_server
from tests.conftest import free_port

ROOT = Path(__file__).resolve().parents[2]
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
#: Kept between runs: models and index are made again only when their inputs changed.
DATA = ROOT / "var" / "tests"
#: A process on a machine that does other things besides, seconds.
START_S = 120


def fetch(url, *, method="GET", body=None, headers=None):
    """Return (status, decoded JSON)."""
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers or {}, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        text = error.read()
        try:
            return error.code, json.loads(text)
        except ValueError:
            return error.code, text.decode()


class Process:
    """A program of the project on a free port; stopped by its own id."""

    def __init__(self, argv, environment, *, health, log):
        self.argv, self.environment, self.health, self.log = argv, environment, health, log
        self.process = None

    def start(self, *, status=200):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv, cwd=ROOT, env=os.environ | self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_S
        while True:
            try:
                if fetch(self.health)[0] == status:
                    return self
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{self.argv} does not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)  # a process that starts tells nobody: asking is the only way

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


class BotRedis:
    """A Redis of the bot's own; what was written is on disk and there again after a restart."""

    def __init__(self, folder):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        command = [str(find_server()), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "always"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + START_S
        while True:
            try:
                with redis.Redis(port=self.port, retry=None) as client:
                    client.ping()
                return self
            except (redis.ConnectionError, redis.BusyLoadingError):  # noqa: PERF203
                if self.process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail((self.folder / "log").read_text()[-2000:])
                time.sleep(0.02)

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    stop = kill


class Bot:
    """The channel as the service uses it."""

    def __init__(self, url, token):
        self.url, self.token = url, token

    def post(self, body, *, token=None):
        """Return (status, body) of one request to the webhook."""
        authorization = f"Bearer {self.token if token is None else token}"
        return fetch(
            f"{self.url}/webhooks/baton/webhook",
            method="POST",
            body=body,
            headers={"Authorization": authorization},
        )

    def turn(self, sender, text, *, payload=None, locale="en", message_id=None, **facts):
        """Return (status, body) of one turn; `facts` of it are told as metadata."""
        return self.post(
            {
                "sender": sender,
                "message_id": message_id or uuid.uuid4().hex,
                "text": text,
                "payload": payload,
                "metadata": {"locale": locale} | facts,
            }
        )

    def say(self, sender, text, **changes):
        """Return the answer to a turn that must succeed."""
        status, body = self.turn(sender, text, **changes)
        assert status == 200, body
        assert body["messages"]
        return body

    def replies(self, sender, text, **changes):
        """Return the replies to a turn that must succeed."""
        return self.say(sender, text, **changes)["messages"]


def run_baton(*arguments, data=DATA):
    """Run a baton command on the tests' data folder; fails with its output."""
    environment = os.environ | {
        "BATON_DATA_DIR": str(data),
        "BATON_MODEL_DIR": str(ROOT / "var" / "models" / "current"),
    }
    result = subprocess.run(
        [sys.executable, "-m", "baton", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def run_rasa(code, **environment):
    """Run Python code in Rasa's environment; returns what it printed."""
    result = subprocess.run(
        [str(RASA_PYTHON), "-W", "ignore", "-c", code],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="session")
def embedding_model():
    """Return the folder of the exported embedding model, made on first use."""
    if not (ROOT / "var" / "models" / "current").exists():
        run_baton("model", "export", "bundled", "--out", str(ROOT / "var" / "models"))
    return ROOT / "var" / "models" / "current"


def take_over(name):
    """Begin with what the main data folder has: the same inputs need not be worked on twice."""
    if not (DATA / name).exists() and (ROOT / "var" / name).is_dir():
        shutil.copytree(ROOT / "var" / name, DATA / name, symlinks=True)


@pytest.fixture(scope="session")
def trained_model(embedding_model):
    """Return the file of the Rasa model of the project as it is."""
    take_over("rasa")
    run_baton("train", "--no-check")
    return DATA / "rasa" / "models" / json.loads(
        (DATA / "rasa" / "models" / "current.json").read_text()
    )["file"]  # fmt: skip


@pytest.fixture(scope="session")
def kb_dir(embedding_model):
    """Return the folder of the demo company's index."""
    take_over("kb")
    run_baton("kb", "build", "--no-check")
    return DATA / "kb"


@pytest.fixture(scope="session")
def bot_redis(tmp_path_factory):
    """A Redis of the bot's own, which a test may stop and start again."""
    server = BotRedis(tmp_path_factory.mktemp("bot-redis")).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def environment(embedding_model, kb_dir, bot_redis):
    """Return the settings that Rasa and the action server share."""
    actions_port = free_port()
    return {
        "PYTHONPATH": str(ROOT),
        "BATON_REDIS_URL": bot_redis.url,
        "BATON_RASA_PORT": str(free_port()),
        "BATON_RASA_TOKEN": secrets.token_hex(16),
        "BATON_ACTIONS_PORT": str(actions_port),
        "BATON_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "BATON_MODEL_DIR": str(embedding_model),
        "BATON_KB_DIR": str(kb_dir),
        "BATON_DATA_DIR": str(DATA),
    }


@pytest.fixture(scope="session")
def actions(environment, tmp_path_factory):
    """The action server, answering."""
    process = Process(
        [sys.executable, "-m", "actions"],
        environment,
        health=f"http://127.0.0.1:{environment['BATON_ACTIONS_PORT']}/health",
        log=tmp_path_factory.mktemp("actions") / "log",
    ).start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def rasa(environment, trained_model, actions, tmp_path_factory):
    """The Rasa process, answering."""
    process = Process(
        [str(RASA_PYTHON), "-m", "bot.serve", "--model", str(trained_model)],
        environment,
        health=f"http://127.0.0.1:{environment['BATON_RASA_PORT']}/webhooks/baton/health",
        log=tmp_path_factory.mktemp("rasa") / "log",
    ).start()
    yield process
    process.stop()


@pytest.fixture
def bot(rasa, environment):
    """Return the channel's client."""
    url = f"http://127.0.0.1:{environment['BATON_RASA_PORT']}"
    return Bot(url, environment["BATON_RASA_TOKEN"])


@pytest.fixture
def sender():
    """Return a conversation nobody has used yet."""
    return uuid.uuid4().hex
