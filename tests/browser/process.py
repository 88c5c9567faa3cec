"""The service as a process of its own, which tests may kill and start again."""

import contextlib
import http.client
import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

#: How long the service may take to start, seconds.
START_S = 25


@dataclass
class Service:
    """A running service of this module's own."""

    url: str
    secret: str
    identity_secret: str
    start: "object"
    process: subprocess.Popen
    folder: Path
    #: The address that browsers use: the same, unless a module puts something in between.
    public_url: str
    #: Name of its desk in Redis.
    desk: str

    def post(self, path, body):
        """Call an operator route."""
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        status, answer = ask(self.url, "POST", path, body=json.dumps(body), headers=headers)
        assert status < 300, answer
        return json.loads(answer)

    def kill(self):
        """End it as a crash would."""
        self.process.kill()
        self.process.wait(10)

    def restart(self):
        """Start it again on the same port and data."""
        self.process = self.start()


def ask(url, method, path, *, body=None, headers=None):
    """Return status and body of an answer."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    with contextlib.closing(connection):
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()


def await_answer(url, process, log):
    """Wait until a process that has just begun answers."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            ask(url, "GET", "/healthz")
            return
        time.sleep(0.05)  # a server that starts tells nobody: asking is the only way
    process.kill()
    pytest.fail(f"the service does not start:\n{log.read_text()[-3000:]}")
