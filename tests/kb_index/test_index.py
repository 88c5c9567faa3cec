"""Building, refusing, swapping and keeping index versions."""

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb_index import store, versions
from kb_index.chunk_table import ChunkTable
from kb_index.embedding import Embedder
from kb_index.errors import IndexBroken, IndexMismatch, IndexMissing
from kb_index.manifest import read_manifest
from kb_index.retriever import Retriever
from kb_index.vectors import Vectors

pytestmark = pytest.mark.model


@pytest.fixture
def kb_dir(fixture_index, tmp_path):
    """A copy of the index that a test may break."""
    return Path(shutil.copytree(fixture_index, tmp_path / "kb", symlinks=True))


def live_folder(kb_dir):
    return versions.version_folder(kb_dir, versions.live_version(kb_dir))


def vectors_by_chunk(folder):
    ids = [chunk.id for chunk in ChunkTable.open(folder)]
    return dict(zip(ids, store.read_vectors(folder, "chunks").matrix(), strict=True))


def edit(articles_dir, before, after, path="en/refunds.md"):
    file = articles_dir / path
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_a_second_build_of_the_same_articles_does_nothing(build, articles_dir, kb_dir):
    assert build(articles_dir, kb_dir) is None


def test_only_changed_chunks_are_embedded_again(build, articles_dir, kb_dir):
    edit(articles_dir, "In 5 to 7 working days", "In 8 working days")

    built = build(articles_dir, kb_dir, now_ms=2000)

    assert built.embedded == 1
    assert built.version == versions.live_version(kb_dir) != "former"


def test_an_unchanged_chunk_keeps_its_vector(build, articles_dir, kb_dir):
    before = vectors_by_chunk(live_folder(kb_dir))
    edit(articles_dir, "In 5 to 7 working days", "In 8 working days")
    build(articles_dir, kb_dir, now_ms=2000)

    after = vectors_by_chunk(live_folder(kb_dir))

    kept = [(before[chunk], vector) for chunk, vector in after.items() if chunk in before]
    assert len(kept) == len(before) - 1
    assert all((old == new).all() for old, new in kept)


def test_another_data_folder_lends_its_vectors(build, articles_dir, fixture_index, tmp_path):
    built = build(articles_dir, tmp_path / "private", reuse=[fixture_index])

    assert built.embedded == 0


def test_going_back_to_former_articles_needs_no_building(build, articles_dir, kb_dir):
    first = versions.live_version(kb_dir)
    edit(articles_dir, "In 5 to 7 working days", "In 8 working days")
    build(articles_dir, kb_dir, now_ms=2000)
    edit(articles_dir, "In 8 working days", "In 5 to 7 working days")

    built = build(articles_dir, kb_dir, now_ms=3000)

    assert (built.version, built.embedded) == (first, 0)
    assert versions.live_version(kb_dir) == first


def test_the_last_five_versions_are_kept(build, articles_dir, kb_dir):
    made = [versions.live_version(kb_dir)]
    for days in range(10, 17):
        edit(articles_dir, "working days", f"working days ({days})")
        made.append(build(articles_dir, kb_dir, now_ms=days * 1000).version)

    kept = {path.name for path in (kb_dir / "versions").iterdir()}

    assert kept == set(made[-versions.KEEP_VERSIONS :])


def test_the_pages_of_articles_have_safe_html_and_anchors(kb_dir):
    page = json.loads((live_folder(kb_dir) / "articles/en/refunds.json").read_text())

    assert page["sections"] == [
        {"anchor": "ask-for-a-refund", "heading": "Ask for a refund"},
        {"anchor": "when-does-the-money-arrive", "heading": "When does the money arrive?"},
    ]
    assert '<h2 id="ask-for-a-refund">' in page["html"]
    assert '<a href="/help/en/reset-password">' in page["html"]
    assert page["updated"] == "2026-05-08"


