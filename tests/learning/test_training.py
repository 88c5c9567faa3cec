"""A small project trained for real: what is made, kept, refused and measured."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from learning.errors import DataBroken, InputBroken, TrainingFailed
from learning.nlu_evaluation import Labelled, evaluate
from learning.training import KEPT, Project, make_current, train

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "var" / "models" / "current"
TAUGHT = ("greet", "thank_you", "ask_order", "request_person", "out_of_scope")

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


@pytest.fixture
def project(tmp_path):
    """The project's own bot with the English phrases of a few intents."""
    root = tmp_path / "project"
    for name in ("bot", "handoff_rules", "kb_index", "live_redis"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "config.yml", root)
    shutil.copytree(ROOT / "data" / "rules", root / "data" / "rules")
    for name in ("handoff_rules.yml", "products.yml"):
        shutil.copy(ROOT / "data" / name, root / "data")
    (root / "data" / "nlu").mkdir()
    for name in TAUGHT:
        content = yaml.safe_load((ROOT / "data" / "nlu" / f"{name}.yml").read_text("utf-8"))
        english = [e for e in content["nlu"] if e["metadata"]["language"] == "en"]
        (root / "data" / "nlu" / f"{name}.yml").write_text(yaml.safe_dump({"nlu": english}))
    return Project(root, ROOT / ".venv-rasa/bin/python", MODEL, tmp_path / "data/rasa/models")


def test_a_training_makes_the_named_file_and_says_how_far_it_is(project):
    said = []

    train(project, project.model_file(), say=said.append)

    assert project.model_file().stat().st_size > 10_000
    assert said[:2] == ["loading Rasa …", "training …"]
    assert [p.name for p in project.models.iterdir() if p.name.startswith(".")] == []


def test_the_file_is_named_by_all_that_decides_the_model(project):
    names = {project.model_file()}
    for name, text in (
        ("data/nlu/greet.yml", "\n# x"),
        ("config.yml", "\n# x"),
        ("bot/components/intents.py", "\n# x"),
        ("bot/domain/responses/smalltalk.yml", "\n# x"),
        ("data/rules/people.yml", "\n# x"),
    ):
        names.add(project.model_file())
        with (project.root / name).open("a") as file:
            file.write(text)
        names.add(project.model_file())
        (project.root / "bot" / "notes.txt").write_text(text)  # decides nothing

    assert len(names) == 6


def test_the_current_model_is_kept_and_old_ones_go(project):
    project.models.mkdir(parents=True)
    files = [project.models / f"m{number}.tar.gz" for number in range(KEPT + 3)]
    for file in files:
        file.write_bytes(b"x")

    make_current(project, files[0])

    assert project.current() == files[0]
    assert len(list(project.models.glob("*.tar.gz"))) == KEPT + 1
    assert json.loads((project.models / "current.json").read_text())["hash"] == "m0"


def test_a_broken_file_stops_before_rasa_starts(project):
    (project.root / "data/nlu/greet.yml").write_text("nlu:\n  - intent: greet\n   examples: x\n")

    with pytest.raises(DataBroken, match=r"greet\.yml:3: not YAML"):
        train(project, project.model_file(), say=print)

    assert not project.models.exists()


def test_rules_that_contradict_are_refused_in_rasas_words(project):
    (project.root / "data/rules/more.yml").write_text(
        "rules:\n  - rule: other\n    steps:\n      - intent: greet\n      - action: utter_bot\n"
    )

    with pytest.raises(TrainingFailed, match="Contradicting rules"):
        train(project, project.model_file(), say=print)

    assert not project.model_file().exists()


def test_recognition_is_measured_through_rasa(project):
    rooms = [f"turn the {room} light {way}" for room in ("hall", "kitchen", "attic", "garden",
             "cellar", "bathroom") for way in ("on", "off")]  # fmt: skip
    music = [f"play {song}" for song in ("some jazz", "my favourite song", "the radio", "an opera",
             "loud rock music", "the new album", "a lullaby", "piano music")]  # fmt: skip
    other = [f"what is the {thing}" for thing in ("capital of Peru", "weight of the moon",
             "meaning of life", "price of gold", "speed of light", "age of the earth")]  # fmt: skip
    training = [
        *(Labelled(text, "light") for text in rooms[2:]),
        *(Labelled(text, "music") for text in music[2:]),
        *(Labelled(text, "oos") for text in other[2:]),
    ]
    test = [
        *(Labelled(text, "light") for text in rooms[:2]),
        *(Labelled(text, "music") for text in music[:2]),
        *(Labelled(text, "oos") for text in other[:2]),
    ]

    result = evaluate(project, training, test, locale="en", say=print)

    assert list(result) == [
        "accuracy_in_scope", "macro_f1", "oos_recall", "oos_precision", "oos_auroc", "train_s",
        "predict_ms",
    ]  # fmt: skip
    assert result["accuracy_in_scope"] == result["macro_f1"] == 1.0
    assert result["oos_recall"] == result["oos_precision"] == result["oos_auroc"] == 1.0
    assert result["predict_ms"]["p95"] >= result["predict_ms"]["p50"] > 0


def test_one_intent_is_nothing_to_tell_apart(project):
    with pytest.raises(InputBroken, match="fewer than two"):
        evaluate(project, [Labelled("hi", "a")], [Labelled("hi", "a")], locale=None, say=print)
