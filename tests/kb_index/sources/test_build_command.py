"""`baton kb build` with sources: what it takes, changes and drops, as a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[3]
FILES = ROOT / "tests" / "fixtures" / "sources"


@pytest.fixture
def build(model_dir, tmp_path):
    """Run `baton kb build` on a data folder of its own."""

    def run(*words):
        env = {
            **os.environ,
            "BATON_DATA_DIR": str(tmp_path / "data"),
            "BATON_MODEL_DIR": str(model_dir),
        }
        return subprocess.run(
            [sys.executable, "-m", "baton", "kb", "build", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=env,
        )

    return run


def sources_of(done):
    assert done.returncode == 0, done.stderr
    return {one.pop("name"): one for one in json.loads(done.stdout)["sources"]}


def test_a_build_says_of_each_source_what_it_took_changed_and_dropped(build, tmp_path):
    kb, pages = tmp_path / "kb", tmp_path / "pages"
    (kb / "en").mkdir(parents=True)
    own = "---\nid: own\ntitle: Own\nlocale: en\nupdated: 2026-01-01\n---\nOwn words.\n"
    (kb / "en" / "own.md").write_text(own)
    pages.mkdir()
    (pages / "one.html").write_text("<h1>One</h1><p>First words.</p>")
    (pages / "two.html").write_text("<h1>Two</h1><p>Second words.</p>")
    (pages / "app.html").write_text("<title>App</title>")
    (kb / "sources.yml").write_text("sources: [{name: site, path: ../pages, tags: [site]}]\n")

    first = build("--kb", kb, "--json")
    (pages / "one.html").write_text("<h1>One</h1><p>Other words.</p>")
    (pages / "two.html").unlink()
    trial = build("--kb", kb, "--json", "--dry-run")
    second = build("--kb", kb, "--json")
    third = build("--kb", kb)

    counts = {"passed_over": 0, "requests": 0}
    own = {"articles": 1, "changed": 0, "dropped": 0, "left_out": 0, **counts}
    site = {"articles": 1, "changed": 1, "dropped": 1, "left_out": 1, **counts}
    assert sources_of(first) == {
        "articles": {**own, "changed": 1},
        "site": {**site, "articles": 2, "changed": 2, "dropped": 0},
    }
    assert sources_of(trial) == sources_of(second) == {"articles": own, "site": site}
    assert json.loads(trial.stdout)["embedded"] == 0
    assert json.loads(second.stdout)["embedded"] == 1
    assert "app.html: it has no text; perhaps a script" in second.stderr
    assert "is up to date (2 articles)" in third.stdout
    assert "site: 1 articles, 0 new or changed, 0 dropped, 1 left out" in third.stdout


def test_a_source_can_be_tried_without_an_article_of_ones_own(build, tmp_path):
    (tmp_path / "kb").mkdir()

    done = build("--kb", tmp_path / "kb", "--source", FILES / "hub.ru.docx", "--json")

    assert json.loads(done.stdout)["changed"] == ["ru/hub-ru"]


def test_a_source_that_is_not_there_changes_nothing(build, tmp_path):
    (tmp_path / "kb").mkdir()

    done = build("--kb", tmp_path / "kb", "--source", tmp_path / "none")

    assert done.returncode == 1
    assert f"there is no file or folder {tmp_path / 'none'}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "kb" / "current").exists()


def test_skip_broken_leaves_such_a_source_out(build, tmp_path):
    (tmp_path / "kb").mkdir()

    done = build(
        "--kb", tmp_path / "kb", "--skip-broken", "--json",
        "--source", tmp_path / "none", "--source", FILES / "manual.en.pdf",
    )  # fmt: skip

    assert json.loads(done.stdout)["articles"] == 1
    assert "left out: " in done.stderr
    assert "there is no file or folder" in done.stderr


def test_sources_that_cannot_be_used_are_named(build, tmp_path):
    (tmp_path / "sources.yml").write_text("sources: [{path: a, colour: red}]")

    done = build("--kb", tmp_path)

    assert done.returncode == 1
    assert "source 1: unknown setting 'colour'" in done.stderr
    assert build("--kb", tmp_path, "--source", "x", "--locale", "de").returncode == 2
