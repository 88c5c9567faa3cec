"""`baton model tune` and `use` as processes: exit codes, errors without a traceback, way back."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

#: torch takes its time on a busy machine
pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[3]
ARTICLES = ROOT / "tests" / "fixtures" / "kb"


@pytest.fixture
def baton(tmp_path):
    def run(*words, **settings):
        env = {**os.environ, "BATON_DATA_DIR": str(tmp_path / "data"), **settings}
        return subprocess.run(
            [sys.executable, "-m", "baton", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env={name: value for name, value in env.items() if value},
        )

    return run


def test_a_broken_file_of_votes_is_named_by_line(baton, tmp_path):
    votes = tmp_path / "votes.jsonl"
    votes.write_text('{"query": "x"}')

    done = baton("model", "tune", "--kb", ARTICLES, "--votes", votes)

    assert done.returncode == 1
    assert f"{votes}, line 1: expected" in done.stderr
    assert "Traceback" not in done.stderr


def test_tuning_without_a_model_in_use_names_the_remedy(baton):
    done = baton("model", "tune", "--kb", ARTICLES)

    assert done.returncode == 1
    assert "run `baton model export bundled`" in done.stderr


def test_a_model_that_is_not_there_is_named_with_those_that_are(baton):
    done = baton("model", "use", "no-such")

    assert done.returncode == 1
    assert "no-such" in done.stderr
    assert "there are: none" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_that_the_environment_names_is_not_replaced(baton):
    done = baton("model", "use", "any", BATON_MODEL_DIR="/somewhere")

    assert done.returncode == 2
    assert "BATON_MODEL_DIR" in done.stderr


def test_a_failed_step_puts_the_model_before_back(baton, exported, tmp_path):
    models = Path(shutil.copytree(exported, tmp_path / "data" / "models", symlinks=True))
    before = (models / "current").readlink()
    other = models / "another"
    shutil.copytree(models / before, other)

    done = baton("model", "use", "another", "--kb", tmp_path / "nothing-here")

    assert done.returncode == 1
    assert "kb build" in done.stderr
    assert f"{before} is in use again" in done.stderr
    assert (models / "current").readlink() == before
