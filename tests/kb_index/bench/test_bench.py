"""The measurement as a whole, on an index that is small; figures are there, not judged."""

import shutil
import subprocess
import sys

import numpy as np
import pytest
from click import UsageError

from baton.commands.bench_kb import flatten, require_room
from kb_index.bench import corpus, searching
from kb_index.bench.embedding import PASSAGE_TOKENS, fill_passage, race
from kb_index.bench.synthetic import CLUSTERED, Space
from kb_index.embedding import Embedder
from kb_index.model_settings import read_settings

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def index(model_dir, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    common = np.array(read_settings(model_dir).question_mean, np.float32)
    space = Space(common / np.linalg.norm(common), CLUSTERED)
    matrix = corpus.write_matrix(folder, space, 1200)
    corpus.write_version(folder, matrix, space)
    return folder, matrix, space


def test_searches_of_a_synthetic_index_are_measured(index, model_dir):
    folder, matrix, space = index
    asked = corpus.draw_questions(folder, matrix, space, 20)

    figures = searching.measure(folder, model_dir, asked, matrix, searches=30)

    assert figures["vectors"]["kind"] == "flat"
    assert figures["vectors"]["recall_at_10"] == 1.0
    assert figures["words_of_chunks"]["recall_at_10"] == 1.0
    assert 0 < figures["whole_search"]["p50_ms"] <= figures["whole_search"]["p95_ms"]
    memory = figures["memory"]["after_30_searches"]
    assert memory["resident_mib"] == pytest.approx(memory["own_mib"] + memory["mapped_mib"], abs=1)


def test_a_process_that_fails_says_why(index, model_dir, tmp_path):
    _, matrix, space = index
    asked = corpus.Asked(["x"], space.questions(np.asarray(matrix[:1])))

    with pytest.raises(RuntimeError, match="is damaged"):
        searching.measure(tmp_path, model_dir, asked, matrix)


def test_nearest_rows_are_exact_across_blocks(index):
    _, matrix, space = index
    queries = space.questions(np.asarray(matrix[:5]))

    found = searching.nearest_exactly(matrix, queries, block=500)

    expected = np.argsort(-(queries @ matrix.T), axis=1)[:, : searching.FIRST]
    assert np.array_equal(found, expected)


def test_contestants_take_turns():
    order = []
    contestants = {name: lambda batch, name=name: order.append((name, batch[0])) for name in "ab"}

    watches = race(contestants, [["x"], ["y"]])

    assert order[-4:] == [("a", "x"), ("b", "x"), ("a", "y"), ("b", "y")]
    assert {name: len(watch.clock) for name, watch in watches.items()} == {"a": 2, "b": 2}


def test_timed_passages_have_the_tokens_that_are_said(model_dir):
    embedder = Embedder.load(model_dir)

    tokens = [embedder.count_tokens(fill_passage(embedder, number)) for number in range(5)]

    assert all(PASSAGE_TOKENS - 2 <= count <= PASSAGE_TOKENS for count in tokens)


def test_a_missing_model_is_named(tmp_path):
    command = [sys.executable, "-m", "baton", "bench", "kb", "--data", str(tmp_path), "--json"]

    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (run.returncode, run.stdout) == (1, "")
    assert "baton model export bundled" in run.stderr
    assert "Traceback" not in run.stderr


def test_too_little_room_is_named_before_anything_is_drawn(tmp_path):
    free = shutil.disk_usage(tmp_path).free

    with pytest.raises(UsageError, match=r"GB are free: give another folder with --work"):
        require_room(tmp_path, free * 2)
    require_room(tmp_path, 1)


def test_figures_are_listed_under_their_whole_names():
    assert list(flatten({"a": {"b": 1, "c": {"d": 2}}, "e": 3})) == [
        ("a.b", 1),
        ("a.c.d", 2),
        ("e", 3),
    ]
