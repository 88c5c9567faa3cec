"""A small project with a trained model that serves, and an empty history beside it."""

import asyncio
import shutil
from pathlib import Path

import pytest
import yaml

from handoff_service.archive.database import open_database
from learning.candidates.phrases import note_phrases, phrases_of
from learning.candidates.trial import cross_fit
from learning.jobs.tools import Tools
from learning.training import Project, make_current, train

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "var" / "models" / "current"
TAUGHT = ("greet", "goodbye", "ask_order", "request_person", "out_of_scope")
#: Of each intent: as many as it takes to tell good labels from bad ones.
PHRASES = 40


@pytest.fixture(scope="session")
def small_project(tmp_path_factory):
    """The project's own bot with the English phrases of a few intents, trained and made current."""
    folder = tmp_path_factory.mktemp("small")
    root = folder / "project"
    for name in ("bot", "handoff_rules", "kb_index", "live_redis"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "config.yml", root)
    shutil.copytree(ROOT / "data" / "rules", root / "data" / "rules")
    for name in ("handoff_rules.yml", "products.yml", "gate.yml"):
        shutil.copy(ROOT / "data" / name, root / "data")
    (root / "data" / "nlu").mkdir()
    for name in TAUGHT:
        content = yaml.safe_load((ROOT / "data" / "nlu" / f"{name}.yml").read_text("utf-8"))
        english = [e for e in content["nlu"] if e["metadata"]["language"] == "en"]
        for entry in english:
            lines = entry["examples"].splitlines(keepends=True)
            entry["examples"] = "".join(lines[:PHRASES])
        (root / "data" / "nlu" / f"{name}.yml").write_text(yaml.safe_dump({"nlu": english}))
    project = Project(root, ROOT / ".venv-rasa/bin/python", MODEL, folder / "data/rasa/models")
    model = project.model_file()
    train(project, model, say=print)
    note_phrases(root, model)
    make_current(project, model)
    # What every judgement needs, once: kept beside the model and copied with it.
    folder = project.models.parent / "cache" / "crossfit"
    asyncio.run(cross_fit(project, phrases_of(model), folder=folder, tell=_hear_nothing))
    return project


async def _hear_nothing(_line):
    pass


@pytest.fixture
def project(small_project, tmp_path):
    """A copy of the small project, model and all, to change and to break."""
    root = shutil.copytree(small_project.root, tmp_path / "project")
    data = shutil.copytree(small_project.models.parents[1], tmp_path / "data")
    return Project(root, small_project.rasa_python, MODEL, data / "rasa" / "models")


@pytest.fixture
async def tools(project, empty_history):
    """What a job works with: the small project and a history of its own."""
    data_dir = project.models.parents[1]
    shutil.copy(empty_history, data_dir / "baton.db")
    database = await open_database(f"sqlite+aiosqlite:///{data_dir / 'baton.db'}")
    yield Tools(database=database, project=project, data_dir=data_dir)
    await database.close()
