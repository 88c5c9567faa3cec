"""Cross-validation of the training phrases: what is read, what is counted, what is printed."""

from pathlib import Path

import pytest

from learning.cross_validation import (
    CrossValidation,
    Mistake,
    Phrase,
    Scores,
    as_markdown,
    cross_validate,
    read_phrases,
)
from learning.errors import InputBroken
from learning.training import Project

ROOT = Path(__file__).resolve().parents[2]
HELLO, PRIVET, BYE = (
    Phrase("hello", "greet", "en"),
    Phrase("привет", "greet", "ru"),
    Phrase("bye", "goodbye", "en"),
)
RESULT = CrossValidation(
    2,
    (HELLO, PRIVET, BYE),
    {"greet": Scores(2, 1.0, 0.5, 2 / 3), "goodbye": Scores(1, 0.5, 1.0, 2 / 3)},
    (Mistake(PRIVET, "goodbye"),),
)


def test_accuracy_is_told_for_each_language():
    assert RESULT.locales() == ["en", "ru"]
    assert [RESULT.accuracy(name) for name in ("en", "ru", None)] == [
        1.0,
        0.0,
        pytest.approx(2 / 3),
    ]


def test_the_report_names_what_is_taken_for_what():
    lines = as_markdown(RESULT).splitlines()

    assert "| all | 3 | 0.667 |" in lines
    assert "| greet | 2 | 1.00 | 0.50 | 0.67 | goodbye 1 |" in lines
    assert "| greet | goodbye | 1 | привет |" in lines


def test_phrases_are_read_with_their_language(tmp_path):
    (tmp_path / "a.yml").write_text(
        "nlu:\n  - intent: greet\n    metadata: {language: ru}\n    examples: |\n      - привет\n"
        "  - intent: bye\n    examples: |\n      - bye: now\n", "utf-8",
    )  # fmt: skip

    assert read_phrases(tmp_path) == (
        Phrase("привет", "greet", "ru"),
        Phrase("bye: now", "bye", ""),
    )


@pytest.fixture
def project(tmp_path):
    """Return a function that makes a small project, served by this one's components."""

    def make(**phrases):
        for name in ("bot", "handoff_rules", "kb_index", "live_redis", "config.yml"):
            (tmp_path / name).symlink_to(ROOT / name)
        (tmp_path / "data" / "nlu").mkdir(parents=True)
        for intent, texts in phrases.items():
            lines = "\n".join(f"      - {text}" for text in texts)
            (tmp_path / "data" / "nlu" / f"{intent}.yml").write_text(
                f'version: "3.1"\nnlu:\n  - intent: {intent}\n    metadata: {{language: en}}\n'
                f"    examples: |\n{lines}\n", "utf-8",
            )  # fmt: skip
        python = ROOT / ".venv-rasa" / "bin" / "python"
        return Project(tmp_path, python, ROOT / "var" / "models" / "current", tmp_path / "models")

    return make


def test_more_folds_than_phrases_is_refused(project):
    with pytest.raises(InputBroken, match="greet"):
        cross_validate(project(greet=["hi", "hello"]), folds=3, say=print)


@pytest.mark.model
@pytest.mark.timeout(300)
def test_every_phrase_is_tested_once(project):
    small = project(
        greet=["hello", "hi there", "good morning", "hey", "good evening", "hi all"],
        ask_password=[
            "I forgot my password", "how do I reset my password", "password reset please",
            "cannot log in, wrong password", "change my password", "where do I reset the password",
        ],
        ask_order=[
            "where is my order", "track my order", "cancel my order", "order status",
            "my order has not arrived", "when will my order be delivered",
        ],
    )  # fmt: skip

    result = cross_validate(small, folds=2, say=print)

    assert sum(scores.phrases for scores in result.scores.values()) == 18
    assert 0.5 < result.accuracy("en") <= 1