def test_an_index_of_another_model_is_refused_with_the_remedy(kb_dir, embedder):
    other = Embedder(
        replace(embedder.settings, fingerprint="other"),
        session=embedder._session,
        tokenizer=embedder._tokenizer,
    )

    with pytest.raises(IndexMismatch, match=r"another embedding model .*baton kb build"):
        Retriever.open(kb_dir, other)


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("dimension", 7, "vector size"),
        ("chunker", {"rules": 0}, "chunker"),
        ("analyzer", 0, "analyzer"),
        ("format", 0, "file layout"),
    ],
)
def test_an_index_of_other_settings_is_refused(kb_dir, embedder, field, value, what):
    folder = live_folder(kb_dir)
    replace(read_manifest(folder), **{field: value}).write(folder)

    with pytest.raises(IndexMismatch, match=what):
        Retriever.open(kb_dir, embedder)


@pytest.mark.parametrize(
    "file",
    [
        "manifest.json",
        "chunks.jsonl",
        "chunks.npz",
        "tables.npz",
        "pinned.json",
        "chunks",
        "labels",
        "names/index.faiss",
        "chunks-words",
        "articles-words",
    ],
)
def test_an_index_without_one_of_its_files_is_refused(kb_dir, embedder, file):
    path = live_folder(kb_dir) / file
    shutil.rmtree(path) if path.is_dir() else path.unlink()

    with pytest.raises(IndexBroken, match=r"baton kb build"):
        Retriever.open(kb_dir, embedder)


def test_an_index_with_too_few_vectors_is_refused(kb_dir, embedder):
    too_few = np.ones((1, embedder.dimension), np.float32)
    Vectors.build(too_few).save(live_folder(kb_dir) / "chunks")

    with pytest.raises(IndexBroken, match="1 chunks where "):
        Retriever.open(kb_dir, embedder)


def test_without_an_index_the_remedy_is_named(tmp_path, embedder):
    with pytest.raises(IndexMissing, match="baton kb build"):
        Retriever.open(tmp_path, embedder)


def test_a_damaged_index_does_not_stop_the_next_build(build, articles_dir, kb_dir):
    (live_folder(kb_dir) / "chunks" / "index.faiss").write_text("{")
    edit(articles_dir, "In 5 to 7 working days", "In 8 working days")

    built = build(articles_dir, kb_dir, now_ms=2000)

    assert built.embedded == built.chunks


def test_a_rebuilt_index_is_used_without_reopening(build, articles_dir, kb_dir, embedder):
    retriever = Retriever.open(kb_dir, embedder)
    assert not retriever.refresh_if_changed()
    edit(articles_dir, "In 5 to 7 working days", "In 99 working days")
    build(articles_dir, kb_dir, now_ms=2000)

    assert retriever.refresh_if_changed()

    hit = retriever.search("When does the refund arrive?", locale="en").hits[0]
    assert "99 working days" in hit.quote


def test_an_unusable_new_index_leaves_the_old_one_in_use(kb_dir, embedder, caplog):
    retriever = Retriever.open(kb_dir, embedder)
    before = retriever.version
    shutil.copytree(live_folder(kb_dir), kb_dir / "versions" / "broken")
    (kb_dir / "versions" / "broken" / "manifest.json").write_text("{")
    versions.make_live(kb_dir, "broken")

    assert not retriever.refresh_if_changed()
    assert not retriever.refresh_if_changed()

    assert retriever.version == before
    assert retriever.search("refund", locale="en").hits
    assert sum("refused" in record.message for record in caplog.records) == 1


def test_no_search_fails_while_the_index_is_swapped(build, articles_dir, kb_dir, embedder):
    retriever = Retriever.open(kb_dir, embedder)
    first = versions.live_version(kb_dir)
    edit(articles_dir, "In 5 to 7 working days", "In 99 working days")
    second = build(articles_dir, kb_dir, now_ms=2000).version
    stop = threading.Event()
    found = []

    def ask():
        while not stop.is_set():
            retriever.refresh_if_changed()
            found.append(retriever.search("When does the refund arrive?", locale="en").version)

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        for _ in range(20):
            versions.make_live(kb_dir, first)
            versions.make_live(kb_dir, second)
        while len(found) < 30 and not any(one.done() for one in asking):
            stop.wait(0.01)
        stop.set()

    assert [one.result() for one in asking] == [None] * 3
    assert set(found) <= {first, second}
