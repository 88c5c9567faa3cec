"""`baton bench kb-update` on a small help centre: the figures are there, and sound."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[2]


def test_the_figures_of_a_small_help_centre(model_dir, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "baton", "bench", "kb-update", "--chunks", "200", "--questions",
         "10", "--runs", "1", "--json"],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env=os.environ | {"BATON_DATA_DIR": str(tmp_path), "BATON_MODEL_DIR": str(model_dir)},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["articles"], figures["chunks"]) == (52, 208)
    assert figures["build"]["median_s"] > 0
    assert figures["build_and_check"]["median_core_s"] > 0
    assert list(tmp_path.iterdir()) == []  # nothing is left behind
