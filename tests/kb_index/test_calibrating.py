"""Measuring on golden questions what confidences mean on a site."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from baton.commands.kb_calibrate import command
from kb_index.calibrating import _fit, calibrate
from kb_index.calibration import FILE_NAME, Scale, is_calibrated, load_calibration
from kb_index.cutoffs import Outcome
from kb_index.golden import GoldenQuestion
from kb_index.retriever import Retriever
from kb_index.searching import IndexVersion
from kb_index.versions import live_version

ASKED = {
    "reset-password": "how can I reset a password I forgot",
    "refunds": "when do I get my money back",
    "hub-lights": "what do the lights of the hub mean",
}
UNANSWERABLE = "what is the capital of France"


def golden(*, answerable, unanswerable, locale="en"):
    """Questions of which some repeat themselves, as customers do."""
    found = [
        GoldenQuestion(f"a{n}", f"{text} {n}", locale, frozenset({gold}))
        for n in range(answerable)
        for gold, text in [list(ASKED.items())[n % len(ASKED)]]
    ]
    none = [
        GoldenQuestion(f"u{n}", f"{UNANSWERABLE} {n}", locale, frozenset())
        for n in range(unanswerable)
    ]
    return [*found, *none]


def test_a_fit_finds_the_scale_that_made_the_outcomes():
    chance = np.random.default_rng(7)
    true = Scale(1.5, 1.0)
    outcomes = [
        Outcome(float(p), True, bool(chance.random() < true.apply(float(p))))
        for p in chance.uniform(0.02, 0.98, 4000)
    ]

    found = _fit(outcomes, towards=Scale())

    assert (found.slope, found.shift) == pytest.approx((1.5, 1.0), abs=0.15)


def test_a_few_outcomes_move_the_scale_little_and_never_turn_it_round():
    held = _fit([Outcome(0.5, True, True)] * 2, towards=Scale(2.0, -1.0))
    assert (held.slope, held.shift) == pytest.approx((2.0, -1.0), abs=0.5)

    contrary = [Outcome(0.01, True, True)] * 500 + [Outcome(0.99, True, False)] * 500
    assert _fit(contrary, towards=Scale()).slope == 0


@pytest.mark.model
def test_too_few_questions_say_nothing(fixture_index, embedder):
    index = IndexVersion.open(fixture_index, live_version(fixture_index), model=embedder.settings)

    assert calibrate(index, golden(answerable=20, unanswerable=5), embedder=embedder) is None
    assert calibrate(index, golden(answerable=5, unanswerable=40), embedder=embedder) is None


@pytest.mark.model
def test_a_site_gets_cut_offs_of_its_own_and_other_locales_keep_theirs(fixture_index, embedder):
    index = IndexVersion.open(fixture_index, live_version(fixture_index), model=embedder.settings)

    found = calibrate(index, golden(answerable=45, unanswerable=15), embedder=embedder)

    shipped = load_calibration(None)
    assert found.locales["ru"] == shipped.locales["ru"]
    assert found.locales["en"].answers.scale != Scale()
    assert found.locales["en"].answers.curve.answerable == 45
    assert "60 golden questions of en" in found.source


@pytest.mark.model
def test_the_command_measures_the_live_index_and_says_what_comes_of_it(
    build, articles_dir, model_dir, embedder, tmp_path
):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "current").symlink_to(model_dir)
    kb_dir = tmp_path / "kb"
    build(articles_dir, kb_dir)
    rows = [
        {"id": one.id, "question": one.text, "gold": sorted(one.gold), "locale": "en"}
        for one in golden(answerable=45, unanswerable=15)
    ]
    (tmp_path / "en.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    arguments = ["--eval", str(tmp_path), "--data", str(tmp_path), "--json"]

    result = CliRunner().invoke(command, arguments)

    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["locales"]["en"]
    assert found["answered"] >= found["wrong"]
    assert found["answer_from"] > 0
    assert is_calibrated(kb_dir)
    retriever = Retriever.open(kb_dir, embedder)
    assert retriever.cutoffs("en").answer == pytest.approx(found["answer_from"], abs=0.001)

    file = kb_dir / FILE_NAME
    file.write_text(json.dumps(json.loads(file.read_text()) | {"formula": 0}))
    assert not is_calibrated(kb_dir)


@pytest.mark.model
def test_the_command_says_what_is_missing(fixture_index, model_dir, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "current").symlink_to(model_dir)
    (tmp_path / "kb").symlink_to(fixture_index)
    (tmp_path / "en.jsonl").write_text('{"id": "a", "question": "why", "gold": []}')

    result = CliRunner().invoke(command, ["--eval", str(tmp_path), "--data", str(tmp_path)])

    assert result.exit_code == 1
    assert "a locale needs 30" in result.output
