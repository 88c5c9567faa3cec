"""`baton kb` and `baton model` as processes: output, exit codes, errors without a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[2]


@pytest.fixture
def baton(model_dir, tmp_path):
    """Run `baton` on a data folder of its own, with the model that is there already."""

    def run(*words, data=tmp_path / "data", model=model_dir):
        env = {
            **os.environ,
            "BATON_DATA_DIR": str(data),
            "BATON_MODEL_DIR": str(model),
            "HF_HUB_OFFLINE": "1",
        }
        return subprocess.run(
            [sys.executable, "-m", "baton", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=env,
        )

    return run


def write_lines(path, rows):
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def test_build_then_nothing_to_do(baton, articles_dir):
    first = baton("kb", "build", "--kb", articles_dir, "--json")
    second = baton("kb", "build", "--kb", articles_dir, "--json")

    built, again = json.loads(first.stdout), json.loads(second.stdout)
    assert (first.returncode, second.returncode) == (0, 0)
    assert built["articles"] == 15
    assert built["embedded"] > 15
    assert not built["up_to_date"]
    assert again["up_to_date"]
    assert again["version"] == built["version"]
    assert "embedding" in first.stderr


def test_a_build_refuses_broken_articles_and_names_them_all(baton, articles_dir):
    (articles_dir / "en" / "one.md").write_text("no front matter")
    (articles_dir / "ko" / "two.md").write_text("---\nid: two\n---\n")

    done = baton("kb", "build", "--kb", articles_dir)

    assert done.returncode == 1
    assert "one.md: no front matter" in done.stderr
    assert "two.md: no title" in done.stderr
    assert "Traceback" not in done.stderr


def test_skip_broken_leaves_them_out_and_says_so(baton, articles_dir):
    (articles_dir / "en" / "one.md").write_text("no front matter")

    done = baton("kb", "build", "--kb", articles_dir, "--skip-broken", "--json")

    result = json.loads(done.stdout)
    assert done.returncode == 0
    assert result["articles"] == 15
    assert "one.md: no front matter" in result["left_out"][0]
    assert "left out: " in done.stderr


def test_skipping_every_article_builds_nothing(baton, tmp_path):
    (tmp_path / "kb" / "en").mkdir(parents=True)
    (tmp_path / "kb" / "en" / "one.md").write_text("no front matter")

    done = baton("kb", "build", "--kb", tmp_path / "kb", "--skip-broken")

    assert done.returncode == 1
    assert "no article is left" in done.stderr


def test_a_build_without_a_model_names_the_remedy(baton, articles_dir, tmp_path):
    done = baton("kb", "build", "--kb", articles_dir, model=tmp_path / "none")

    assert done.returncode == 1
    assert "run `baton model export bundled`" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_use_exits_with_two(baton):
    assert baton("kb", "build", "--no-such-option").returncode == 2
    assert baton("kb", "evaluate").returncode == 2


def test_evaluate_prints_the_measures(baton, tmp_path):
    corpus = write_lines(
        tmp_path / "c.jsonl",
        [
            {"id": "pw", "title": "Password", "text": "# Password\nHow to reset your password."},
            {"id": "pay", "title": "Payment", "text": "Cards and bank transfer are accepted."},
            {"id": "lamp", "title": "Lamp", "text": "The lamp blinks blue while pairing."},
        ],
    )
    queries = write_lines(
        tmp_path / "q.jsonl",
        [
            {"id": "1", "question": "reset my password", "gold": ["pw"]},
            {"id": "2", "question": "which cards do you accept", "gold": ["pay", "pw"]},
            {"id": "3", "question": "the lamp blinks blue", "gold": ["pay"]},
            {"id": "4", "question": "capital of France", "gold": []},
        ],
    )

    done = baton("kb", "evaluate", "--corpus", corpus, "--queries", queries, "--json")

    result = json.loads(done.stdout)
    assert done.returncode == 0
    assert (result["n_queries"], result["n_unanswerable"], result["n_chunks"]) == (4, 1, 3)
    assert result["recall_at_1"] == pytest.approx(2 / 3, abs=1e-4)
    assert result["recall_at_5"] == 1
    assert set(result["query_ms"]) == {"p50", "p95"}
    assert result["locale"] == "en"


@pytest.mark.parametrize(
    ("corpus", "queries", "reason"),
    [
        (["{"], [], "c.jsonl, line 1: not JSON"),
        ([{"id": "a"}], [], "c.jsonl, line 1: no text"),
        ([{"id": "a", "text": "x"}] * 2, [], "line 2: the id 'a' was used before"),
        ([], [], "c.jsonl: empty"),
        ([{"id": "a", "text": "x"}], [{"id": "1", "question": "x"}], "line 1: no gold"),
        ([{"id": "a", "text": "x"}], [{"id": "1", "question": "x", "gold": "a"}], "is no list"),
    ],
)
def test_a_broken_evaluation_file_is_named_by_line(baton, tmp_path, corpus, queries, reason):
    done = baton(
        "kb",
        "evaluate",
        "--corpus",
        write_lines(tmp_path / "c.jsonl", corpus),
        "--queries",
        write_lines(tmp_path / "q.jsonl", queries),
    )

    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_an_exported_model_is_found_again(baton, model_dir):
    done = baton("model", "export", "bundled", "--out", model_dir.parent, "--json")

    result = json.loads(done.stdout)
    assert done.returncode == 0
    assert not result["made"]
    assert (model_dir.parent / "current").resolve() == model_dir.resolve()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("./no-such-folder", "no model './no-such-folder'"),
        ("owner/no-such-model", "could not be fetched from the hub"),
        ("docs", "holds no sentence-transformers model"),
    ],
)
def test_a_model_that_cannot_be_had_is_named_with_the_remedy(baton, source, reason):
    done = baton("model", "export", source)

    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
