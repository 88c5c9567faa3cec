"""`baton kb evaluate`: folders of articles, ways to rank, the report, wrong use."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from baton.commands.kb_evaluate import command

pytestmark = pytest.mark.model

ARTICLES = Path(__file__).parents[1] / "fixtures" / "kb"


@pytest.fixture
def run(model_dir, tmp_path, monkeypatch):
    monkeypatch.setenv("BATON_MODEL_DIR", str(model_dir))
    monkeypatch.setenv("BATON_DATA_DIR", str(tmp_path / "data"))

    def invoke(*words):
        return CliRunner().invoke(command, list(map(str, words)))

    return invoke


@pytest.fixture
def queries(tmp_path):
    asked = {
        "en": [("reset-password", "forgot my password"), (None, "do you sell umbrellas")],
        "ko": [("refunds", "환불해 주세요")],
    }
    folder = tmp_path / "eval"
    folder.mkdir()
    for locale, rows in asked.items():
        lines = [
            {"id": f"{locale}-{number}", "question": text, "gold": [gold] if gold else []}
            for number, (gold, text) in enumerate(rows)
        ]
        (folder / f"{locale}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder


def test_a_folder_of_articles_is_measured_in_each_language_and_every_way(run, queries, tmp_path):
    done = run(
        "--kb", ARTICLES, "--queries", queries, "--compare", "--report", tmp_path / "r", "--json"
    )

    result = json.loads(done.stdout)
    assert done.exit_code == 0, done.stderr
    assert list(result) == ["en", "ko"]
    assert list(result["en"]["compare"]) == ["meaning", "words", "rrf", "both"]
    assert result["en"]["compare"]["both"]["recall_at_1"] == result["en"]["recall_at_1"] == 1
    assert result["en"]["answerable"]["n"] == 2
    assert "answerable" not in result["ko"]
    assert f"report: {tmp_path / 'r' / 'index.html'}" in done.stderr
    page = (tmp_path / "r" / "index.html").read_text()
    assert "3 questions, 1 of them without an answer" in page
    assert "reciprocal ranks of both" in page


def test_articles_can_be_asked_their_own_headings(run):
    done = run("--kb", ARTICLES, "--own-headings", "--lang", "en", "--json")

    assert done.exit_code == 0, done.stderr
    (found,) = json.loads(done.stdout).values()
    assert found["n_queries"] > 5
    assert found["recall_at_5"] > 0.5


def test_one_language_can_be_measured_alone_and_is_printed_as_text(run, queries):
    done = run("--kb", ARTICLES, "--queries", queries, "--lang", "ko", "--by", "rrf")

    assert done.exit_code == 0, done.stderr
    assert "locale                     ko" in done.stdout
    assert "recall_at_1                1.0" in done.stdout
    assert "  p50  " in done.stdout
    assert "locale                     en" not in done.stdout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "give either --kb or --corpus"),
        (["--kb", "a", "--corpus", "b"], "give either --kb or --corpus"),
        (["--corpus", "b"], "--corpus needs --queries"),
        (["--kb", "a", "--by", "words", "--report", "r"], "leave --by out"),
    ],
)
def test_wrong_use_is_explained(run, words, reason):
    done = run(*words)

    assert done.exit_code == 2
    assert reason in done.stderr


def test_folders_that_hold_nothing_are_named(run, queries, tmp_path):
    no_questions = run("--kb", ARTICLES, "--queries", tmp_path / "none")
    no_articles = run("--kb", tmp_path / "none", "--queries", queries)

    assert (no_questions.exit_code, no_articles.exit_code) == (1, 1)
    assert "none: no questions; expected en.jsonl or" in no_questions.stderr
    assert "none: no such folder" in no_articles.stderr


def test_a_report_that_cannot_be_written_is_named(run, queries, tmp_path):
    (tmp_path / "file").write_text("in the way")

    done = run("--kb", ARTICLES, "--queries", queries, "--report", tmp_path / "file" / "r")

    assert done.exit_code == 1
    assert "the report cannot be written" in done.stderr
