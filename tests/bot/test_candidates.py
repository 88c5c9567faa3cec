"""What serves a candidate beside the live bot: processes of its own, or a Rasa that is given it."""

import json
import shutil

import pytest

from baton.client.system import looks
from handoff_service.archive.learning.splits import Split
from kb_index.versions import live_version
from learning.splitting.children import Children
from learning.splitting.engines import OwnEngine, Place, RemoteEngine, check_place, engine_of
from learning.splitting.errors import SplitRefused
from learning.training import Project
from tests.bot.conftest import ROOT, START_S, Bot, fetch

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


@pytest.fixture
def project(trained_model, embedding_model):
    rasa_python = ROOT / ".venv-rasa" / "bin" / "python"
    return Project(ROOT, rasa_python, embedding_model, trained_model.parent)


@pytest.fixture
def make_split(trained_model):
    def make(**changes):
        values = {
            "split_id": "sp_1", "candidate_id": "ca_1", "share": 0.5, "state": "starting",
            "url": None, "model": trained_model.name, "index_version": None,
            "live_model": "old.tar.gz", "asked_by": "eve", "asked_ms": 0, "started_ms": None,
            "ended_ms": None, "ended_why": "", "problem": "", "verdict": {}, "kept_ms": 0,
        }  # fmt: skip
        return Split(**values | changes)

    return make


@pytest.fixture
def other_live_index(kb_dir, tmp_path):
    """A knowledge base whose live index is another than the one that the candidate has."""
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "versions").symlink_to((kb_dir / "versions").resolve())
    (folder / "current").symlink_to("versions/another")
    return folder


async def test_a_candidate_with_an_index_of_its_own_is_served_from_it(
    project, make_split, environment, other_live_index, kb_dir, sender, tmp_path
):
    place = Place(
        project=project,
        data_dir=tmp_path,
        environment=environment | {"BATON_KB_DIR": str(other_live_index)},
        children=Children(),
    )
    split = make_split(index_version=live_version(kb_dir))
    check_place(place, split)
    engine = engine_of(place, split)
    try:
        await _until_it_answers(engine)
        bot = Bot(engine.url, environment["BATON_RASA_TOKEN"])
        [said, *_] = bot.replies(sender, "how do I reset my password?")
        actions, rasa = engine.processes
        actions.kill()
        actions.wait(10)
        without = await engine.tend()
        await _until_it_answers(engine)
        [again, *_] = bot.replies(sender, "how do I reset my password, please?")
    finally:
        await engine.stop()

    assert isinstance(engine, OwnEngine)
    assert said["index_version"] == again["index_version"] == split.index_version
    assert "actions" in without
    assert [process.poll() is None for process in (*engine.processes, rasa)] == [False] * 3


async def test_a_rasa_that_runs_elsewhere_is_given_the_model(
    project, make_split, environment, bot, trained_model, tmp_path
):
    twin = shutil.copy(trained_model, project.models / "twin.tar.gz")
    place = Place(
        project=project,
        data_dir=tmp_path,
        environment=environment | {"BATON_CANDIDATE_RASA_URL": f"{bot.url}/"},
        children=Children(),
    )
    engine, back = (RemoteEngine(place, make_split(model=name)) for name in (
        "twin.tar.gz", trained_model.name,
    ))  # fmt: skip
    try:
        why = await engine.tend()
        serves = fetch(f"{bot.url}/webhooks/baton/health")[1]["checks"]["model"]["model"]
    finally:
        restored = await back.tend()
        twin.unlink()

    assert (why, serves, restored) == ("", "twin.tar.gz", "")


@pytest.mark.parametrize(
    ("changes", "elsewhere", "why"),
    [
        ({"model": "gone.tar.gz"}, "", "gone.tar.gz is not in"),
        ({"index_version": "gone"}, "", "the index gone is not in"),
        ({"index_version": "known"}, "http://rasa:5005", "asks the live one"),
    ],
)
def test_what_cannot_be_served_is_refused_with_the_remedy(
    project, make_split, environment, other_live_index, kb_dir, tmp_path, changes, elsewhere, why
):
    told = {"BATON_KB_DIR": str(other_live_index), "BATON_CANDIDATE_RASA_URL": elsewhere}
    place = Place(
        project=project, data_dir=tmp_path, environment=environment | told, children=Children()
    )
    known = json.loads(json.dumps(changes).replace("known", live_version(kb_dir)))

    with pytest.raises(SplitRefused, match=why) as refused:
        check_place(place, make_split(**known))

    assert "Remedy: " in str(refused.value)


async def _until_it_answers(engine):
    async for _ in looks(START_S, "candidate that answers"):
        if not await engine.tend():
            return
