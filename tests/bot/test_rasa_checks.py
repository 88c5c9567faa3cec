"""Rasa's own checks pass: data validate, test core, test nlu."""

import json
import os
import re
import subprocess

import pytest

from tests.bot.conftest import DATA, RASA_PYTHON, ROOT

pytestmark = [pytest.mark.model, pytest.mark.timeout(600)]

SOURCES = ["--domain", "bot/domain", "--data", "data/nlu", "data/rules"]


@pytest.fixture
def rasa_cli(embedding_model):
    def run(*arguments):
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "BATON_MODEL_DIR": str(embedding_model),
            "RASA_CACHE_DIRECTORY": str(DATA / "rasa" / "cache"),
        }
        result = subprocess.run(
            [str(RASA_PYTHON), "-W", "ignore", "-m", "bot.cli", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        output = result.stdout + result.stderr
        assert result.returncode == 0, output[-4000:]
        return output

    return run


def test_data_validate_passes(rasa_cli):
    output = rasa_cli("data", "validate", "--config", "config.yml", *SOURCES)

    assert "No story structure conflicts found" in output
    # Actions utter these, and no phrase stands for these intents: Rasa cannot see either.
    foreseen = re.compile(
        r"'utter_\w+' is not used in any story"
        r"|'(?:show_article|other_language|call_person)' is listed in the"
    )
    warnings = [line for line in output.splitlines() if "UserWarning: " in line]
    assert [line for line in warnings if not foreseen.search(line)] == []


def test_every_story_is_followed(rasa_cli, trained_model, tmp_path):
    rasa_cli(
        *("test", "core", "--model", str(trained_model), "--out", str(tmp_path), "--no-plot"),
        *("--stories", "tests/bot/test_stories.yml", "--fail-on-prediction-errors"),
    )

    report = json.loads((tmp_path / "story_report.json").read_text())
    assert report["conversation_accuracy"]["accuracy"] == 1.0


def test_intents_are_recognised_again(rasa_cli, trained_model, tmp_path):
    rasa_cli(
        *("test", "nlu", "--model", str(trained_model), "--nlu", "tests/bot/test_phrases.yml"),
        *("--out", str(tmp_path), "--no-plot"),
    )

    report = json.loads((tmp_path / "intent_report.json").read_text())
    assert report["accuracy"] >= 0.9
