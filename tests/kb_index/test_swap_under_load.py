"""Searches go on while versions are built, swapped, taken back and removed."""

import asyncio
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import aiohttp
import pytest

from kb_index import versions
from kb_index.articles import load_articles
from kb_index.build import build_index
from kb_index.plan import plan_build
from kb_index.retriever import Retriever
from kb_index.searching import IndexVersion
from tests.actions.calls import call
from tests.conftest import free_port

pytestmark = pytest.mark.model

#: Swaps while questions are asked; each third one goes back to the version before.
SWAPS = 24
QUESTION = "When does the refund arrive?"


class Swapping:
    """Builds and swaps versions of an index, and knows which were live at any time."""

    def __init__(self, kb_dir, articles_dir, embedder):
        self._kb_dir, self._articles_dir, self._embedder = kb_dir, articles_dir, embedder
        self._page = articles_dir / "en" / "refunds.md"
        self._text = self._page.read_text(encoding="utf-8")
        #: (from, version): live from some time in the span (from, the next entry's `to`).
        self._spans = [(0.0, 0.0, versions.live_version(kb_dir))]

    def run(self, done):
        for number in range(SWAPS):
            began = time.monotonic()
            if number % 3 == 2:
                version = versions.version_before(self._kb_dir)
                versions.go_back(self._kb_dir, version, now_ms=number)
            else:
                version = self.build(number)
            self._spans.append((began, time.monotonic(), version))
            versions.prune_versions(self._kb_dir, keep=2)
        done.set()

    def live_during(self, began, ended):
        """Return the versions that were live, or may have been, at some moment of a span."""
        ends = [ended_swap for _, ended_swap, _ in self._spans[1:]] + [float("inf")]
        return {
            version
            for (since, _, version), until in zip(self._spans, ends, strict=True)
            if since <= ended and until >= began
        }

    @property
    def versions(self):
        return {version for _, _, version in self._spans}

    def build(self, number):
        changed = self._text.replace("5 to 7 working days", f"{number + 10} working days")
        self._page.write_text(changed, encoding="utf-8")
        articles = load_articles(self._articles_dir).articles
        plan = plan_build(articles, self._kb_dir, model_fingerprint=self._embedder.fingerprint)
        build_index(
            articles,
            self._kb_dir,
            plan=plan,
            load_embedder=lambda: self._embedder,
            now_ms=number,
        )
        return plan.version


@pytest.fixture
def kb_dir(fixture_index, tmp_path):
    return Path(shutil.copytree(fixture_index, tmp_path / "kb", symlinks=True))


@pytest.fixture
def swapping(kb_dir, articles_dir, embedder):
    return Swapping(kb_dir, articles_dir, embedder)


def test_no_search_fails_and_each_finds_what_was_live(swapping, kb_dir, embedder):
    retriever = Retriever.open(kb_dir, embedder)
    done = threading.Event()
    found = []

    def keep_asking():
        while not done.is_set():
            began = time.monotonic()
            retriever.refresh_if_changed()
            result = retriever.search(QUESTION, locale="en")
            found.append((began, time.monotonic(), result))

    def keep_opening():
        while not done.is_set():
            Retriever.open(kb_dir, embedder)

    with ThreadPoolExecutor(5) as pool:
        jobs = [pool.submit(keep_asking) for _ in range(3)] + [pool.submit(keep_opening)]
        try:
            pool.submit(swapping.run, done).result()
        finally:
            done.set()
    assert [job.result() for job in jobs] == [None] * 4
    assert len({result.version for _, _, result in found}) > SWAPS / 4
    for began, ended, result in found:
        assert result.version in swapping.live_during(began, ended)
        assert result.hits[0].article_id == "refunds"
    assert len(list((kb_dir / "versions").iterdir())) == 2


@pytest.fixture
def two_versions(kb_dir, swapping):
    """The names of the live version and of one built and made live after it."""
    first = versions.live_version(kb_dir)
    return first, swapping.build(1)


def test_a_version_removed_while_it_is_opened_gives_way_to_the_live_one(
    two_versions, kb_dir, embedder, monkeypatch
):
    first, second = two_versions
    versions.go_back(kb_dir, first, now_ms=2)
    opened = []

    def open_slowly(folder, version, *, model):
        opened.append(version)
        if version == first:  # meanwhile another process swaps and clears
            versions.make_live(folder, second)
            shutil.rmtree(versions.version_folder(folder, first))
        return open_version(folder, version, model=model)

    open_version = IndexVersion.open
    monkeypatch.setattr(IndexVersion, "open", open_slowly)

    assert Retriever.open(kb_dir, embedder).version == second
    assert opened == [first, second]


def test_a_slow_thread_does_not_bring_an_old_version_back(
    two_versions, kb_dir, embedder, monkeypatch
):
    first, second = two_versions
    retriever = Retriever.open(kb_dir, embedder)
    versions.go_back(kb_dir, first, now_ms=2)
    live_version = versions.live_version
    reads = []

    def read_then_pause(folder):
        found = live_version(folder)
        reads.append(found)
        if len(reads) == 1:  # this thread read the first; now a swap, and another thread follows it
            versions.make_live(folder, second)
            retriever.refresh_if_changed()
        return found

    monkeypatch.setattr(versions, "live_version", read_then_pause)
    retriever.refresh_if_changed()

    assert reads[0] == first
    assert retriever.version == second


@pytest.fixture
async def action_server(kb_dir, model_dir, tmp_path):
    """The action server as a process of its own; yields its address."""
    port = free_port()
    environment = {
        "PATH": "",
        "BATON_ACTIONS_PORT": str(port),
        "BATON_KB_DIR": str(kb_dir),
        "BATON_MODEL_DIR": str(model_dir),
    }
    with (tmp_path / "actions.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "actions",
            cwd=Path(__file__).parents[2],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            await until_ready(f"http://127.0.0.1:{port}/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            await asyncio.wait_for(process.wait(), 20)


async def until_ready(url, process):
    deadline = time.monotonic() + 60
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < deadline and process.returncode is None:
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
    raise AssertionError(f"{url} did not answer")


async def test_no_turn_fails_at_the_running_action_server(swapping, action_server):
    done = threading.Event()
    answers = []

    async def ask(session, body):
        async with session.post(f"{action_server}/webhook", json=body) as answer:
            answers.append((answer.status, await answer.json()))

    async def keep_asking(session, body):
        while not done.is_set():
            await ask(session, body)

    bodies = [
        call("action_answer", text=QUESTION, intent="ask_refund"),
        call("action_answer", text="The hub shows E-104", intent="ask_device"),
    ]
    async with aiohttp.ClientSession() as session:
        for body in bodies:  # the first questions load the embedding model
            await ask(session, body)
        asking = [asyncio.create_task(keep_asking(session, body)) for body in bodies * 2]
        try:
            await asyncio.to_thread(swapping.run, done)
        finally:
            done.set()
        await asyncio.gather(*asking)

    assert len(answers) > len(bodies) + len(asking)
    assert {status for status, _ in answers} == {200}
    assert all(body["responses"] for _, body in answers)
