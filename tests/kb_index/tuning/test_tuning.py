"""A whole tuning of a tiny model: learnt, exported, compared, kept or not."""

import json
from dataclasses import replace

import numpy as np
import pytest

from kb_index.embedding import Embedder
from kb_index.errors import ModelMissing, TuningImpossible
from kb_index.export.exporter import export_model, write_model
from kb_index.export.in_use import list_models, put_in_use
from kb_index.tuning.examples import Vectors
from kb_index.tuning.head import Head, Recipe, train
from kb_index.tuning.tuning import Site, tune
from tests.kb_index.tuning.conftest import make_articles

#: torch takes its time on a busy machine
pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


def quiet(*_):
    """Report nothing."""


@pytest.fixture
def run(exported, tiny_source):
    def tune_to(articles):
        in_use = Embedder.load(exported / "current")
        return tune(
            Site(articles),
            tiny_source,
            exported,
            in_use=in_use,
            report=quiet,
            on_step=quiet,
            recipe=Recipe(steps=200, learning_rate=1e-2),
        )

    return tune_to


@pytest.fixture
def unchanged(exported):
    """Fail when the folder of models is not as it was."""
    before = sorted(exported.iterdir()), (exported / "current").readlink()
    yield
    assert (sorted(exported.iterdir()), (exported / "current").readlink()) == before


def test_a_better_model_is_exported_and_left_beside_the_one_in_use(run, exported):
    in_use = (exported / "current").readlink()

    tuned = run(make_articles(200))

    result = tuned.as_json()
    held_back = result["held_back"]
    assert result["kept"], result["reasons"]
    assert held_back["after"]["mrr_at_10"] > held_back["before"]["mrr_at_10"] + 0.1
    assert (exported / "current").readlink() == in_use
    new, old = Embedder.load(tuned.exported.folder), Embedder.load(exported / "current")
    assert new.fingerprint == tuned.exported.fingerprint != old.fingerprint
    vectors = new.embed_passages(["tell1 tell2"])
    assert np.linalg.norm(vectors) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(vectors, old.embed_passages(["tell1 tell2"]), atol=0.01)
    assert _rounded_above_the_transformer(tuned.exported.folder) == []


def test_what_teaches_nothing_is_refused_and_leaves_nothing(run, unchanged):
    tuned = run(make_articles(200, telling=False, seed=2))

    assert tuned.exported is None
    assert tuned.verdict.reasons


def test_an_interrupted_tuning_leaves_nothing(run, unchanged, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("kb_index.tuning.tuning.compare", interrupt)

    with pytest.raises(KeyboardInterrupt):
        run(make_articles(200))


def test_too_few_articles_are_refused_before_any_work(run, unchanged):
    with pytest.raises(TuningImpossible, match=r"15 titles.*at least 100"):
        run(make_articles(20))


def test_a_missing_library_is_named_with_the_remedy(run, monkeypatch):
    monkeypatch.setattr("kb_index.tuning.tuning.find_spec", lambda _: None)

    with pytest.raises(TuningImpossible, match=r"torch and sentence_transformers.*make setup"):
        run(make_articles(20))


def test_an_export_of_the_source_leaves_a_tuned_model_in_use(exported, tiny_source, tmp_path):
    from kb_index.tuning.tuned_source import tuned_source

    head = Head(np.eye(64, dtype=np.float32)[::-1].copy(), np.zeros(64, dtype=np.float32))
    base = export_model(tiny_source, tmp_path, report=quiet)
    tuned = write_model(tuned_source(tiny_source, head), tmp_path, report=quiet)

    replaced = put_in_use(tmp_path, tuned.folder.name)
    export_model(tiny_source, tmp_path, report=quiet)

    assert replaced.before == base.folder.name
    assert (tmp_path / "current").resolve() == tuned.folder.resolve()
    assert list_models(tmp_path) == sorted([base.folder.name, tuned.folder.name])

    put_in_use(tmp_path, base.folder.name)
    assert (tmp_path / "current").resolve() == base.folder.resolve()

    settings = json.loads((tuned.folder / "model.json").read_text())
    (tuned.folder / "model.json").write_text(json.dumps({**settings, "recipe": "older"}))
    put_in_use(tmp_path, tuned.folder.name)
    export_model(tiny_source, tmp_path, report=quiet)
    assert (tmp_path / "current").resolve() == base.folder.resolve()


def test_only_a_whole_model_is_put_in_use(exported, unchanged):
    with pytest.raises(ModelMissing, match=r"no-such.*there are: .*tiny|model-"):
        put_in_use(exported, "no-such")


def vectors_of(questions, passages):
    numbers = np.arange(len(questions))
    return Vectors(questions, numbers, passages, numbers)


def test_training_brings_questions_to_their_passages_and_is_repeatable():
    chance = np.random.default_rng(0)
    passages = chance.normal(size=(60, 16)).astype(np.float32)
    passages /= np.linalg.norm(passages, axis=1, keepdims=True)
    mixed = passages @ chance.normal(size=(16, 16)).astype(np.float32) / 4 + passages
    questions = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)
    recipe = replace(Recipe(), steps=100, learning_rate=1e-2, most_articles=40)

    first, second = (
        train([vectors_of(questions, passages)], recipe, on_step=quiet) for _ in range(2)
    )

    def right(head):
        scores = head.apply(questions) @ head.apply(passages).T
        return float((scores.argmax(axis=1) == np.arange(60)).mean())

    assert np.array_equal(first.weight, second.weight)
    assert right(first) > right(first.weaken(0)) + 0.1


def test_a_layer_weakened_to_nothing_changes_no_vector():
    vectors = np.eye(4, dtype=np.float32)
    head = Head(np.ones((4, 4), dtype=np.float32), np.ones(4, dtype=np.float32))

    assert np.allclose(head.weaken(0).apply(vectors), vectors)
    assert np.allclose(np.linalg.norm(head.weaken(0.5).apply(vectors), axis=1), 1)


def _rounded_above_the_transformer(folder):
    """Name the nodes in int8 that come after the pooling: the learnt layer must not be one."""
    import onnx

    nodes = onnx.load(folder / "model.onnx").graph.node
    rounded = [one for one in nodes if one.op_type == "MatMulInteger"]
    assert rounded
    return [one.name for one in rounded if not one.name.startswith("/model/")]
